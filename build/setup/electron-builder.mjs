import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/**
 * Runs electron-builder in a process of its own. In ours, its exit hooks would end `npm test` with code 0 whatever
 * failed, and take Ctrl-C away from us.
 * @param {import('electron-builder').CliOptions} options
 * @returns {Promise<string[]>} the files that it made
 * @throws {Error} it failed, in its own words
 */
export async function runElectronBuilder(options) {
  const child = fork(fileURLToPath(import.meta.url), ['--child'], { execArgv: [], stdio: ['ignore', 2, 2, 'ipc'] });
  /** @type {Answer | undefined} */
  let answer;
  child.on('message', (message) => (answer = /** @type {Answer} */ (message)));
  const ended = once(child, 'exit');
  child.send(options);
  const [code, signal] = /** @type {[number | null, string | null]} */ (await ended);
  if (answer === undefined) throw new Error(`electron-builder ended with ${signal ?? `exit code ${code}`}`);
  if ('failure' in answer) throw new Error(answer.failure);
  return answer.made;
}

/** @typedef {{ made: string[] } | { failure: string }} Answer */

if (process.argv[2] === '--child' && process.send !== undefined) {
  const { build } = await import('electron-builder');
  const [options] = /** @type {[import('electron-builder').CliOptions]} */ (await once(process, 'message'));
  /** @type {Answer} */
  const answer = await build(options).then(
    (made) => ({ made }),
    (/** @type {unknown} */ error) => ({ failure: error instanceof Error ? error.message : String(error) }),
  );
  process.send(answer);
  process.disconnect();
}
