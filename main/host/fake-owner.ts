/** For tests: a process that tries to become the owner and says how it went; an owner then waits to be killed. */
import { acquireOwnership } from './ownership.ts';

const [, , stateFolder = '', socketPath = ''] = process.argv;
const outcome = await acquireOwnership({
  platform: process.platform,
  userId: process.getuid?.() ?? -1,
  stateFolder,
  socketPath,
});
if (!outcome.taken) outcome.accept((socket) => socket.destroy());
process.stdout.write(outcome.taken ? 'taken\n' : 'owner\n');
