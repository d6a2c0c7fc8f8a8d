import type { Socket } from 'node:net';
import type { OutputStream } from '../../preload/contract/session.ts';
import { reasonOf } from '../engine/failure.ts';
import { encodeJsonFrame, encodeSessionFrames, FrameDecoder, type Frame } from './frames.ts';

/** A peer that never reads costs memory here; this is far above what any honest one leaves unread. */
const maxUnreadBytes = 64 * 1024 * 1024;

export interface FramedSocketListener {
  onFrame(frame: Frame): void;
  /** Called once. `reason` says why this side closed, or what the connection died of; null for a plain end. */
  onClosed(reason: string | null): void;
}

/** Frames over a socket, both ways. What can't be read as frames closes it. */
export class FramedSocket {
  readonly #socket: Socket;
  readonly #decoder: FrameDecoder;
  readonly #listener: FramedSocketListener;
  #reason: string | null = null;

  /** @param maxJsonBytes most bytes of JSON to accept in one frame */
  constructor(socket: Socket, maxJsonBytes: number, listener: FramedSocketListener) {
    this.#socket = socket;
    this.#decoder = new FrameDecoder(maxJsonBytes);
    this.#listener = listener;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => (this.#reason ??= reasonOf(error)));
    socket.once('close', () => listener.onClosed(this.#reason));
    // Accepted sockets wait paused until someone takes care of them.
    socket.resume();
  }

  /** A message too long for any frame closes the connection; the sender must not die of it. */
  sendJson(message: object): void {
    try {
      this.#write(encodeJsonFrame(message));
    } catch (error) {
      this.destroy(reasonOf(error));
    }
  }

  sendSessionBytes(session: number, bytes: Uint8Array, stream: OutputStream = 'output'): void {
    for (const frame of encodeSessionFrames(session, bytes, stream)) this.#write(frame);
  }

  /** Resolves when all that was sent so far has left this process, or the connection is gone. */
  async written(): Promise<void> {
    if (!this.#socket.writable) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    // The callback comes with an error too when the socket is destroyed.
    this.#socket.write('', () => resolve());
    await promise;
  }

  /** Ends the connection after all that was sent. */
  end(): void {
    this.#socket.end();
  }

  /** Closes as soon as all that was sent has left this process, without waiting for the peer to agree. */
  endAndForget(): void {
    this.#socket.destroySoon();
  }

  /** Closes at once; what is still unsent is lost. */
  destroy(reason: string): void {
    this.#reason ??= reason;
    this.#socket.destroy();
  }

  #write(frame: Uint8Array): void {
    if (!this.#socket.writable) return;
    this.#socket.write(frame);
    if (this.#socket.writableLength > maxUnreadBytes) this.destroy('it does not read what it is sent');
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#decoder.decode(chunk)) {
        this.#listener.onFrame(frame);
        if (this.#socket.destroyed) return;
      }
    } catch (error) {
      this.destroy(reasonOf(error));
    }
  }
}
