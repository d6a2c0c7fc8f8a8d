/* oxlint-disable no-underscore-dangle -- the names are xterm.js's own */
import { describe, expect, it, vi } from 'vitest';
import { capFrames, createFrameCap } from './frame-cap.ts';

function setUp() {
  const clock = { ms: 1_000 };
  return { clock, cap: createFrameCap(() => clock.ms) };
}

describe('frames under a flood', () => {
  it('are left out only while more comes than can be read', () => {
    const { clock, cap } = setUp();
    cap.received(200 * 1024);
    expect(cap.isOn()).toBe(false);
    cap.received(100 * 1024);
    expect(cap.isOn()).toBe(true);
    clock.ms += 150;
    expect(cap.isOn()).toBe(true);
    clock.ms += 250;
    expect(cap.isOn()).toBe(false);
  });

  it('are all drawn for a while after a key', () => {
    const { clock, cap } = setUp();
    cap.received(1024 * 1024);
    cap.lift();
    expect(cap.isOn()).toBe(false);
    clock.ms += 400;
    cap.received(1024 * 1024);
    expect(cap.isOn()).toBe(true);
  });

  it('are drawn one in three, and each that is left out asks for the next', () => {
    const { cap } = setUp();
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
    const drawn = vi.fn<() => void>();
    const debouncer = { _innerRefresh: drawn, _animationFrame: undefined };
    expect(capFrames({ _core: { _renderService: { _renderDebouncer: debouncer } } } as never, cap)).toBe(true);
    debouncer._innerRefresh();
    expect(drawn).toHaveBeenCalledTimes(1);
    cap.received(1024 * 1024);
    debouncer._innerRefresh();
    expect(drawn).toHaveBeenCalledTimes(1);
    frames.shift()?.();
    expect(drawn).toHaveBeenCalledTimes(1);
    frames.shift()?.();
    expect(drawn).toHaveBeenCalledTimes(2);
    expect(frames).toEqual([]);
    vi.unstubAllGlobals();
  });

  it('are all left out while what comes is to be seen all at once', () => {
    const { cap } = setUp();
    const frames: (() => void)[] = [];
    vi.stubGlobal('requestAnimationFrame', (frame: () => void) => frames.push(frame));
    const drawn = vi.fn<() => void>();
    const debouncer = { _innerRefresh: drawn, _animationFrame: undefined };
    capFrames({ _core: { _renderService: { _renderDebouncer: debouncer } } } as never, cap);
    cap.hold();
    debouncer._innerRefresh();
    cap.hold();
    frames.shift()?.();
    expect(drawn).not.toHaveBeenCalled();
    cap.release();
    frames.shift()?.();
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(frames).toEqual([]);
    vi.unstubAllGlobals();
  });

  it('are all drawn by an xterm.js that is made otherwise', () => {
    expect(capFrames({ _core: {} } as never, setUp().cap)).toBe(false);
  });
});
