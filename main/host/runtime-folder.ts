import { lstat, mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { toFailure, type Failure } from '../../preload/contract/errors.ts';
import type { Result } from '../../preload/contract/parse.ts';
import { hasCode, reasonOf } from '../engine/failure.ts';
import { makeFolder } from '../engine/make-folder.ts';
import {
  isSocketPathTooLong,
  maxSocketPathBytes,
  toHostKey,
  toPipeName,
  toRuntimeFolders,
  toSocketPath,
  type RuntimeFolder,
} from './paths.ts';
import type { HostSurroundings } from './surroundings.ts';

/** Makes the state folder (0700) where it is not there and gives its canonical path. */
export async function prepareStateFolder(folder: string): Promise<Result<string>> {
  try {
    await makeFolder(folder);
    return { ok: true, value: await realpath(folder) };
  } catch (error) {
    return { ok: false, failure: toFailure('state-write-failed', { file: folder, reason: reasonOf(error) }) };
  }
}

/**
 * Why a folder can't hold the socket, or null if it can: it must be a folder, ours, and closed to everyone else, since
 * whoever can write there could put a socket of his own in our place.
 */
export async function findFolderFault(folder: string, userId: number): Promise<string | null> {
  try {
    const stats = await lstat(folder);
    if (stats.isSymbolicLink()) return 'it is a symbolic link';
    if (!stats.isDirectory()) return 'it is not a folder';
    if (stats.uid !== userId) return `it belongs to user ${stats.uid}`;
    const mode = stats.mode & 0o777;
    return mode === 0o700 ? null : `its mode is ${mode.toString(8)} instead of 700`;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Makes a runtime folder (0700) and checks it; never mends one that is already there. */
async function makeRuntimeFolder({ folder, parentMustBeOurs }: RuntimeFolder, userId: number): Promise<string | null> {
  try {
    if (parentMustBeOurs && (await lstat(path.dirname(folder))).uid !== userId)
      return 'the folder around it is not ours';
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) return reasonOf(error);
  }
  return findFolderFault(folder, userId);
}

/**
 * Chooses the socket of the host to be: the first runtime folder that is usable and short enough.
 * @param stateFolder canonical
 * @returns the path, or `runtime-folder-unusable` or `socket-path-too-long`, told of the folder wanted most
 */
export async function chooseSocketPath(surroundings: HostSurroundings, stateFolder: string): Promise<Result<string>> {
  const key = toHostKey(surroundings.userId, stateFolder);
  if (surroundings.platform === 'win32') return { ok: true, value: toPipeName(key) };
  const failures: Failure[] = [];
  for (const candidate of toRuntimeFolders(surroundings)) {
    const socketPath = toSocketPath(candidate.folder, key);
    if (isSocketPathTooLong(socketPath)) {
      failures.push(toFailure('socket-path-too-long', { path: socketPath, maxBytes: maxSocketPathBytes }));
      continue;
    }
    const reason = await makeRuntimeFolder(candidate, surroundings.userId);
    if (reason === null) return { ok: true, value: socketPath };
    failures.push(toFailure('runtime-folder-unusable', { folder: candidate.folder, reason }));
  }
  const failure = failures[0] ?? toFailure('internal', { reason: 'no runtime folder to choose from' });
  return { ok: false, failure };
}

/**
 * Where a running host may be listening, for clients: every place it could have chosen, none of them made. A folder that
 * is not safe is left out, so that no client talks to a stranger's socket.
 */
export async function findSocketPaths(
  surroundings: HostSurroundings,
  stateFolder: string,
  recorded: string | null,
): Promise<readonly string[]> {
  const key = toHostKey(surroundings.userId, stateFolder);
  if (surroundings.platform === 'win32') return [toPipeName(key)];
  const computed = toRuntimeFolders(surroundings).map(({ folder }) => toSocketPath(folder, key));
  const wanted = [...new Set(recorded === null ? computed : [recorded, ...computed])];
  const faults = await Promise.all(
    wanted.map((socketPath) => findFolderFault(path.dirname(socketPath), surroundings.userId)),
  );
  return wanted.filter((socketPath, index) => faults[index] === null && !isSocketPathTooLong(socketPath));
}
