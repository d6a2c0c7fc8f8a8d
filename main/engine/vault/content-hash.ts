import { createHash } from 'node:crypto';
import type { ArchiveMember } from './member.ts';
import { slicesOf, startPace } from './pace.ts';

/**
 * SHA-256 of what a vault holds, 64 hex digits: for each member in the order of its path the path, type, permission bits,
 * size and bytes. Times and owners do not count, so packing the same files again gives the same hash.
 * @param members sorted by path
 */
export async function hashContent(members: readonly ArchiveMember[]): Promise<string> {
  const hash = createHash('sha256');
  const pace = startPace();
  for (const { path, type, mode, bytes, target } of members) {
    // No path or target holds a NUL, and sizes come before bytes: no two lists give the same text.
    hash.update(`${path}\0${type}\0${mode.toString(8)}\0${target}\0${bytes.length}\0`);
    for (const slice of slicesOf(bytes)) {
      hash.update(slice);
      await pace();
    }
    await pace();
  }
  return hash.digest('hex');
}

/** SHA-256 of a file's bytes, 64 hex digits. */
export async function hashBytes(bytes: Uint8Array): Promise<string> {
  const hash = createHash('sha256');
  const pace = startPace();
  for (const slice of slicesOf(bytes)) {
    hash.update(slice);
    await pace();
  }
  return hash.digest('hex');
}
