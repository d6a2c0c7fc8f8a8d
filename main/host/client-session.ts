import type { SessionEnd, TerminalSize } from '../../preload/contract/session.ts';
import type { FramedSocket } from './framed-socket.ts';

/** Shown bytes are acknowledged in steps: often enough to keep the window moving, rarely enough to cost nothing. */
export const acknowledgeEveryBytes = 32 * 1024;

/** Shows what a session prints. */
export interface ClientSessionSink {
  /**
   * The next bytes, in order; the next call comes after this one's promise. What it resolves for counts as shown, so a
   * terminal that is slow to take its output slows the program in the container, not this process's memory.
   */
  onData(bytes: Uint8Array): void | Promise<void>;
  /** Called once, after the last byte was shown. */
  onEnd(end: SessionEnd): void;
}

/** An open session, as a client holds it. */
export interface ClientSession {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Asks for the session's end; resolves when it has ended and its last byte was shown. */
  end(): Promise<void>;
}

/** One session's output on its way to its sink, one call after the other. */
export class SessionOutput implements ClientSession {
  readonly #number: number;
  readonly #connection: FramedSocket;
  readonly #sink: ClientSessionSink;
  readonly #ended = Promise.withResolvers<void>();
  #shown: Promise<void> = Promise.resolve();
  #unacknowledgedBytes = 0;
  #over = false;

  constructor(number: number, connection: FramedSocket, sink: ClientSessionSink) {
    this.#number = number;
    this.#connection = connection;
    this.#sink = sink;
  }

  receive(bytes: Uint8Array): void {
    this.#shown = this.#shown.then(() => this.#show(bytes));
  }

  /** The host's last word on this session, or ours when the host is lost. */
  finish(end: SessionEnd): void {
    if (this.#over) return;
    this.#over = true;
    void this.#finish(end);
  }

  write(bytes: Uint8Array): void {
    if (!this.#over) this.#connection.sendSessionBytes(this.#number, bytes);
  }

  resize(size: TerminalSize): void {
    if (!this.#over) this.#connection.sendJson({ type: 'resize', session: this.#number, size });
  }

  async end(): Promise<void> {
    if (!this.#over) this.#connection.sendJson({ type: 'endSession', session: this.#number });
    await this.#ended.promise;
  }

  async #finish(end: SessionEnd): Promise<void> {
    await this.#shown;
    this.#sink.onEnd(end);
    this.#ended.resolve();
  }

  async #show(bytes: Uint8Array): Promise<void> {
    try {
      await this.#sink.onData(bytes);
    } catch {
      // Its terminal is gone (EPIPE): the bytes have nowhere to go, and the session must still come to its end.
    }
    this.#unacknowledgedBytes += bytes.length;
    if (this.#over || this.#unacknowledgedBytes < acknowledgeEveryBytes) return;
    this.#connection.sendJson({ type: 'acknowledge', session: this.#number, bytes: this.#unacknowledgedBytes });
    this.#unacknowledgedBytes = 0;
  }
}
