import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A real registry on loopback, reached through a door that lets so many bytes a second pass and can be shut. */
export interface TestRegistry {
  /** The registry itself: for pushes. */
  readonly directHost: string;
  /** The slow way to it: for pulls. */
  readonly host: string;
  /** Cuts what is under way and refuses what comes. */
  shut(): void;
  open(): void;
  setBytesPerSecond(bytes: number): void;
  close(): Promise<void>;
}

const isThere = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** Empty, or why tests that need a registry are skipped; under CI=true they run and fail. */
export const needsRegistry =
  process.env['CI'] === 'true' || (isThere('docker-registry') && isThere('htpasswd'))
    ? ''
    : ' (skipped: needs the Debian packages docker-registry and apache2-utils)';

/** @param login the only login that is let in; null: everybody */
export async function startRegistry(
  login: { readonly user: string; readonly password: string } | null,
): Promise<TestRegistry> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tazpod-registry-'));
  const port = await freePort();
  await writeFile(path.join(folder, 'config.yml'), toConfig(folder, port, login !== null));
  if (login !== null) {
    const made = spawnSync('htpasswd', ['-Bbc', path.join(folder, 'htpasswd'), login.user, login.password]);
    if (made.status !== 0) throw new Error(`htpasswd: ${String(made.stderr)}`);
  }
  const child = spawn('docker-registry', ['serve', path.join(folder, 'config.yml')], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await answers(port);
  const door = await openDoor(port);
  return {
    ...door,
    directHost: `127.0.0.1:${port}`,
    close: async () => {
      door.shut();
      child.kill();
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

function toConfig(folder: string, port: number, hasLogin: boolean): string {
  const auth = hasLogin ? `auth: { htpasswd: { realm: tazpod-test, path: ${folder}/htpasswd } }\n` : '';
  return `version: 0.1
log: { level: error }
storage: { filesystem: { rootdirectory: ${folder}/data } }
http: { addr: "127.0.0.1:${port}", relativeurls: true }
${auth}`;
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Resolves when the registry answers; it has no event to wait for. */
async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => null);
    if (answer !== null) return;
    await delay(50);
  }
  throw new Error('the registry does not answer');
}

async function openDoor(port: number): Promise<Pick<TestRegistry, 'host' | 'shut' | 'open' | 'setBytesPerSecond'>> {
  const sockets = new Set<net.Socket>();
  let bytesPerSecond = Infinity;
  let isShut = false;
  const server = net.createServer((near) => {
    if (isShut) return near.destroy();
    const far = net.connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (chunk: Buffer) => {
      near.write(chunk);
      if (bytesPerSecond === Infinity) return;
      far.pause();
      setTimeout(() => far.resume(), (chunk.length / bytesPerSecond) * 1000);
    });
    return undefined;
  });
  server.listen(0, '127.0.0.1').unref();
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    host: `127.0.0.1:${address.port}`,
    shut: () => {
      isShut = true;
      for (const socket of sockets) socket.destroy();
    },
    open: () => {
      isShut = false;
    },
    setBytesPerSecond: (bytes) => {
      bytesPerSecond = bytes;
    },
  };
}
