import { processIo } from '../process-io.ts';

/** Asks for a line that is not shown, on the real terminal of this process, and tells what came; `signal` ends it in the middle. */
const answer = processIo().input.askHidden('question? ');
if (process.argv[2] === 'signal') process.kill(process.pid, 'SIGTERM');
const line = await answer;
process.stdout.write(line === null ? 'answer=none\n' : `answer=${Buffer.from(line).toString('hex')}\n`);
process.exit(0);
