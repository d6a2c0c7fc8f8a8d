import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { failWith, hasCode } from '../../failure.ts';
import type { ProjectFolder } from '../../project/safe-path.ts';
import type { RemoteVersion } from '../version.ts';
import { fromHistoryFile, toContentHash, toHistoryFile, toVaultId } from './names.ts';

/** What lies beside each version, as `<name>.json`. */
const noteSchema = v.object({
  version: v.literal(1),
  contentHash: v.nullable(
    v.pipe(
      v.string(),
      v.check((text) => toContentHash(text) !== null),
    ),
  ),
  vaultId: v.nullable(
    v.pipe(
      v.string(),
      v.check((text) => toVaultId(text) !== null),
    ),
  ),
  machine: v.nullable(v.pipe(v.string(), v.maxLength(255))),
  timeMs: v.pipe(v.number(), v.safeInteger()),
  /** Names of the versions that it follows. */
  parents: v.array(v.string()),
  sizeBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  /** SHA-256 of the encrypted file. */
  fileHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** false: a copy that was put aside and was never the latest. */
  isVersion: v.boolean(),
});

/** The note of one version or copy. */
export type VersionNote = v.InferOutput<typeof noteSchema>;

/** A version or copy that is there as a whole. */
export interface FolderVersion extends VersionNote {
  readonly name: string;
}

const maxNoteBytes = 64 * 1024;
const noteExtension = '.json';

/** File name of the note of a version. */
export function toNoteFile(name: string): string {
  return `${name}${noteExtension}`;
}

/** SHA-256, 64 hex digits. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Reads the notes of a history folder. A version whose file or note has not arrived yet (a folder that another program
 * carries between machines) is left out.
 * @param history held open
 * @throws TazpodError `config-symlink`; system errors
 */
export async function readVersions(history: ProjectFolder): Promise<readonly FolderVersion[]> {
  const all: FolderVersion[] = [];
  for (const file of await readdir(history.pathOf('.'))) {
    const entry = fromHistoryFile(file);
    if (entry === null) continue;
    const note = await readNote(history, toNoteFile(entry.name));
    if (note === null || (await sizeOf(history.pathOf(toHistoryFile(entry.name)))) !== note.sizeBytes) continue;
    all.push({ ...note, name: entry.name });
  }
  return all.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

async function readNote(history: ProjectFolder, file: string): Promise<VersionNote | null> {
  const text = await readSmall(history, file);
  if (text === null) return null;
  try {
    return v.parse(noteSchema, JSON.parse(text));
  } catch {
    // Half arrived, or not ours: such a version is not there for us.
    return null;
  }
}

/** The folder is held open, so only the last name can be a link: opening refuses that. */
async function readSmall(history: ProjectFolder, file: string): Promise<string | null> {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let handle: FileHandle;
  try {
    handle = await open(history.pathOf(file), flags);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    if (hasCode(error, 'ELOOP')) throw failWith('config-symlink', { path: path.join(history.shownPath, file) }, error);
    throw error;
  }
  try {
    const stats = await handle.stat();
    return stats.isFile() && stats.size <= maxNoteBytes ? await handle.readFile('utf8') : null;
  } finally {
    await handle.close();
  }
}

async function sizeOf(location: string): Promise<number | null> {
  try {
    return (await lstat(location)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** The versions that nothing follows, oldest first: one, or several where two machines pushed without seeing each other. */
export function headsOf(versions: readonly FolderVersion[]): readonly FolderVersion[] {
  const followed = new Set(versions.flatMap(({ parents }) => parents));
  return versions.filter(({ name, isVersion }) => isVersion && !followed.has(name));
}

/** The heads as one remote version, the newest speaking for all; null where there is none. */
export function toRemoteVersion(heads: readonly FolderVersion[]): RemoteVersion | null {
  const newest = heads.at(-1);
  if (newest === undefined) return null;
  const { contentHash, vaultId, machine, timeMs, sizeBytes, parents } = newest;
  const contents = new Set(heads.map((head) => head.contentHash ?? head.fileHash));
  const etag = heads.map(({ name }) => name).join('+');
  return { etag, contentHash, vaultId, machine, timeMs, sizeBytes, parents, isForked: contents.size > 1 };
}

/** The versions that an etag of `toRemoteVersion` names. */
export function toParents(etag: string): readonly string[] {
  return etag.split('+').filter((name) => fromHistoryFile(toHistoryFile(name)) !== null);
}
