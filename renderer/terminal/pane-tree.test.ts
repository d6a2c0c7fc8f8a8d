import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PaneTree } from '../../preload/contract/terminal-layout.ts';
import {
  mapPanes,
  maxShare,
  minShare,
  paneKeysOf,
  toPanePlaces,
  withPaneBeside,
  withPaneGrown,
  withShare,
  type Box,
} from './pane-tree.ts';

/** `a` at the left, `b` over `c` at the right. */
const tree: PaneTree = {
  direction: 'right',
  share: 0.4,
  first: 'a',
  second: { direction: 'down', share: 0.25, first: 'b', second: 'c' },
};

it('gives every pane its place, and every split its divider', () => {
  const { panes, dividers } = toPanePlaces(tree);
  expect(Object.fromEntries(panes)).toEqual({
    a: { left: 0, top: 0, width: 40, height: 100 },
    b: { left: 40, top: 0, width: 60, height: 25 },
    c: { left: 40, top: 25, width: 60, height: 75 },
  });
  expect(dividers).toEqual([
    { path: '', direction: 'right', share: 0.4, box: { left: 0, top: 0, width: 100, height: 100 } },
    { path: '1', direction: 'down', share: 0.25, box: { left: 40, top: 0, width: 60, height: 100 } },
  ]);
});

it('takes a pane out, and its neighbour gets the room', () => {
  expect(mapPanes(tree, (key) => (key === 'b' ? null : key))).toEqual({ ...tree, second: 'c' });
  expect(mapPanes(tree, (key) => (key === 'a' ? null : key))).toBe(tree.second);
  expect(mapPanes(tree, () => null)).toBeNull();
  expect(mapPanes(tree, (key) => key)).toBe(tree);
});

it('moves the divider at a path, and no further than both parts stay in view', () => {
  expect(toPanePlaces(withShare(tree, '1', 0.5)).panes.get('c')).toMatchObject({ top: 50, height: 50 });
  expect(withShare(tree, '', -3)).toMatchObject({ share: minShare });
  expect(withShare(tree, '', 7)).toMatchObject({ share: maxShare });
  expect(withShare(tree, '00', 0.5)).toEqual(tree);
});

it('grows a pane into the one that it shares a split with', () => {
  expect(withPaneGrown(tree, 'a', 0.1)).toMatchObject({ share: 0.5, second: { share: 0.25 } });
  expect(withPaneGrown(tree, 'c', 0.05)).toMatchObject({ share: 0.4, second: { share: 0.2 } });
  expect(withPaneGrown('a', 'a', 0.1)).toBe('a');
});

it('covers the whole room once, however it was split', () => {
  const step = fc.record({
    at: fc.nat(),
    direction: fc.constantFrom('right' as const, 'down' as const),
    share: fc.double({ min: minShare, max: maxShare, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 7 }), (steps) => {
      let made: PaneTree = 'p0';
      steps.forEach(({ at, direction, share }, index) => {
        const keys = paneKeysOf(made);
        made = withPaneBeside(made, keys[at % keys.length] ?? '', direction, `p${index + 1}`);
        const { dividers } = toPanePlaces(made);
        made = withShare(made, dividers[at % dividers.length]?.path ?? '', share);
      });
      const boxes = [...toPanePlaces(made).panes.values()];
      expect(boxes).toHaveLength(steps.length + 1);
      const area = boxes.reduce((sum, { width, height }) => sum + width * height, 0);
      expect(area).toBeCloseTo(100 * 100, 4);
      boxes.forEach((box, index) => {
        for (const other of boxes.slice(index + 1)) expect(overlap(box, other)).toBeLessThan(1e-6);
      });
    }),
  );
});

function overlap(one: Box, other: Box): number {
  const along = (start: 'left' | 'top', length: 'width' | 'height'): number =>
    Math.min(one[start] + one[length], other[start] + other[length]) - Math.max(one[start], other[start]);
  return Math.max(0, along('left', 'width')) * Math.max(0, along('top', 'height'));
}
