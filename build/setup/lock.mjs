import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isAlive, startTimeOf } from './process-table.mjs';
import { SetupError, say } from './say.mjs';

/**
 * Runs `work` while this process alone holds the lock file; others wait. A lock whose process has died is taken over.
 * @template T
 * @param {string} path
 * @param {string} doing what the holder does, for the line that a waiting process prints
 * @param {() => Promise<T>} work
 * @param {{ timeoutMs?: number }} [options] how long to wait for another holder
 * @returns {Promise<T>}
 */
export async function withLock(path, doing, work, { timeoutMs = 15 * 60_000 } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const deadline = Date.now() + timeoutMs;
  let waiting = false;
  while (!tryLock(path)) {
    const holder = readLock(path);
    if (holder !== undefined && !holder.alive) {
      removeStale(path, holder.text);
      continue;
    }
    if (!waiting) say(`waiting for process ${holder?.pid ?? '?'} to ${doing}`);
    waiting = true;
    if (Date.now() > deadline) {
      throw new SetupError(
        `process ${holder?.pid ?? '?'} still holds ${path}`,
        'end that process if it hangs, then try again',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Creates the lock whole or not at all: written beside it first, since a reader must never see it empty. @param {string} path */
function tryLock(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${startTimeOf(process.pid) ?? '-'}`);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(own);
  }
}

/** @param {string} path */
function readLock(path) {
  try {
    const text = readFileSync(path, 'utf8');
    const [pid = 0, started] = text.split(' ').map((part, index) => (index === 0 ? Number(part) : part));
    const number = Number(pid);
    return { text, pid: number, alive: isAlive(number) && (started === '-' || startTimeOf(number) === started) };
  } catch {
    return undefined;
  }
}

/**
 * Moves a dead process's lock away. Two processes may find it dead at once, and the slower one could move the faster one's fresh lock:
 * what was moved is looked at, and put back where it is another.
 * @param {string} path @param {string} staleText
 */
function removeStale(path, staleText) {
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== staleText) linkSync(aside, path);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}
