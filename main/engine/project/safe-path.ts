import { constants, type Stats } from 'node:fs';
import { lstat, mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { failWith, hasCode, reasonOf } from '../failure.ts';

/**
 * Access to what lies in a project folder. The container can change all of it under us, so no component may be a
 * symlink, only regular files are read, and each access checks anew.
 *
 * Node has no `openat`. On Linux a folder is held open and its children are reached by `/proc/self/fd/N/name`, so that
 * a folder swapped for a symlink in between can't lead elsewhere. On other systems the path is compared before and after.
 */

/** A folder inside the project, held open. Close it after use. */
export interface ProjectFolder {
  /** The path to show. */
  readonly shownPath: string;
  /** The path by which to reach a child; good until `close`. */
  pathOf(name: string): string;
  /** Throws `config-symlink` where the folder is no longer the one that was opened. */
  assertUnchanged(): Promise<void>;
  /** Makes new and removed names in the folder durable, as far as the file system can. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a folder inside a project.
 * @param folder the project's canonical path
 * @param parts names of the folders on the way, for example `['.tazpod', 'vault']`
 * @param options `create` makes the missing ones (0777 less the umask)
 * @throws TazpodError `folder-not-found`, `folder-unreadable`, `config-missing`, `config-symlink`; other system errors where `create` fails
 */
export async function openProjectFolder(
  folder: string,
  parts: readonly string[],
  options: { readonly create?: boolean } = {},
): Promise<ProjectFolder> {
  let current = await openRoot(folder);
  for (const part of parts) {
    const parent = current;
    try {
      if (options.create === true) await makeFolder(parent.pathOf(part));
      current = await openChild(parent, part);
    } finally {
      await parent.close();
    }
  }
  return current;
}

/**
 * Opens a regular file inside a project for reading. The caller closes it.
 * @param parts names on the way, the file's own last, for example `['.tazpod', 'config.yaml']`
 * @throws TazpodError `folder-not-found`, `config-missing`, `config-symlink` (also for a FIFO, socket, device or folder), `folder-unreadable`
 */
export async function openProjectFile(folder: string, parts: readonly string[]): Promise<FileHandle> {
  const name = parts.at(-1) ?? '';
  const parent = await openProjectFolder(folder, parts.slice(0, -1));
  const shownPath = path.join(parent.shownPath, name);
  try {
    const before = await lstat(parent.pathOf(name));
    if (!before.isFile()) throw failWith('config-symlink', { path: shownPath });
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const handle = await open(parent.pathOf(name), flags);
    try {
      if (!isSameFile(before, await handle.stat())) throw failWith('config-symlink', { path: shownPath });
      await parent.assertUnchanged();
      return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw toAccessFailure(error, shownPath);
  } finally {
    await parent.close();
  }
}

/**
 * Reads a regular file inside a project, but not more than `maxBytes + 1` bytes: one more than allowed tells the caller
 * that there is too much.
 * @throws as `openProjectFile`
 */
export async function readProjectFile(folder: string, parts: readonly string[], maxBytes: number): Promise<Uint8Array> {
  const handle = await openProjectFile(folder, parts);
  try {
    // One byte more than allowed, so that the caller sees a file that is too large.
    const { size } = await handle.stat();
    const buffer = Buffer.alloc(Math.min(size, maxBytes) + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } catch (error) {
    throw toAccessFailure(error, path.join(folder, ...parts));
  } finally {
    await handle.close();
  }
}

async function openRoot(folder: string): Promise<ProjectFolder> {
  try {
    return await holdFolder(folder, folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) throw failWith('folder-not-found', { folder }, error);
    throw toAccessFailure(error, folder);
  }
}

async function openChild(parent: ProjectFolder, name: string): Promise<ProjectFolder> {
  const shownPath = path.join(parent.shownPath, name);
  try {
    const child = await holdFolder(parent.pathOf(name), shownPath);
    try {
      await parent.assertUnchanged();
      return child;
    } catch (error) {
      await child.close();
      throw error;
    }
  } catch (error) {
    throw toAccessFailure(error, shownPath);
  }
}

/** Opens the folder itself, not what a symlink in its place names. */
async function holdFolder(location: string, shownPath: string): Promise<ProjectFolder> {
  const before = await lstat(location);
  if (!before.isDirectory()) throw failWith('config-symlink', { path: shownPath });
  if (process.platform !== 'linux') return toComparedFolder(shownPath, before);
  const handle = await open(location, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  return {
    shownPath,
    pathOf: (name) => `/proc/self/fd/${handle.fd}/${name}`,
    assertUnchanged: async () => {},
    sync: () => handle.sync().catch(() => {}),
    close: () => handle.close(),
  };
}

function toComparedFolder(shownPath: string, before: Stats): ProjectFolder {
  return {
    shownPath,
    pathOf: (name) => path.join(shownPath, name),
    assertUnchanged: async () => {
      const now = await lstat(shownPath);
      if (!isSameFile(before, now)) throw failWith('config-symlink', { path: shownPath });
    },
    sync: async () => {
      const handle = await open(shownPath, constants.O_RDONLY).catch(() => null);
      await handle?.sync().catch(() => {});
      await handle?.close();
    },
    close: async () => {},
  };
}

async function makeFolder(location: string): Promise<void> {
  try {
    await mkdir(location);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

function isSameFile(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino && one.mode >> 12 === other.mode >> 12;
}

/** ENOTDIR and ELOOP are what a symlink in the place of a folder or file gives; ENXIO is a socket or a FIFO. */
function toAccessFailure(error: unknown, shownPath: string): unknown {
  if (hasCode(error, 'ENOENT')) return failWith('config-missing', { file: shownPath }, error);
  if (hasCode(error, 'ENOTDIR', 'ELOOP', 'ENXIO', 'EISDIR'))
    return failWith('config-symlink', { path: shownPath }, error);
  if (error instanceof Error && 'syscall' in error) {
    return failWith('folder-unreadable', { folder: shownPath, reason: reasonOf(error) }, error);
  }
  return error;
}
