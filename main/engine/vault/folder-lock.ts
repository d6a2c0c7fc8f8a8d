import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * One writer per vault folder among all processes of this machine. The lock is a name that the kernel holds for us (a
 * socket in Linux' abstract namespace, a named pipe on Windows), so a writer that is killed leaves none behind and
 * nothing of it lies in the folder, where the container could play with it. Elsewhere there is no such name; there the
 * checks right before the rename have to do.
 */

/** Another writer needs a few seconds for a full vault on a slow disk. */
const maxWaitMs = 60_000;

/** Frees the lock. */
export type Release = () => Promise<void>;

/**
 * Waits for the lock of a folder and takes it.
 * @param identity device and inode of the folder
 * @returns null after a minute
 */
export async function lockFolder(identity: string): Promise<Release | null> {
  const address = toAddress(identity);
  if (address === null) return async () => {};
  const signal = AbortSignal.timeout(maxWaitMs);
  while (!signal.aborted) {
    const release = await take(address);
    if (release !== null) return release;
    await waitForHolder(address, signal);
  }
  return null;
}

/** Whether `lockFolder` holds off other processes on this system. */
export const isLockShared = process.platform === 'linux' || process.platform === 'win32';

function toAddress(identity: string): string | null {
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 32);
  const user = process.getuid?.() ?? 0;
  if (process.platform === 'linux') return `\0tazpod-vault-${user}-${hash}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\tazpod-vault-${hash}` : null;
}

async function take(address: string): Promise<Release | null> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => waiting.delete(socket));
  });
  server.listen(address);
  try {
    await once(server, 'listening');
  } catch {
    // The name is held by another writer.
    return null;
  }
  return async () => {
    const closed = closeServer(server);
    for (const socket of waiting) socket.destroy();
    await closed;
  };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

/** The holder hangs up when it is done, or the kernel does when it dies. */
async function waitForHolder(address: string, signal: AbortSignal): Promise<void> {
  const socket = connect(address);
  try {
    await once(socket, 'close', { signal });
  } catch {
    // Refused: the holder is gone already. The pause is for one that is about to be.
    await delay(1);
  } finally {
    socket.destroy();
  }
}
