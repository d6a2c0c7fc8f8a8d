import type { PaneTree, SplitDirection } from '../../preload/contract/terminal-layout.ts';

/** Least and largest share of a split's first part: both stay in view. */
export const minShare = 0.1;
export const maxShare = 0.9;

/** Where something is in its tab, in percent of the tab's room. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The line between the two parts of a split. */
export interface Divider {
  /** The way to its split from the root: 0 for the first part, 1 for the second. */
  readonly path: string;
  readonly direction: SplitDirection;
  readonly share: number;
  /** The room of both parts. */
  readonly box: Box;
}

export interface PanePlaces {
  readonly panes: ReadonlyMap<string, Box>;
  readonly dividers: readonly Divider[];
}

/** The panes from the left to the right, and from above to below. */
export const paneKeysOf = (tree: PaneTree): readonly string[] =>
  typeof tree === 'string' ? [tree] : [...paneKeysOf(tree.first), ...paneKeysOf(tree.second)];

/** With another name for each pane; null takes it out, and its neighbour gets its room. */
export function mapPanes(tree: PaneTree, toKey: (key: string) => string | null): PaneTree | null {
  if (typeof tree === 'string') return toKey(tree);
  const first = mapPanes(tree.first, toKey);
  const second = mapPanes(tree.second, toKey);
  if (first === null || second === null) return first ?? second;
  return first === tree.first && second === tree.second ? tree : { ...tree, first, second };
}

/** With a new pane in half of another one's room. */
export function withPaneBeside(tree: PaneTree, key: string, direction: SplitDirection, newKey: string): PaneTree {
  if (typeof tree === 'string') {
    return tree === key ? { direction, share: 0.5, first: tree, second: newKey } : tree;
  }
  return {
    ...tree,
    first: withPaneBeside(tree.first, key, direction, newKey),
    second: withPaneBeside(tree.second, key, direction, newKey),
  };
}

const clampShare = (share: number): number => Math.min(maxShare, Math.max(minShare, share));

/** With another share for the split at a path. */
export function withShare(tree: PaneTree, path: string, share: number): PaneTree {
  if (typeof tree === 'string') return tree;
  if (path === '') return { ...tree, share: clampShare(share) };
  const part = path.startsWith('0') ? 'first' : 'second';
  return { ...tree, [part]: withShare(tree[part], path.slice(1), share) };
}

const wholeBox: Box = { left: 0, top: 0, width: 100, height: 100 };

/** Where each pane and each divider is. */
export function toPanePlaces(tree: PaneTree, box = wholeBox, path = ''): PanePlaces {
  if (typeof tree === 'string') return { panes: new Map([[tree, box]]), dividers: [] };
  const { direction, share } = tree;
  const [firstBox, secondBox] = divide(box, direction, share);
  const first = toPanePlaces(tree.first, firstBox, `${path}0`);
  const second = toPanePlaces(tree.second, secondBox, `${path}1`);
  return {
    panes: new Map([...first.panes, ...second.panes]),
    dividers: [{ path, direction, share, box }, ...first.dividers, ...second.dividers],
  };
}

function divide(box: Box, direction: SplitDirection, share: number): readonly [Box, Box] {
  const { left, top, width, height } = box;
  if (direction === 'right') {
    const firstWidth = width * share;
    return [
      { ...box, width: firstWidth },
      { ...box, left: left + firstWidth, width: width - firstWidth },
    ];
  }
  const firstHeight = height * share;
  return [
    { ...box, height: firstHeight },
    { ...box, top: top + firstHeight, height: height - firstHeight },
  ];
}

/** With more room for a pane, or less, at the split that it is a part of; the same tree where there is none. */
export function withPaneGrown(tree: PaneTree, key: string, by: number): PaneTree {
  if (typeof tree === 'string') return tree;
  for (const part of ['first', 'second'] as const) {
    const inner = tree[part];
    if (inner === key) return { ...tree, share: clampShare(tree.share + (part === 'first' ? by : -by)) };
    if (paneKeysOf(inner).includes(key)) return { ...tree, [part]: withPaneGrown(inner, key, by) };
  }
  return tree;
}
