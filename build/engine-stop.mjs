import { existsSync } from 'node:fs';
import { engineHome } from './setup/private-engine/home.mjs';
import { stopPrivateEngine } from './setup/private-engine/stop.mjs';
import { SetupError, runMain, say } from './setup/say.mjs';

/** `npm run engine:stop`: ends the private engine that set-up started. Any other engine is left as it is. */
await runMain(async () => {
  const home = engineHome();
  if (!existsSync(home.folder)) {
    say(`no private engine was ever started here (${home.folder} does not exist)`);
    return 0;
  }
  if (process.getuid?.() !== 0) {
    throw new SetupError('the private engine belongs to root', 'run npm run engine:stop as root');
  }
  const done = await stopPrivateEngine(home);
  for (const line of done) say(line);
  if (done.length === 0) say('the private engine was not running');
  say(`its images and volumes stay in ${home.folder}; that folder can be deleted when they are not needed`);
  return 0;
});
