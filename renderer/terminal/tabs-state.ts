import type { Failure } from '../../preload/contract/errors.ts';
import type { SessionEnd } from '../../preload/contract/session.ts';
import { maxPanes, type PaneTree, type SplitDirection } from '../../preload/contract/terminal-layout.ts';
import { toPlainTitle } from './input-bytes.ts';
import { mapPanes, paneKeysOf, withPaneBeside } from './pane-tree.ts';

/**
 * One terminal of a tab. `opening` has no session yet; `unattached` has one that this window has not shown; `elsewhere` is
 * shown by another window.
 */
export interface Pane {
  readonly key: string;
  readonly projectId: string;
  readonly sessionId: string | null;
  readonly title: string;
  readonly status: 'opening' | 'unattached' | 'live' | 'elsewhere' | 'ended' | 'failed';
  /** The bell rang while nobody looked. */
  readonly hasBell: boolean;
  readonly end: SessionEnd | null;
  readonly failure: Failure | null;
}

/** A tab of a project's terminals: one pane, or several that share its room. */
export interface TerminalTab {
  readonly key: string;
  readonly projectId: string;
  /** What a person called it; empty for the title of its active pane. */
  readonly name: string;
  readonly panes: PaneTree;
  /** The pane that keys go to while the tab is in front. */
  readonly active: string;
}

export interface TabsState {
  readonly panes: readonly Pane[];
  readonly tabs: readonly TerminalTab[];
  /** By project, the key of the tab in front. */
  readonly front: ReadonlyMap<string, string>;
  /** Sessions that ended or were closed here: a snapshot may name them a moment longer. */
  readonly doneIds: ReadonlySet<string>;
}

export const noTabs: TabsState = { panes: [], tabs: [], front: new Map(), doneIds: new Set() };

/** What a pane is called until its program is known. */
export const unknownTitle = 'shell';

export const tabsOf = (state: TabsState, projectId: string): readonly TerminalTab[] =>
  state.tabs.filter((tab) => tab.projectId === projectId);

/** The tab in front, else the last one. */
export function frontTabOf(state: TabsState, projectId: string): TerminalTab | null {
  const tabs = tabsOf(state, projectId);
  return tabs.find(({ key }) => key === state.front.get(projectId)) ?? tabs.at(-1) ?? null;
}

export const paneOf = (state: TabsState, key: string): Pane | undefined => state.panes.find((pane) => pane.key === key);

/** The panes of a tab, as they lie in it. */
export const panesOf = (state: TabsState, tab: TerminalTab): readonly Pane[] =>
  paneKeysOf(tab.panes).flatMap((key) => paneOf(state, key) ?? []);

/** The tab that a pane is in. */
export const tabWith = (state: TabsState, paneKey: string): TerminalTab | undefined =>
  state.tabs.find(({ panes }) => paneKeysOf(panes).includes(paneKey));

export const newPane = (key: string, projectId: string, sessionId: string | null, title: string): Pane => ({
  key,
  projectId,
  sessionId,
  title: toPlainTitle(title),
  status: sessionId === null ? 'opening' : 'unattached',
  hasBell: false,
  end: null,
  failure: null,
});

/** A tab of one pane; it is called by its first pane's key, whatever becomes of that pane. */
export const tabOfPane = ({ key, projectId }: Pane): TerminalTab => ({
  key,
  projectId,
  name: '',
  panes: key,
  active: key,
});

/** With a new tab in front. */
export function withTab(state: TabsState, pane: Pane): TabsState {
  return {
    ...state,
    panes: [...state.panes, pane],
    tabs: [...state.tabs, tabOfPane(pane)],
    front: new Map(state.front).set(pane.projectId, pane.key),
  };
}

/** Whether one more pane has room in a tab. */
export const canSplit = ({ panes }: TerminalTab): boolean => paneKeysOf(panes).length < maxPanes;

/** With a new pane in half of another one's room, and keys going to it. */
export function withSplit(state: TabsState, besideKey: string, direction: SplitDirection, pane: Pane): TabsState {
  const tab = tabWith(state, besideKey);
  if (tab === undefined || !canSplit(tab)) return state;
  const panes = withPaneBeside(tab.panes, besideKey, direction, pane.key);
  return changeTab({ ...state, panes: [...state.panes, pane] }, tab.key, { panes, active: pane.key });
}

export function changePane(state: TabsState, key: string, change: Partial<Pane>): TabsState {
  return { ...state, panes: state.panes.map((pane) => (pane.key === key ? { ...pane, ...change } : pane)) };
}

export function changeTab(state: TabsState, key: string, change: Partial<TerminalTab>): TabsState {
  return { ...state, tabs: state.tabs.map((tab) => (tab.key === key ? { ...tab, ...change } : tab)) };
}

/** With keys going to this pane while its tab is in front. */
export function withActivePane(state: TabsState, key: string): TabsState {
  const tab = tabWith(state, key);
  return tab === undefined || tab.active === key ? state : changeTab(state, tab.key, { active: key });
}

/** The words on a tab. */
export const tabWords = (state: TabsState, { name, active }: TerminalTab): string =>
  name === '' ? (paneOf(state, active)?.title ?? unknownTitle) : name;

/** With a tab at another place among its project's tabs, counted from 0; beyond the ends is at the end. */
export function withTabAt(state: TabsState, key: string, index: number): TabsState {
  const tab = state.tabs.find((one) => one.key === key);
  if (tab === undefined) return state;
  const siblings = tabsOf(state, tab.projectId);
  const at = Math.min(siblings.length - 1, Math.max(0, index));
  if (siblings[at] === tab) return state;
  const ordered = siblings.filter((one) => one !== tab).toSpliced(at, 0, tab);
  return { ...state, tabs: [...state.tabs.filter(({ projectId }) => projectId !== tab.projectId), ...ordered] };
}

/** A session will not come back. */
export function withDone(state: TabsState, sessionId: string): TabsState {
  return { ...state, doneIds: new Set(state.doneIds).add(sessionId) };
}

/** Without a pane; its neighbour gets its room and the keys. The last one takes its tab along. */
export function withoutPane(state: TabsState, key: string): TabsState {
  const tab = tabWith(state, key);
  if (tab === undefined) return state;
  const panes = mapPanes(tab.panes, (one) => (one === key ? null : one));
  if (panes === null) return withoutTab(state, tab.key);
  const at = paneKeysOf(tab.panes).indexOf(key);
  const rest = paneKeysOf(panes);
  const active = tab.active === key ? (rest[Math.min(at, rest.length - 1)] ?? '') : tab.active;
  const left = { ...state, panes: state.panes.filter((pane) => pane.key !== key) };
  return changeTab(left, tab.key, { panes, active });
}

/** Without a tab and its panes; its neighbour comes to the front. */
export function withoutTab(state: TabsState, key: string): TabsState {
  const gone = state.tabs.find((tab) => tab.key === key);
  if (gone === undefined) return state;
  const siblings = tabsOf(state, gone.projectId);
  const index = siblings.indexOf(gone);
  const neighbour = siblings[index + 1] ?? siblings[index - 1];
  const front = new Map(state.front);
  if (frontTabOf(state, gone.projectId)?.key === key) {
    if (neighbour === undefined) front.delete(gone.projectId);
    else front.set(gone.projectId, neighbour.key);
  }
  const goneKeys = new Set(paneKeysOf(gone.panes));
  return {
    ...state,
    panes: state.panes.filter((pane) => !goneKeys.has(pane.key)),
    tabs: state.tabs.filter((tab) => tab !== gone),
    front,
  };
}

/** How a session ended, in words. */
export function endWords({ reason, exitCode }: SessionEnd): string {
  switch (reason) {
    case 'exited':
      return exitCode === undefined ? 'The program ended' : `Ended with exit code ${exitCode}`;
    case 'container-stopped':
      return 'The container stopped';
    case 'closed':
      return 'The session was closed';
    case 'engine-lost':
      return 'The connection to the engine was lost';
    default: {
      const never: never = reason;
      return never;
    }
  }
}
