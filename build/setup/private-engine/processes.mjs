import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commandLineOf, processesWhere, waitForExit } from '../process-table.mjs';

/** @typedef {import('./home.mjs').EngineHome} EngineHome */

/**
 * The private engine's dockerd: alive, and started for our data root. A pid file alone proves nothing, pids are used again.
 * @param {EngineHome} home
 * @returns {number | undefined}
 */
export function findDaemon(home) {
  let pid;
  try {
    pid = Number(readFileSync(home.pidFile, 'utf8'));
  } catch {
    return undefined;
  }
  const args = Number.isInteger(pid) && pid > 1 ? commandLineOf(pid) : undefined;
  return args !== undefined && isDaemonOf(home, args) ? pid : undefined;
}

/** @param {EngineHome} home @param {string[]} args */
export function isDaemonOf(home, args) {
  return isProgram(args, 'dockerd') && args.includes(`--data-root=${home.dataRoot}`);
}

/** Every dockerd on this machine, whoever started it. */
export const findDaemons = () => processesWhere((args) => isProgram(args, 'dockerd'));

/** dockerd's own containerd, which outlives a dockerd that was killed. @param {EngineHome} home */
export function findContainerd(home) {
  const config = join(home.containerdFolder, 'containerd.toml');
  return processesWhere((args) => isProgram(args, 'containerd') && args.includes(config));
}

/** The processes that hold our running containers, which outlive a killed dockerd too. @param {EngineHome} home */
export function findShims(home) {
  const socket = join(home.containerdFolder, 'containerd.sock');
  return processesWhere((args) => /containerd-shim/.test(args[0] ?? '') && args.includes(socket));
}

/**
 * After a dockerd that was killed: ends the containerd that it left, and removes the files that would make the next one refuse to start.
 * Running containers stay: the next dockerd finds them and stops them as it should.
 * @param {EngineHome} home
 * @param {{ graceMs?: number }} [options] how long a process has after SIGTERM
 * @returns {Promise<number>} how many were ended
 */
export async function clearLeftovers(home, { graceMs = 5_000 } = {}) {
  const left = findContainerd(home);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGKILL'])) {
    for (const pid of left) endIf(pid, signal, () => findContainerd(home).includes(pid));
    if (await waitForExit(left, graceMs)) break;
  }
  rmSync(home.pidFile, { force: true });
  rmSync(join(home.containerdFolder, 'containerd.pid'), { force: true });
  return left.length;
}

/** Signals a process that is still the one we mean. @param {number} pid @param {NodeJS.Signals} signal @param {() => boolean} isOurs */
function endIf(pid, signal, isOurs) {
  try {
    if (isOurs()) process.kill(pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** @param {string[]} args @param {string} name */
function isProgram(args, name) {
  return args[0] === name || (args[0] ?? '').endsWith(`/${name}`);
}
