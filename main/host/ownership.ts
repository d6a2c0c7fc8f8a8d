import { randomBytes } from 'node:crypto';
import { chmod, lstat, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { failWith, hasCode, reasonOf } from '../engine/failure.ts';
import { maxClients } from './limits.ts';
import { takeMutex, waitForMutex, type Mutex } from './mutex.ts';
import { toHostKey } from './paths.ts';
import { makePrivateFileOnce } from './private-file.ts';

/** This process is the host: it alone listens on the socket. */
export interface Ownership {
  readonly taken: false;
  readonly socketPath: string;
  /** Hands over connections, those that came early first. They are paused; whoever takes one resumes it. */
  accept(handler: (socket: Socket) => void): void;
  /** Takes no more connections and removes the socket; still the owner, so that no other host begins. */
  stopListening(): void;
  /** Lets the next owner in. Connections that were handed over go on. */
  release(): Promise<void>;
}

/** Another process is the host, whether or not it answers yet. */
export interface Taken {
  readonly taken: true;
  /** Resolves when it may have let go. */
  free(signal: AbortSignal): Promise<void>;
}

export interface OwnershipPlace {
  readonly platform: NodeJS.Platform;
  readonly userId: number;
  /** Canonical. One state folder is one installation and has one owner. */
  readonly stateFolder: string;
  readonly socketPath: string;
}

/**
 * Becomes the one host of this state folder, or finds that there is one.
 *
 * A lock of the kernel decides; it dies with its holder. Only its holder removes what a dead owner left at the socket's
 * path, and only after finding that nobody answers there: an owner in another network namespace holds another lock.
 * @throws TazpodError `runtime-folder-unusable`, `state-write-failed`
 */
export async function acquireOwnership(place: OwnershipPlace): Promise<Ownership | Taken> {
  const mutexPlace = {
    platform: place.platform,
    name: await readMutexName(place),
    lockFile: path.join(place.stateFolder, 'host.lock'),
  };
  const taken: Taken = { taken: true, free: (signal) => waitForMutex(mutexPlace, signal) };
  const mutex = await takeMutex(mutexPlace);
  if (mutex === null) return taken;
  try {
    if (await isAnswered(place.socketPath)) return await letGo(mutex, taken);
    await removeStaleSocket(place);
    const server = await listen(place);
    if (server === null) return await letGo(mutex, taken);
    if (place.platform !== 'win32') await chmod(place.socketPath, 0o600);
    return toOwnership(place.socketPath, server, mutex);
  } catch (error) {
    await mutex.release();
    throw error;
  }
}

async function letGo(mutex: Mutex, taken: Taken): Promise<Taken> {
  await mutex.release();
  return taken;
}

/**
 * Any user of the machine may take an abstract name, so ours ends in a random part that only we can read. Were the file
 * lost while a host runs, the socket's answer would still keep a second one out.
 */
async function readMutexName({ userId, stateFolder }: OwnershipPlace): Promise<string> {
  const file = path.join(stateFolder, 'host.mutex');
  try {
    const random = await makePrivateFileOnce(file, `${randomBytes(16).toString('hex')}\n`);
    return `${toHostKey(userId, stateFolder)}-${random.trim().slice(0, 32)}`;
  } catch (error) {
    throw failWith('state-write-failed', { file, reason: reasonOf(error) }, error);
  }
}

/** Whether someone listens on this path. */
async function isAnswered(socketPath: string): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const socket = connect({ path: socketPath });
  socket.once('connect', () => resolve(true));
  socket.once('error', (error) => {
    // A full backlog is an owner too, if a busy one. What else is at the path is judged by removeStaleSocket.
    if (hasCode(error, 'EAGAIN')) resolve(true);
    else if (hasCode(error, 'ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'EPROTOTYPE')) resolve(false);
    else reject(failWith('runtime-folder-unusable', { folder: socketPath, reason: reasonOf(error) }, error));
  });
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}

/** Removes what a killed owner left, if it is a socket of ours and nothing else. */
async function removeStaleSocket({ platform, userId, socketPath }: OwnershipPlace): Promise<void> {
  if (platform === 'win32') return;
  try {
    const stats = await lstat(socketPath);
    if (!stats.isSocket() || stats.uid !== userId) {
      throw failWith('runtime-folder-unusable', {
        folder: socketPath,
        reason: 'something else than our socket is there',
      });
    }
    await unlink(socketPath);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

/** Listens; null where someone else does, which a host in another network namespace may have begun this instant. */
async function listen({ platform, socketPath }: OwnershipPlace): Promise<Server | null> {
  const server = createServer({ pauseOnConnect: true });
  const { promise, resolve, reject } = Promise.withResolvers<Server | null>();
  server.once('error', (error) => {
    // Windows says EACCES where the pipe is someone else's.
    const isTaken = hasCode(error, 'EADDRINUSE') || (platform === 'win32' && hasCode(error, 'EACCES'));
    if (isTaken) resolve(null);
    else reject(failWith('runtime-folder-unusable', { folder: socketPath, reason: reasonOf(error) }, error));
  });
  server.listen({ path: socketPath }, () => resolve(server));
  return promise;
}

function toOwnership(socketPath: string, server: Server, mutex: Mutex): Ownership {
  let early: Socket[] = [];
  let handler = (socket: Socket): void => {
    socket.on('error', () => socket.destroy());
    if (early.length < maxClients) early.push(socket);
    else socket.destroy();
  };
  server.on('connection', (socket) => handler(socket));
  server.on('error', () => undefined);
  let listening = true;
  let released: Promise<void> | null = null;
  const stopListening = (): void => {
    if (!listening) return;
    listening = false;
    // Removes the path as well, at once: before the lock is free for a next owner, whose socket would be removed else.
    server.close();
    for (const socket of early.splice(0)) socket.destroy();
  };
  return {
    taken: false,
    socketPath,
    accept: (next) => {
      handler = next;
      for (const socket of early.splice(0)) if (!socket.destroyed) next(socket);
      early = [];
    },
    stopListening,
    release: () => {
      stopListening();
      released ??= mutex.release();
      return released;
    },
  };
}
