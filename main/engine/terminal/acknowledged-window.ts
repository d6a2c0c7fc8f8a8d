/** What stops reading and goes on. */
export interface PausableSource {
  pause(): void;
  resume(): void;
}

/** Bounds of a window, in bytes. */
export interface WindowBounds {
  /** The source stops reading above this. */
  readonly pauseAboveBytes: number;
  /** It goes on below this; well under the upper bound, so that it does not stop and start at every acknowledgement. */
  readonly resumeBelowBytes: number;
}

/**
 * Of a terminal: enough to keep a fast one busy over several frames, small enough that Ctrl-C is felt at once behind what is
 * on its way. VS Code stops at 100,000 characters and waits for 5,000: a thousand stops of 9 ms in a flood of 100 MB.
 */
export const terminalBounds: WindowBounds = { pauseAboveBytes: 512 * 1024, resumeBelowBytes: 256 * 1024 };

/** Bytes that were taken from a source and not yet shown: while there are too many, the source does not read on. */
export class AcknowledgedWindow {
  readonly #source: PausableSource;
  readonly #bounds: () => WindowBounds;
  #bytes = 0;
  #isPaused = false;
  #isOff = false;

  /** @param bounds asked at every change: they may depend on what is in the window */
  constructor(source: PausableSource, bounds: () => WindowBounds = () => terminalBounds) {
    this.#source = source;
    this.#bounds = bounds;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    this.#pace();
  }

  /** False where more is acknowledged than there was: then nothing is left. */
  acknowledge(bytes: number): boolean {
    const isTrue = bytes <= this.#bytes;
    this.#bytes = isTrue ? this.#bytes - bytes : 0;
    this.#pace();
    return isTrue;
  }

  /** Off, it counts and lets the source read. */
  turn(to: 'on' | 'off'): void {
    this.#isOff = to === 'off';
    this.#pace();
  }

  #pace(): void {
    const { pauseAboveBytes, resumeBelowBytes } = this.#bounds();
    if (this.#isPaused && (this.#isOff || this.#bytes < resumeBelowBytes)) {
      this.#isPaused = false;
      this.#source.resume();
    } else if (!this.#isPaused && !this.#isOff && this.#bytes > pauseAboveBytes) {
      this.#isPaused = true;
      this.#source.pause();
    }
  }
}

/** Gives a source to several that may pause it, each as often as it likes: it reads while none of them has. */
export function shareSource(source: PausableSource): () => PausableSource {
  const paused = new Set<PausableSource>();
  return () => {
    const share: PausableSource = {
      pause: () => {
        const wasReading = paused.size === 0;
        paused.add(share);
        if (wasReading) source.pause();
      },
      resume: () => {
        if (paused.delete(share) && paused.size === 0) source.resume();
      },
    };
    return share;
  };
}
