import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupError } from './say.mjs';

/** @typedef {{ code: number, stdout: string, failure: string | undefined }} Finished */

/** The signal that asked this process to end while a program ran. @type {NodeJS.Signals | undefined} */
let interruption;

/**
 * Runs a program to its end. Its stderr is passed on, its stdout is captured, or passed on to stderr with `show`.
 * A program that can't be started is exit code 127 with the reason in `failure`; one ended by a signal is 128 + the signal's number.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean, quiet?: boolean }} [options] quiet: stderr is dropped
 * @returns {Promise<Finished>} rejects once the program has ended after a signal to this process: what comes next must not run
 */
export async function run(command, args, { cwd, env, show = false, quiet = false } = {}) {
  // npm is a .cmd file on Windows, which only a shell starts; its arguments are all constants of ours.
  const shell = process.platform === 'win32' && command === 'npm';
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    shell,
    stdio: ['ignore', show ? 2 : 'pipe', quiet ? 'ignore' : 2],
  });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stdout += text));
  const { code, failure } = await endOf(child);
  throwIfInterrupted();
  return { code, stdout, failure };
}

/**
 * Runs a program in the foreground, on our own stdin, stdout and stderr, and resolves to its exit code.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} as of `run`
 */
export async function runForeground(command, args, options = {}) {
  const { code, failure } = await endOf(spawn(command, args, { ...options, stdio: 'inherit' }));
  if (failure !== undefined)
    throw new SetupError(`${command} does not start: ${failure}`, 'delete node_modules, then try again');
  return code;
}

/** For work in several steps: the program that a signal ended must not be followed by the next one. */
export function throwIfInterrupted() {
  if (interruption === undefined) return;
  const code = 128 + constants.signals[interruption];
  throw new SetupError(`interrupted by ${interruption}`, 'run the same command again to go on', code);
}

/**
 * Waits for a program to end. Signals to this process go to the program, and this process lives on to tidy up after it.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number, failure: string | undefined }>}
 */
function endOf(child) {
  const signals = /** @type {const} */ (['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP']);
  const onSignal = (/** @type {NodeJS.Signals} */ signal) => {
    interruption = signal;
    // A terminal sends Ctrl-C and Ctrl-\ to the program itself; passing them on would send them twice.
    const fromTerminal = process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT');
    if (!fromTerminal) child.kill(signal);
  };
  for (const signal of signals) process.on(signal, onSignal);
  return new Promise((resolve) => {
    const end = (/** @type {number} */ code, /** @type {string | undefined} */ failure) => {
      for (const signal of signals) process.off(signal, onSignal);
      resolve({ code, failure });
    };
    child.on('error', (error) => end(127, error.message));
    // As a shell says it.
    child.on('close', (code, signal) =>
      end(code ?? 128 + (signal === null ? 0 : constants.signals[signal]), undefined),
    );
  });
}
