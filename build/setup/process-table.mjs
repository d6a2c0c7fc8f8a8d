import { readdirSync, readFileSync } from 'node:fs';

/**
 * The arguments of a live process, or undefined: there is none, it is a zombie, or this system has no /proc.
 * @param {number} pid
 * @returns {string[] | undefined}
 */
export function commandLineOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return text === '' ? undefined : text.replace(/\0$/, '').split('\0');
  } catch {
    return undefined;
  }
}

/**
 * When a process was started, in the kernel's ticks since boot: with the pid it names one process for good, since pids are used again.
 * @param {number} pid
 * @returns {string | undefined} undefined where there is no such process or no /proc
 */
export function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22; the name in field 2 may hold spaces and brackets, so count from its closing one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Whether a process runs; signal 0 only asks. @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || commandLineOf(pid) !== undefined;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Every process whose command line the predicate accepts.
 * @param {(args: string[]) => boolean} accepts
 * @returns {number[]}
 */
export function processesWhere(accepts) {
  /** @type {number[]} */
  const found = [];
  for (const name of readdirSync('/proc')) {
    const args = /^\d+$/.test(name) ? commandLineOf(Number(name)) : undefined;
    if (args !== undefined && accepts(args)) found.push(Number(name));
  }
  return found;
}

/**
 * Waits until none of the processes runs; a child of someone else's has no event to await, so this looks every 100 ms.
 * @param {readonly number[]} pids
 * @param {number} timeoutMs
 * @returns {Promise<boolean>} false when the time was over first
 */
export async function waitForExit(pids, timeoutMs) {
  const deadline = Date.now() + timeoutMs;
  while (pids.some(isAlive)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}
