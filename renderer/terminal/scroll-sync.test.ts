/* oxlint-disable no-underscore-dangle -- the names are xterm.js's own */
import { expect, it, vi } from 'vitest';
import { syncScrollOncePerFrame } from './scroll-sync.ts';

function setUp() {
  const calls: string[] = [];
  const frame: (() => void)[] = [];
  const viewport = {
    _sync: (...row: readonly (number | undefined)[]) => {
      calls.push(`sync ${row.join()}`);
      // As xterm.js does: the scrollbar's move scrolls the buffer, which tells the viewport.
      if (row.length === 0) viewport._sync();
    },
    scrollLines: (count: number) => calls.push(`lines ${count}`),
    scrollToLine: (row: number, isJump?: boolean) => calls.push(`to ${row} ${isJump}`),
  };
  const _renderService = { addRefreshCallback: (callback: () => void) => frame.push(callback) };
  expect(syncScrollOncePerFrame({ _core: { _viewport: viewport, _renderService } } as never)).toBe(true);
  const draw = (): void => {
    for (const callback of frame.splice(0)) callback();
  };
  return { calls, viewport, draw, frame };
}

it('many lines that scroll move the scrollbar once, in the next frame, and so do those after it', () => {
  const { calls, viewport, draw, frame } = setUp();
  for (let line = 0; line < 1_000; line += 1) viewport._sync();
  expect(calls).toEqual([]);
  draw();
  expect(calls).toEqual(['sync ']);
  expect(frame).toEqual([]);
  viewport._sync();
  draw();
  expect(calls).toEqual(['sync ', 'sync ']);
});

it('a frame’s own call is not put off, also where no row was asked for', () => {
  const { calls, viewport, frame } = setUp();
  viewport._sync(7);
  viewport._sync(undefined);
  expect(calls).toEqual(['sync 7', 'sync ']);
  expect(frame).toEqual([]);
});

it('whoever scrolls from where the scrollbar is finds it where the buffer is', () => {
  const { calls, viewport, draw } = setUp();
  viewport._sync();
  viewport.scrollLines(-3);
  viewport._sync();
  viewport.scrollToLine(5, true);
  draw();
  expect(calls).toEqual(['sync ', 'lines -3', 'sync ', 'to 5 true']);
});

it('an xterm.js that is made otherwise stays as it is', () => {
  const viewport = { _sync: vi.fn<() => void>(), scrollLines: vi.fn(), scrollToLine: vi.fn() };
  expect(syncScrollOncePerFrame({ _core: { _viewport: viewport } } as never)).toBe(false);
  viewport._sync();
  expect(viewport._sync).toHaveBeenCalledTimes(1);
});
