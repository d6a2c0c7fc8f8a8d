import { acknowledgeEveryBytes } from '../../../preload/contract/terminal-limits.ts';
import { AcknowledgedWindow, terminalBounds, type PausableSource, type WindowBounds } from './acknowledged-window.ts';
import { OutputBacklog, type OutputPiece } from './output-backlog.ts';

/**
 * Largest piece that small ones are joined to, in bytes. A message costs the same whatever its size up to about this (the
 * transport's own buffers), and the screen parses it in two milliseconds, within one frame.
 */
export const maxBatchBytes = 64 * 1024;

/**
 * Most that is on its way at a time, in bytes: enough to keep the transport and the screen's parser busy side by side. The
 * rest waits here, where it can still be skipped, and where a key's echo of another session overtakes it.
 */
export const maxSentBytes = 256 * 1024;

/**
 * Plain text that may be unshown, in bytes: beside all that is on its way it holds 10,000 lines of 170 characters, so that
 * whatever is older is skipped before the source would have to wait. What Ctrl-C is answered behind is not more than this.
 */
export const maxPlainBytes = 2 * 1024 * 1024;
const plainBounds: WindowBounds = { ...terminalBounds, pauseAboveBytes: maxPlainBytes };

/** How fast output goes that nobody can read. */
interface Pace {
  /** One batch in so many milliseconds. */
  readonly stepMs: number;
  readonly batchBytes: number;
  /** No batch while so much is on its way. */
  readonly maxSentBytes: number;
}

/** For a viewer that does not look. */
const hiddenPace: Pace = { stepMs: 16, batchBytes: acknowledgeEveryBytes, maxSentBytes: acknowledgeEveryBytes };

/**
 * While text is skipped: some screens, fifteen times in a second. Parsing and drawing more of what is gone before the eye has
 * it would take the processor from the program that prints it.
 */
const floodPace: Pace = { stepMs: 66, batchBytes: 32 * 1024, maxSentBytes };

/** How often it is looked whether a flood goes on, in milliseconds: what waits goes on its way that long after its end. */
const lookEveryMs = 5;
/** What comes in that time at least while it goes on, in bytes: about what a viewer can show. */
const floodBytes = 16 * 1024;

/** Ctrl-C, Ctrl-Z and Ctrl-\: what ends programs. */
const endingKeys: ReadonlySet<number> = new Set([0x03, 0x1a, 0x1c]);

/** For so long after such a key nothing of a flood is shown, in milliseconds: what ends it is on its way, and nearer so. */
const restMs = 150;

/** How much more waits before it is looked for text to skip, in bytes. */
const skipEveryBytes = 64 * 1024;

/**
 * A terminal's output on its way to the one viewer that shows it. Bytes go at once while the viewer keeps up; else they are
 * joined until it acknowledges, or until a batch is full. While the viewer looks and can read along nothing waits for a timer, and all that its
 * terminal will hold gets there: of a flood of plain text only lines are left out that would have left the scrollback before
 * anybody saw them, so that the program runs as if nobody looked. A viewer that does not look (a hidden window draws and
 * acknowledges seldom) must not hold up the program: beyond the window's bound its output is let go, and it gets the screen
 * anew once it looks.
 */
export class OutputFlow {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #lines: () => number;
  readonly #window: AcknowledgedWindow;
  readonly #backlog = new OutputBacklog();
  #skipAtBytes = skipEveryBytes;
  /** `held`: the viewer gets the screen first. `overrun`: it missed bytes. */
  #state: 'away' | 'held' | 'live' | 'overrun' = 'away';
  #isHidden = false;
  #step: ReturnType<typeof setTimeout> | undefined;
  /** Runs from the first text that is skipped to the end of the flood. */
  #flood: ReturnType<typeof setInterval> | undefined;
  /** Came since it was looked last. */
  #cameBytes = 0;
  #restsUntilMs = 0;

  /** @param lines rows of scrollback and screen that the viewer's terminal holds */
  constructor(source: PausableSource, send: (bytes: Uint8Array) => void, lines: () => number) {
    this.#send = send;
    this.#lines = lines;
    this.#window = new AcknowledgedWindow(source, () => (this.#backlog.isPlain ? plainBounds : terminalBounds));
  }

  /** Whether the viewer waits for its screen. */
  get isHeld(): boolean {
    return this.#state === 'held';
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
    this.#pump(true);
  }

  /** Nobody looks any more. */
  leave(): void {
    this.#clear();
    this.#window.acknowledge(this.#window.bytes);
    this.#state = 'away';
  }

  /** @param piece handed over: it may be sent later */
  push(piece: OutputPiece): void {
    if (this.#state === 'away' || this.#state === 'overrun') return;
    const { length } = piece.bytes;
    if (this.#isHidden && this.#window.bytes + length > terminalBounds.pauseAboveBytes) {
      this.#clear();
      this.#state = 'overrun';
      return;
    }
    this.#backlog.add(piece);
    // A prompt, a program's screen: what comes before it is not skipped any more.
    const endsFlood = !piece.isPlain && this.#flood !== undefined;
    if (endsFlood) this.#endFlood();
    this.#cameBytes += length;
    if (this.#backlog.bytes > this.#skipAtBytes) this.#skip(length);
    else this.#window.add(length);
    this.#pump(endsFlood);
  }

  /** The viewer's keys. Parsing and drawing a flood would take the processor from what it is on its way through. */
  typed(bytes: Uint8Array): void {
    if (bytes.some((byte) => endingKeys.has(byte))) this.#restsUntilMs = performance.now() + restMs;
  }

  /** The viewer has shown so many more bytes; false if it claims more than it was sent. */
  acknowledge(bytes: number): boolean {
    const sentBytes = this.#sentBytes;
    this.#window.acknowledge(Math.min(bytes, sentBytes));
    this.#pump(true);
    return bytes <= sentBytes;
  }

  /** @returns whether the viewer missed bytes and needs the screen anew: then hold, give it the screen, let it in */
  setHidden(isHidden: boolean): boolean {
    this.#isHidden = isHidden;
    this.#window.turn(isHidden ? 'off' : 'on');
    if (!isHidden) this.#endStep();
    this.#pump(true);
    return !isHidden && this.#state === 'overrun';
  }

  /** Sends all that waits: after the last byte. */
  flush(): void {
    if (this.#state !== 'live') return;
    while (!this.#backlog.isEmpty) this.#sendNext();
  }

  get #sentBytes(): number {
    return this.#window.bytes - this.#backlog.bytes;
  }

  /** @param joins whether what waits was joined for long enough, be it ever so little */
  #pump(joins: boolean): void {
    if (this.#state !== 'live') return;
    if (this.#isHidden) {
      this.#stepOn(hiddenPace);
      return;
    }
    if (this.#flood !== undefined) {
      // Looked at every few milliseconds, it goes on or ends.
      if (performance.now() >= this.#restsUntilMs) this.#stepOn(floodPace);
      return;
    }
    while (!this.#backlog.isEmpty) {
      const sentBytes = this.#sentBytes;
      const isIdle = sentBytes < acknowledgeEveryBytes;
      if (!isIdle && sentBytes + Math.min(this.#backlog.bytes, maxBatchBytes) > maxSentBytes) return;
      if (!isIdle && !joins && this.#backlog.bytes < maxBatchBytes) return;
      this.#sendNext();
    }
  }

  #stepOn(pace: Pace): void {
    if (this.#step !== undefined || this.#backlog.isEmpty || this.#sentBytes >= pace.maxSentBytes) return;
    this.#sendNext(pace.batchBytes);
    const next = (): void => {
      this.#step = undefined;
      this.#pump(true);
    };
    this.#step = setTimeout(next, pace.stepMs).unref();
  }

  #endStep(): void {
    clearTimeout(this.#step);
    this.#step = undefined;
  }

  #sendNext(maxBytes = maxBatchBytes): void {
    const bytes = this.#backlog.take(maxBytes);
    if (bytes instanceof Uint8Array) this.#send(bytes);
  }

  /** @param addedBytes of the last piece, not yet counted: what is skipped at once must not pause the source */
  #skip(addedBytes: number): void {
    const skippedBytes = this.#backlog.skip(this.#lines());
    this.#skipAtBytes = this.#backlog.bytes + skipEveryBytes;
    if (skippedBytes > 0) this.#flood ??= setInterval(() => this.#lookAtFlood(), lookEveryMs).unref();
    if (skippedBytes > addedBytes) this.#window.acknowledge(skippedBytes - addedBytes);
    else if (skippedBytes < addedBytes) this.#window.add(addedBytes - skippedBytes);
  }

  #lookAtFlood(): void {
    const goesOn = this.#cameBytes >= floodBytes;
    this.#cameBytes = 0;
    if (goesOn) return;
    this.#endFlood();
    this.#pump(true);
  }

  #endFlood(): void {
    clearInterval(this.#flood);
    this.#flood = undefined;
    if (!this.#isHidden) this.#endStep();
  }

  #clear(): void {
    this.#endFlood();
    this.#endStep();
    const waitingBytes = this.#backlog.bytes;
    this.#backlog.clear();
    this.#window.acknowledge(waitingBytes);
    this.#skipAtBytes = skipEveryBytes;
  }
}
