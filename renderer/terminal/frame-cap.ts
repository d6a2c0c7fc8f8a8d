/* oxlint-disable no-underscore-dangle -- the names are xterm.js's own */
import type { Terminal } from '@xterm/xterm';
import { createFloodMeter } from '../../preload/contract/flood-meter.ts';

/** Of so many frames one is drawn while it floods: drawing then takes a sixth of the time and parsing the rest. */
const drawEvery = 3;
/** For so long after a key every frame is drawn, in milliseconds: what Ctrl-C does is seen at once. */
const liftedMs = 400;

/** The part of xterm.js 6 that draws once for all changes of a frame. */
interface Inside {
  readonly _core: { readonly _renderService?: { readonly _renderDebouncer?: Debouncer } };
}
interface Debouncer {
  _innerRefresh(): void;
  _animationFrame: number | undefined;
}

/** Draws seldom while output floods, and not at all while a screen that comes back is parsed. */
export interface FrameCap {
  /** So many bytes came. */
  received(bytes: number): void;
  /** A key was pressed. */
  lift(): void;
  /** From now on what is written is to be seen all at once, when it is released. */
  hold(): void;
  release(): void;
  /** Whether no frame at all is drawn now. */
  isHeld(): boolean;
  /** Whether frames are left out now. */
  isOn(): boolean;
}

/** @param nowMs any clock that only goes forward */
export function createFrameCap(nowMs: () => number): FrameCap {
  const meter = createFloodMeter(nowMs);
  let liftedUntilMs = 0;
  let isHeld = false;
  return {
    received: (bytes) => meter.add(bytes),
    lift: () => {
      liftedUntilMs = nowMs() + liftedMs;
    },
    hold: () => {
      isHeld = true;
    },
    release: () => {
      isHeld = false;
    },
    isHeld: () => isHeld,
    isOn: () => meter.isFlooding() && nowMs() >= liftedUntilMs,
  };
}

/** Makes an opened terminal leave out frames as the cap says; false where xterm.js draws in another way: then all are drawn. */
export function capFrames(terminal: Terminal, cap: FrameCap): boolean {
  const debouncer = (terminal as unknown as Inside)._core._renderService?._renderDebouncer;
  if (typeof debouncer?._innerRefresh !== 'function') return false;
  const draw = debouncer._innerRefresh.bind(debouncer);
  let leftOut = 0;
  debouncer._innerRefresh = () => {
    leftOut = cap.isOn() ? (leftOut + 1) % drawEvery : 0;
    if (leftOut === 0 && !cap.isHeld()) draw();
    else debouncer._animationFrame = requestAnimationFrame(() => debouncer._innerRefresh());
  };
  return true;
}
