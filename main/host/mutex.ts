import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { hasCode } from '../engine/failure.ts';

/**
 * A lock that one process of this machine holds and that its death frees at once, kill -9 included. No file is left
 * behind that someone would have to judge by its age or its process id.
 */
export interface Mutex {
  release(): Promise<void>;
}

interface MutexPlace {
  readonly platform: NodeJS.Platform;
  /** Unguessable, so that no other user can take the name first. */
  readonly name: string;
  /** Used where the platform locks files. */
  readonly lockFile: string;
}

/** O_EXLOCK of macOS and the BSDs (<fcntl.h>); Node exports no name for it. */
const openExclusivelyLocked = 0x20;

/** As many may wait for the lock to become free; more connections are a stranger's. */
const maxWaiters = 64;

/** Takes the lock, or gives null where another process holds it. Throws what the system says otherwise. */
export async function takeMutex({ platform, name, lockFile }: MutexPlace): Promise<Mutex | null> {
  switch (platform) {
    case 'linux':
      return listenExclusively(`\0tazpod-${name}`);
    case 'win32':
      // The pipe that the host listens on is exclusive itself.
      return { release: async () => undefined };
    default:
      return lockExclusively(lockFile);
  }
}

/**
 * Linux: an abstract Unix socket. The kernel gives its name to one socket and takes it back when that is closed. It is
 * known within one network namespace, so the owner in another one is looked for on its socket: see ownership.ts.
 */
async function listenExclusively(path: string): Promise<Mutex | null> {
  const waiters = new Set<Socket>();
  const server = createServer((socket) => {
    if (waiters.size >= maxWaiters) return void socket.destroy();
    waiters.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => waiters.delete(socket));
    return void socket.resume();
  });
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  server.once('error', (error) => (hasCode(error, 'EADDRINUSE') ? resolve(false) : reject(error)));
  server.listen({ path }, () => resolve(true));
  if (!(await promise)) return null;
  return {
    release: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      // Their end tells the waiters that the lock is free.
      for (const socket of waiters) socket.destroy();
      await closed.promise;
    },
  };
}

/** macOS: a file opened with its lock. Untested: no macOS was at hand when this was written. */
async function lockExclusively(lockFile: string): Promise<Mutex | null> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | openExclusivelyLocked;
  try {
    const handle = await open(lockFile, flags, 0o600);
    return { release: () => handle.close() };
  } catch (error) {
    if (hasCode(error, 'EAGAIN', 'EWOULDBLOCK')) return null;
    throw error;
  }
}

/**
 * Resolves when the lock may be free: on Linux when its holder lets go or dies, elsewhere after a short while. Also
 * resolves when `signal` is aborted.
 */
export async function waitForMutex({ platform, name }: MutexPlace, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = (): void => resolve();
  signal.addEventListener('abort', done, { once: true });
  // Where the lock can't be waited for, it is asked for again: rarely and not for long.
  const recheckMs = 100;
  if (platform === 'linux') {
    const socket = connect({ path: `\0tazpod-${name}` });
    socket.on('error', () => undefined);
    socket.once('close', done);
    socket.resume();
    await promise;
    socket.destroy();
  } else {
    const timer = setTimeout(done, recheckMs);
    await promise;
    clearTimeout(timer);
  }
  signal.removeEventListener('abort', done);
}
