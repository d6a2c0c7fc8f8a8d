import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** What a second instance says to the first. */
export interface SecondInstance {
  readonly argv: string[];
  readonly cwd: string;
  readonly additionalData: unknown;
}

/** How long the first instance may take to hear the second, in milliseconds. */
const patienceMs = 5_000;

/**
 * One instance per user data folder. The lock is a socket in Linux's abstract namespace: binding it is atomic, and the
 * kernel takes it back whichever way its owner ends.
 */
export class SingleInstance {
  #server: Server | null = null;

  get isFirst(): boolean {
    return this.#server !== null;
  }

  /** Answers at once, as Electron does: false after the first instance has heard of us. */
  request(userData: string, message: SecondInstance, onSecond: (message: SecondInstance) => void): boolean {
    if (this.#server !== null) return true;
    const address = toAddress(userData);
    const server = createServer((socket) => receive(socket, onSecond));
    // Taken: the error comes with the next turn of the event loop, but `listening` is false already.
    server.on('error', () => undefined);
    server.listen(address);
    if (server.listening) {
      server.unref();
      this.#server = server;
      return true;
    }
    deliver(address, JSON.stringify(message));
    return false;
  }

  release(): void {
    this.#server?.close();
    this.#server = null;
  }
}

function toAddress(userData: string): string {
  mkdirSync(userData, { recursive: true });
  const key = `${process.getuid?.() ?? 0}:${realpathSync(userData)}`;
  return `\0electron-standin-${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
}

function receive(socket: Socket, onSecond: (message: SecondInstance) => void): void {
  let text = '';
  socket.on('error', () => undefined);
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
    if (!text.endsWith('\n')) return;
    socket.end('heard\n');
    onSecond(JSON.parse(text) as SecondInstance);
  });
}

/** Runs in a thread of its own, so that this one can wait for it. */
const deliveryScript = `
const { connect } = require('node:net');
const { workerData } = require('node:worker_threads');
const flag = new Int32Array(workerData.shared);
const finish = () => { Atomics.store(flag, 0, 1); Atomics.notify(flag, 0); };
const socket = connect(workerData.address, () => socket.write(workerData.text + '\\n'));
socket.on('data', finish).on('close', finish).on('error', finish);
`;

function deliver(address: string, text: string): void {
  const shared = new SharedArrayBuffer(4);
  const worker = new Worker(deliveryScript, { eval: true, workerData: { shared, address, text } });
  worker.unref();
  Atomics.wait(new Int32Array(shared), 0, 0, patienceMs);
}
