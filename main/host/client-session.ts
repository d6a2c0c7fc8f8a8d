import type { OutputStream, SessionEnd, TerminalSize } from '../../preload/contract/session.ts';
import { acknowledgeEveryBytes } from '../../preload/contract/terminal-limits.ts';
import type { FramedSocket } from './framed-socket.ts';

/** Input on its way that the program's stream has not taken yet: enough to keep a pipe busy over a local socket. */
export const inputWindowBytes = 256 * 1024;

/** Shows what a session prints. */
export interface ClientSessionSink {
  /**
   * The next bytes, in order; the next call comes after this one's promise. What it resolves for counts as shown, so a
   * terminal that is slow to take its output slows the program in the container, not this process's memory.
   */
  onData(bytes: Uint8Array, stream: OutputStream): void | Promise<void>;
  /** Called once, after the last byte was shown. */
  onEnd(end: SessionEnd): void;
}

/** An open session, as a client holds it. */
export interface ClientSession {
  /**
   * Resolves when the bytes are on their way, at most `inputWindowBytes` ahead of what the program took, or when the
   * session is over. Calls may overlap: order is kept.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** No more input follows what was written. Only a session without a terminal hears of it. */
  endInput(): void;
  resize(size: TerminalSize): void;
  /** Asks for the session's end; resolves when it has ended and its last byte was shown. */
  end(): Promise<void>;
}

/** Input that waits for room in the window. */
interface Input {
  /** What is left of it. */
  bytes: Uint8Array;
  /** Called when nothing is. */
  readonly sent: () => void;
}

/** One session's output on its way to its sink, one call after the other, and its input within the window. */
export class SessionOutput implements ClientSession {
  readonly #number: number;
  readonly #connection: FramedSocket;
  readonly #sink: ClientSessionSink;
  readonly #ended = Promise.withResolvers<void>();
  #shown: Promise<void> = Promise.resolve();
  #unacknowledgedBytes = 0;
  #untakenBytes = 0;
  /** What waits for room in the window, in order. */
  readonly #waiting: (Input | null)[] = [];
  #over = false;

  constructor(number: number, connection: FramedSocket, sink: ClientSessionSink) {
    this.#number = number;
    this.#connection = connection;
    this.#sink = sink;
  }

  receive(bytes: Uint8Array, stream: OutputStream): void {
    this.#shown = this.#shown.then(() => this.#show(bytes, stream));
  }

  /** The host's last word on this session, or ours when the host is lost. */
  finish(end: SessionEnd): void {
    if (this.#over) return;
    this.#over = true;
    for (const input of this.#waiting.splice(0)) input?.sent();
    void this.#finish(end);
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#over) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ bytes, sent: resolve });
    this.#sendInput();
    await promise;
  }

  endInput(): void {
    if (this.#over) return;
    this.#waiting.push(null);
    this.#sendInput();
  }

  /** The host's word that the program took so much more input; false if it was never sent. */
  take(bytes: number): boolean {
    if (bytes > this.#untakenBytes) return false;
    this.#untakenBytes -= bytes;
    this.#sendInput();
    return true;
  }

  resize(size: TerminalSize): void {
    if (!this.#over) this.#connection.sendJson({ type: 'resize', session: this.#number, size });
  }

  async end(): Promise<void> {
    if (!this.#over) this.#connection.sendJson({ type: 'endSession', session: this.#number });
    await this.#ended.promise;
  }

  /** Sends what waits as far as the window allows; null is the end of input. */
  #sendInput(): void {
    for (let input = this.#waiting[0]; input !== undefined; input = this.#waiting[0]) {
      if (input === null) {
        this.#connection.sendJson({ type: 'endInput', session: this.#number });
      } else {
        const part = input.bytes.subarray(0, inputWindowBytes - this.#untakenBytes);
        this.#connection.sendSessionBytes(this.#number, part);
        this.#untakenBytes += part.length;
        input.bytes = input.bytes.subarray(part.length);
        if (input.bytes.length > 0) return;
        input.sent();
      }
      this.#waiting.shift();
    }
  }

  async #finish(end: SessionEnd): Promise<void> {
    await this.#shown;
    this.#sink.onEnd(end);
    this.#ended.resolve();
  }

  async #show(bytes: Uint8Array, stream: OutputStream): Promise<void> {
    try {
      await this.#sink.onData(bytes, stream);
    } catch {
      // Its terminal is gone (EPIPE): the bytes have nowhere to go, and the session must still come to its end.
    }
    this.#unacknowledgedBytes += bytes.length;
    if (this.#over || this.#unacknowledgedBytes < acknowledgeEveryBytes) return;
    this.#connection.sendJson({ type: 'acknowledge', session: this.#number, bytes: this.#unacknowledgedBytes });
    this.#unacknowledgedBytes = 0;
  }
}
