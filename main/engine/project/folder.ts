import { constants } from 'node:fs';
import { access, lstat, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { failWith, hasCode, reasonOf } from '../failure.ts';
import { refusalOf, type FolderFacts } from './refused-folders.ts';

/**
 * Turns what a person named into a project's canonical folder.
 * @param input an absolute path; symlinks in its parents are resolved without a word, its last component may be none
 * @returns the canonical path
 * @throws TazpodError `folder-not-found`, `folder-not-directory`, `folder-is-symlink`, `folder-refused`, `folder-unreadable`
 */
export async function resolveProjectFolder(input: string, facts: FolderFacts): Promise<string> {
  const pathOfPlatform = facts.platform === 'win32' ? path.win32 : path.posix;
  if (!pathOfPlatform.isAbsolute(input)) {
    throw failWith('folder-refused', { folder: input, reason: 'its path is not absolute' });
  }
  // Without a slash or dot at the end, so that the last component itself is looked at, not what it names.
  const named = pathOfPlatform.resolve(input);
  const isSymlink = await lstat(named).then(
    (stats) => stats.isSymbolicLink(),
    (error: unknown) => failToLook(named, error),
  );
  const folder = await realpath(named).catch((error: unknown) => failToLook(named, error));
  if (isSymlink) throw failWith('folder-is-symlink', { folder: named, target: folder });
  const stats = await stat(folder).catch((error: unknown) => failToLook(folder, error));
  if (!stats.isDirectory()) throw failWith('folder-not-directory', { folder });
  const reason = refusalOf(folder, facts);
  if (reason !== null) throw failWith('folder-refused', { folder, reason });
  return folder;
}

/**
 * Checks that files can be made in a folder.
 * @throws TazpodError `folder-not-writable`, `folder-not-found`
 */
export async function assertFolderWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw failWith('folder-not-found', { folder }, error);
    throw failWith('folder-not-writable', { folder }, error);
  }
}

/**
 * Looks whether a registered folder is still there. A path that now leads elsewhere, by a symlink somewhere on the way,
 * counts as missing.
 * @param folder canonical path, as it was registered
 */
export async function checkFolder(folder: string): Promise<'present' | 'missing' | 'unreadable'> {
  try {
    if ((await realpath(folder)) !== folder || !(await stat(folder)).isDirectory()) return 'missing';
    await access(folder, constants.R_OK | constants.X_OK);
    return 'present';
  } catch (error) {
    return hasCode(error, 'ENOENT', 'ENOTDIR', 'ELOOP') ? 'missing' : 'unreadable';
  }
}

function failToLook(folder: string, error: unknown): never {
  if (hasCode(error, 'ENOENT', 'ENOTDIR')) throw failWith('folder-not-found', { folder }, error);
  throw failWith('folder-unreadable', { folder, reason: reasonOf(error) }, error);
}
