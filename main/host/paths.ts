import { createHash } from 'node:crypto';
import path from 'node:path';
import type { HostSurroundings } from './surroundings.ts';

/**
 * Where the host process keeps its state and its socket: pure functions, so that command line, app and agent find the
 * same place without asking each other.
 *
 * Same surroundings, same answer. Where they differ (cron has no XDG_RUNTIME_DIR), the owner's record in the state
 * folder settles it: see host-record.ts.
 */

/** A socket's path holds 104 bytes with its NUL on macOS, 108 on Linux; this leaves room on both. */
export const maxSocketPathBytes = 99;

/** A folder that may hold the socket. */
export interface RuntimeFolder {
  readonly folder: string;
  /**
   * True where the folder around it must be ours too. `su` keeps XDG_RUNTIME_DIR of the first user: making a folder of
   * root's there would shut that user out.
   */
  readonly parentMustBeOurs: boolean;
}

/** The folder for registry, trust, install id and log. `TAZPOD_STATE_DIR` gives an isolated profile its own. */
export function toStateFolder({ platform, environment, homeFolder }: HostSurroundings): string {
  const own = environment['TAZPOD_STATE_DIR'];
  if (own !== undefined && own !== '') return pathFor(platform).resolve(own);
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'];
    return path.win32.join(absolute(local, platform) ?? path.win32.join(homeFolder, 'AppData', 'Local'), 'TazPod');
  }
  if (platform === 'darwin') return path.posix.join(homeFolder, 'Library', 'Application Support', 'TazPod');
  const state = absolute(environment['XDG_STATE_HOME'], platform) ?? path.posix.join(homeFolder, '.local', 'state');
  return path.posix.join(state, 'tazpod');
}

/** Folders that may hold the socket, the wanted one first. None on Windows, where pipes have no folder. */
export function toRuntimeFolders(surroundings: HostSurroundings): readonly RuntimeFolder[] {
  const { platform, environment, userId, temporaryFolder } = surroundings;
  if (platform === 'win32') return [];
  const name = `tazpod-${userId}`;
  const runtime = absolute(environment['XDG_RUNTIME_DIR'], platform);
  const shared = [path.posix.join(temporaryFolder, name), path.posix.join('/tmp', name)];
  return [
    ...(runtime === null ? [] : [{ folder: path.posix.join(runtime, 'tazpod'), parentMustBeOurs: true }]),
    ...[...new Set(shared)].map((folder) => ({ folder, parentMustBeOurs: false })),
  ];
}

/**
 * 16 hex digits that name this installation's socket: one state folder is one installation. The install id itself is
 * not asked, since it has to be read by the engine core, which only the owner may start.
 * @param stateFolder canonical, so that a symbolic link to it does not make a second host
 */
export function toHostKey(userId: number, stateFolder: string): string {
  return createHash('sha256').update(`tazpod-host\0${userId}\0${stateFolder}`).digest('hex').slice(0, 16);
}

/** The socket in a runtime folder; may be too long, see `isSocketPathTooLong`. */
export function toSocketPath(runtimeFolder: string, hostKey: string): string {
  return path.posix.join(runtimeFolder, `${hostKey}.sock`);
}

/** The pipe that takes the socket's place on Windows. */
export function toPipeName(hostKey: string): string {
  return `\\\\.\\pipe\\tazpod-${hostKey}`;
}

/** Whether the kernel would cut or refuse this path. Bytes count, not characters. */
export function isSocketPathTooLong(socketPath: string): boolean {
  return Buffer.byteLength(socketPath) > maxSocketPathBytes;
}

function pathFor(platform: NodeJS.Platform): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix;
}

/** The XDG specification wants relative paths ignored. */
function absolute(folder: string | undefined, platform: NodeJS.Platform): string | null {
  return folder !== undefined && pathFor(platform).isAbsolute(folder) ? folder : null;
}
