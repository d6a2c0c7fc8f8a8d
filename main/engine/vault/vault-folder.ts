import { constants, lstatSync, renameSync, type BigIntStats } from 'node:fs';
import { link, lstat, open, readdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { failWith, failureOf, hasCode } from '../failure.ts';
import { openProjectFolder, type ProjectFolder } from '../project/safe-path.ts';
import { maxVaultFileBytes } from './limits.ts';
import { sliceBytes } from './pace.ts';
import { copyKindOf, toCopyName, toTemporaryName, vaultParts, type CopyKind } from './vault-names.ts';
import { inStep } from './write-failure.ts';

/** Which bytes stand under a name: changes with every write, rename and change of mode or links. */
export type FileIdentity = string;

/** A file read as a whole. */
export interface ReadFile {
  readonly bytes: Uint8Array;
  readonly identity: FileIdentity;
  /** Milliseconds since the Unix epoch. */
  readonly modifiedAtMs: number;
}

/** Opens the vault's folder; null where there is none. @throws TazpodError as `openProjectFolder` */
export async function openVaultFolder(folder: string): Promise<ProjectFolder | null> {
  try {
    return await openProjectFolder(folder, vaultParts);
  } catch (error) {
    if (failureOf(error).code === 'config-missing') return null;
    throw error;
  }
}

/** Opens the vault's folder, and makes it where it is missing. */
export async function makeVaultFolder(folder: string): Promise<ProjectFolder> {
  return await inStep(folder, 'make the folder', () => openProjectFolder(folder, vaultParts, { create: true }));
}

/** Device and inode of a folder that is held open. */
export async function identityOfFolder(inner: ProjectFolder): Promise<string> {
  const { dev, ino } = await lstat(inner.pathOf('.'), { bigint: true });
  return `${dev}:${ino}`;
}

/**
 * Throws where the project's path no longer leads to the folder that was written to: it was moved or replaced meanwhile.
 * @throws TazpodError `vault-folder-changed`
 */
export async function assertSameFolder(folder: string, inner: ProjectFolder): Promise<void> {
  const now = await openVaultFolder(folder).catch(() => null);
  try {
    if (now !== null && (await identityOfFolder(now)) === (await identityOfFolder(inner))) return;
  } finally {
    await now?.close();
  }
  throw failWith('vault-folder-changed', { folder, reason: 'it was moved, removed or replaced' });
}

/** The identity of what stands under a name; null for nothing. @throws TazpodError `config-symlink` */
export async function identityOf(inner: ProjectFolder, name: string): Promise<FileIdentity | null> {
  try {
    return toIdentity(inner, name, await lstat(inner.pathOf(name), { bigint: true }));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Size and time of what stands under a name; null for nothing. @throws TazpodError `config-symlink` */
export async function factsOf(
  inner: ProjectFolder,
  name: string,
): Promise<{ readonly sizeBytes: number; readonly modifiedAtMs: number } | null> {
  if ((await identityOf(inner, name)) === null) return null;
  try {
    const { size, mtimeMs } = await lstat(inner.pathOf(name));
    return { sizeBytes: size, modifiedAtMs: Math.floor(mtimeMs) };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function toIdentity(inner: ProjectFolder, name: string, stats: BigIntStats): FileIdentity {
  if (!stats.isFile()) throw failWith('config-symlink', { path: path.join(inner.shownPath, name) });
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
}

/**
 * Reads a regular file of the folder.
 * @returns null where there is none; a file beyond `maxVaultFileBytes` is cut there, which no tag survives
 * @throws TazpodError `config-symlink`; system errors
 */
export async function readWhole(inner: ProjectFolder, name: string): Promise<ReadFile | null> {
  if ((await identityOf(inner, name)) === null) return null;
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(inner.pathOf(name), flags).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
    if (hasCode(error, 'ELOOP', 'ENXIO')) throw failWith('config-symlink', { path: path.join(inner.shownPath, name) });
    throw error;
  });
  if (handle === null) return null;
  try {
    const stats = await handle.stat({ bigint: true });
    const identity = toIdentity(inner, name, stats);
    const bytes = new Uint8Array(Math.min(Number(stats.size), maxVaultFileBytes));
    let at = 0;
    while (at < bytes.length) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(bytes.length - at, 4 * sliceBytes));
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return { bytes: bytes.subarray(0, at), identity, modifiedAtMs: Number(stats.mtimeNs / 1_000_000n) };
  } finally {
    await handle.close();
  }
}

/**
 * Writes a new file (O_EXCL, O_NOFOLLOW, 0600), flushes it and gives it to `prove`; it stays under its temporary name.
 * @returns the temporary name
 */
export async function writeNewFile(
  folder: string,
  inner: ProjectFolder,
  name: string,
  bytes: Uint8Array,
  prove: (readBack: Uint8Array) => Promise<void>,
  temporary = toTemporaryName(name),
): Promise<string> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const handle = await inStep(folder, 'create the new file', () => open(inner.pathOf(temporary), flags, 0o600));
  try {
    try {
      await inStep(folder, 'write the new file', () => writeAll(handle, bytes));
      await inStep(folder, 'flush the new file', () => handle.sync());
    } finally {
      await handle.close();
    }
    await inStep(folder, 'read the new file back', async () => {
      const readBack = await readWhole(inner, temporary);
      if (readBack === null) throw new Error('it is gone');
      await prove(readBack.bytes);
    });
    return temporary;
  } catch (error) {
    await removeTemporary(inner, temporary);
    throw error;
  }
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, at, Math.min(bytes.length - at, 4 * sliceBytes), at);
    if (bytesWritten === 0) throw new Error('the disk took no more bytes');
    at += bytesWritten;
  }
}

/** What can't be removed now goes at the next opening; the failure that led here is the one to tell. */
export async function removeTemporary(inner: ProjectFolder, temporary: string): Promise<void> {
  await unlink(inner.pathOf(temporary)).catch(() => {});
}

/**
 * Gives the new file its name if `expected` still stands there. Looked at and renamed in one go, without a turn of the
 * event loop between, since no system call does both.
 * @returns false where something else stands there by now
 */
export function renameOver(
  inner: ProjectFolder,
  temporary: string,
  name: string,
  expected: FileIdentity | null,
): boolean {
  const target = inner.pathOf(name);
  const stats = lstatSync(target, { bigint: true, throwIfNoEntry: false });
  const found = stats === undefined ? null : toIdentity(inner, name, stats);
  if (found !== expected) return false;
  renameSync(inner.pathOf(temporary), target);
  return true;
}

/** Gives what stands under `name` a second name that stays. @returns that name; null where nothing stands there by now */
export async function keepCopy(
  folder: string,
  inner: ProjectFolder,
  name: string,
  kind: CopyKind,
  atMs: number,
): Promise<string | null> {
  return await inStep(folder, 'keep the other file', async () => {
    for (let n = 1; ; n += 1) {
      const copyName = toCopyName(kind, atMs, n);
      try {
        await link(inner.pathOf(name), inner.pathOf(copyName));
        return copyName;
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null;
        if (hasCode(error, 'EEXIST')) continue;
        if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) throw error;
        return await copyWithoutLinks(folder, inner, name, copyName);
      }
    }
  });
}

/** A file system without hard links, such as exFAT. */
async function copyWithoutLinks(
  folder: string,
  inner: ProjectFolder,
  name: string,
  copyName: string,
): Promise<string | null> {
  const current = await readWhole(inner, name);
  if (current === null) return null;
  const temporary = await writeNewFile(folder, inner, name, current.bytes, async () => {});
  renameSync(inner.pathOf(temporary), inner.pathOf(copyName));
  return copyName;
}

/** Makes the new names durable. Only file systems that can't flush a folder are let off. */
export async function flushFolder(folder: string, inner: ProjectFolder): Promise<void> {
  if (process.platform === 'win32') return;
  await inStep(folder, 'flush the folder', async () => {
    const handle = await open(inner.pathOf('.'), constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      await handle.sync();
    } catch (error) {
      if (!hasCode(error, 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
    } finally {
      await handle.close();
    }
  });
}

/** Names of the copies that were kept, oldest first. */
export async function listCopies(inner: ProjectFolder): Promise<readonly string[]> {
  const names = await readdir(inner.pathOf('.'));
  return names.filter((name) => copyKindOf(name) !== null).toSorted();
}
