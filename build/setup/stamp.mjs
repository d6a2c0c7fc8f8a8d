import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** @typedef {{ path: string, mtimeMs: number, size: number }} Source */

/**
 * A short name for the state of a set of source files: it changes when one is added, removed, renamed or written.
 * @param {readonly Source[]} sources in any order
 */
export function stampOf(sources) {
  const lines = sources.map(({ path, mtimeMs, size }) => JSON.stringify([path, mtimeMs, size])).toSorted();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

/** Whether a file below a source folder ends up in the build: tests and notes do not. @param {string} path */
export function isBuilt(path) {
  return !/\.test\.ts$|\.md$|(^|\/)\./.test(path);
}

/**
 * Every file that the build reads, below the given files and folders of the project.
 * @param {string} root @param {readonly string[]} entries relative to root
 * @returns {Source[]}
 */
export function listSources(root, entries) {
  return entries.flatMap((entry) => {
    const status = statSync(join(root, entry), { throwIfNoEntry: false });
    if (status === undefined) return [];
    if (!status.isDirectory())
      return isBuilt(entry) ? [{ path: entry, mtimeMs: status.mtimeMs, size: status.size }] : [];
    return listSources(
      root,
      readdirSync(join(root, entry)).map((name) => `${entry}/${name}`),
    );
  });
}
