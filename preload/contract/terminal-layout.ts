import * as v from 'valibot';
import { SessionIdSchema } from './commands.ts';

/**
 * How a window arranges a project's terminals: tabs, and the panes of each. Sessions outlive the page that shows them, so
 * the main process keeps this for the next page. It is kept as long as sessions live: in memory.
 */

/** Panes of one tab at most: beyond that none is wide enough to read, and each in view holds one of a page's few WebGL contexts. */
export const maxPanes = 8;

/** Where the second part of a split is. */
export type SplitDirection = 'right' | 'down';

/** One pane, or two parts side by side or one above the other. Leaves name sessions here, panes in the window. */
export type PaneTree = string | PaneSplit;

export interface PaneSplit {
  readonly direction: SplitDirection;
  /** The first part's share of the room, between 0 and 1. */
  readonly share: number;
  readonly first: PaneTree;
  readonly second: PaneTree;
}

const ShareSchema = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** A tree of so many splits one in the other at most: what comes from a page never recurses without end. */
function treeSchemaOf(maxDepth: number): v.GenericSchema<PaneTree> {
  if (maxDepth === 0) return SessionIdSchema;
  const part = treeSchemaOf(maxDepth - 1);
  const split = v.strictObject({
    direction: v.picklist(['right', 'down']),
    share: ShareSchema,
    first: part,
    second: part,
  });
  return v.union([SessionIdSchema, split]);
}

const TabLayoutSchema = v.strictObject({
  /** What a person called it; empty for its program's title. */
  name: v.pipe(v.string(), v.maxLength(200)),
  panes: treeSchemaOf(maxPanes - 1),
  /** The session whose pane has the focus while the tab is in front. */
  active: SessionIdSchema,
});

export const TerminalLayoutSchema = v.strictObject({
  tabs: v.pipe(v.array(TabLayoutSchema), v.maxLength(1_000)),
  /** Place of the tab in front, counted from 0. */
  front: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

export type TabLayout = v.InferOutput<typeof TabLayoutSchema>;
export type TerminalLayout = v.InferOutput<typeof TerminalLayoutSchema>;
