import { acknowledgeEveryBytes } from '../../../preload/contract/terminal-limits.ts';
import { AcknowledgedWindow, terminalBounds, type PausableSource } from './acknowledged-window.ts';

/**
 * Largest piece that small ones are joined to, in bytes. A message costs the same whatever its size up to about this (the
 * transport's own buffers), and the screen parses it in two milliseconds, within one frame.
 */
export const maxBatchBytes = 64 * 1024;

/**
 * A terminal's output on its way to the one viewer that shows it. Bytes go at once while the viewer keeps up; else they are
 * joined until it acknowledges, or until a batch is full. Nothing waits for a timer, and nothing is dropped while the viewer
 * looks. One that does not look (a hidden window draws and acknowledges seldom) must not hold up the program: beyond the
 * window's bound its output is let go, and it gets the screen anew once it looks.
 */
export class OutputFlow {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #window: AcknowledgedWindow;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** `held`: the viewer gets the screen first. `overrun`: it missed bytes. */
  #state: 'away' | 'held' | 'live' | 'overrun' = 'away';
  #isHidden = false;

  constructor(source: PausableSource, send: (bytes: Uint8Array) => void) {
    this.#send = send;
    this.#window = new AcknowledgedWindow(source);
  }

  /** A viewer comes: from now on bytes are kept for it, and go out once it is let in. */
  hold(isHidden: boolean): void {
    this.#isHidden = isHidden;
    this.#clear();
    this.#window.acknowledge(this.#window.bytes);
    this.#window.turn(isHidden ? 'off' : 'on');
    this.#state = 'held';
  }

  /** The viewer has the screen as it was when it was held. */
  letIn(): void {
    if (this.#state !== 'held') return;
    this.#state = 'live';
    this.flush();
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#clear();
    this.#window.acknowledge(this.#window.bytes);
    this.#state = 'away';
  }

  /** @param bytes handed over: they may be sent later */
  push(bytes: Uint8Array): void {
    if (this.#state === 'away' || this.#state === 'overrun') return;
    if (this.#isHidden && this.#window.bytes + bytes.length > terminalBounds.pauseAboveBytes) {
      this.#clear();
      this.#state = 'overrun';
      return;
    }
    const sentBytes = this.#window.bytes - this.#waitingBytes;
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#window.add(bytes.length);
    if (this.#state === 'held') return;
    if (sentBytes < acknowledgeEveryBytes || this.#waitingBytes >= maxBatchBytes) this.flush();
  }

  /** The viewer has shown so many more bytes; false if it claims more than it was sent. */
  acknowledge(bytes: number): boolean {
    const isTrue = bytes <= this.#window.bytes - this.#waitingBytes;
    this.#window.acknowledge(Math.min(bytes, this.#window.bytes - this.#waitingBytes));
    if (this.#state === 'live') this.flush();
    return isTrue;
  }

  /** @returns whether the viewer missed bytes and needs the screen anew: then hold, give it the screen, let it in */
  setHidden(isHidden: boolean): boolean {
    this.#isHidden = isHidden;
    this.#window.turn(isHidden ? 'off' : 'on');
    return !isHidden && this.#state === 'overrun';
  }

  /** Sends what waits: after the last byte, or when there is no reason to wait. */
  flush(): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    const bytes = this.#waiting.length === 1 ? first : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#send(bytes);
  }

  #clear(): void {
    this.#window.acknowledge(this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}
