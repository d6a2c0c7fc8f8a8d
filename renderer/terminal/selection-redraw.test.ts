/* oxlint-disable no-underscore-dangle -- the names are xterm.js's own */
import { expect, it, vi } from 'vitest';
import { drawSelectionOnly } from './selection-redraw.ts';

it('draws a selection, its changes and its end, and nothing where none is', () => {
  const drawn = vi.fn();
  const service = { handleSelectionChanged: drawn };
  expect(drawSelectionOnly({ _core: { _renderService: service } } as never)).toBe(true);
  const told = (start?: [number, number], end?: [number, number]): number => {
    drawn.mockClear();
    (service.handleSelectionChanged as (...args: unknown[]) => void)(start, end, false);
    return drawn.mock.calls.length;
  };
  expect([told(), told([3, 3], [3, 3])]).toEqual([0, 0]);
  expect([told([3, 3], [5, 3]), told([3, 3], [5, 3])]).toEqual([1, 1]);
  expect([told(), told()]).toEqual([1, 0]);
});

it('leaves an xterm.js alone that is made otherwise', () => {
  expect(drawSelectionOnly({ _core: {} } as never)).toBe(false);
});
