import type { OutputStream, SessionEnd, TerminalSize } from '../../preload/contract/session.ts';
import type { Session, SessionSink } from '../engine/engine.ts';
import { AcknowledgedWindow } from '../engine/terminal/acknowledged-window.ts';

/** Input that a client may send ahead of what the program's stream has taken; honest ones send `inputWindowBytes`. */
export const maxUntakenBytes = 4 * 1024 * 1024;
/** Taken input is told in steps: a window is never held up by what was not told, and keys cost no answer each. */
const tellTakenEveryBytes = 32 * 1024;

interface SessionFlowOptions {
  readonly send: (bytes: Uint8Array, stream: OutputStream) => void;
  /** So many more bytes of input have been taken. */
  readonly onTaken: (bytes: number) => void;
  /** Called once, after the last byte was sent. */
  readonly onEnded: (end: SessionEnd) => void;
}

/**
 * One session on its way to one client: bytes go out as they come, and the session pauses while too many of them wait to
 * be shown. Input goes in as it comes, and its client hears what was taken. Nothing is dropped.
 */
export class SessionFlow implements SessionSink {
  readonly #options: SessionFlowOptions;
  #session: Session | null = null;
  /** What arrives before the client was told that the session is open. */
  #early: (() => void)[] = [];
  readonly #unshown = new AcknowledgedWindow({
    pause: () => (this.#ended ? undefined : this.#session?.pause()),
    resume: () => (this.#ended ? undefined : this.#session?.resume()),
  });
  #untakenBytes = 0;
  #untoldBytes = 0;
  #ended = false;
  #abandoned = false;

  constructor(options: SessionFlowOptions) {
    this.#options = options;
  }

  /** The session is open and its client knows: what came early follows. */
  attach(session: Session): void {
    this.#session = session;
    for (const deliver of this.#early.splice(0)) deliver();
  }

  onData(bytes: Uint8Array, stream: OutputStream = 'output'): void {
    if (this.#session === null) {
      // A copy: the engine may use its buffer again.
      const copy = new Uint8Array(bytes);
      this.#early.push(() => this.onData(copy, stream));
      return;
    }
    if (this.#ended || this.#abandoned) return;
    this.#options.send(bytes, stream);
    this.#unshown.add(bytes.length);
  }

  onEnd(end: SessionEnd): void {
    if (this.#session === null) {
      this.#early.push(() => this.onEnd(end));
      return;
    }
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnded(end);
  }

  /** Takes the client's word for `bytes` shown; false if it claims more than it was sent. */
  acknowledge(bytes: number): boolean {
    return this.#unshown.acknowledge(bytes);
  }

  /** Passes input on; false where the client sent more than it may before it was taken. */
  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#session === null) return true;
    this.#untakenBytes += bytes.length;
    if (this.#untakenBytes > maxUntakenBytes) return false;
    void this.#session.write(bytes).then(() => this.#take(bytes.length));
    return true;
  }

  endInput(): void {
    if (!this.#ended) this.#session?.endInput();
  }

  resize(size: TerminalSize): void {
    if (!this.#ended) this.#session?.resize(size);
  }

  /** Ends the session; how it ended arrives as `onEnded`. */
  async end(): Promise<void> {
    if (!this.#ended) await this.#session?.end();
  }

  /** The client is gone: nobody sees the rest, and the session must not outlive its terminal. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    // A paused session could not read up to its end.
    this.#unshown.turn('off');
    await this.end();
  }

  #take(bytes: number): void {
    this.#untakenBytes -= bytes;
    this.#untoldBytes += bytes;
    if (this.#ended || this.#abandoned || this.#untoldBytes < tellTakenEveryBytes) return;
    this.#options.onTaken(this.#untoldBytes);
    this.#untoldBytes = 0;
  }
}
