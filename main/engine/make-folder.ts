import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { hasCode } from './failure.ts';

/**
 * Makes a private folder (0700) and its missing parents; one that is there stays as it is. Node's own recursive mkdir
 * never ends below /proc, which answers ENOENT whatever parent exists.
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    const parent = path.dirname(folder);
    if (!hasCode(error, 'ENOENT') || parent === folder) throw error;
    await makeFolder(parent);
    await mkdir(folder, { mode: 0o700 });
  }
}
