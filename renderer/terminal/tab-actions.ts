import type { SplitDirection } from '../../preload/contract/terminal-layout.ts';
import type { ExternalStore } from '../store/external-store.ts';
import { toPlainTitle } from './input-bytes.ts';
import { paneKeysOf, withPaneGrown, withShare } from './pane-tree.ts';
import {
  changePane,
  changeTab,
  newPane,
  paneOf,
  tabWith,
  unknownTitle,
  withActivePane,
  withSplit,
  withTab,
  withTabAt,
  type TabsState,
} from './tabs-state.ts';

/** What is done with tabs and panes as such; a session is opened once its pane is shown. */
export interface TabActions {
  /** Opens a terminal in a tab of its own. */
  open(projectId: string): void;
  /** Shows a session, or a new one, in the only tab of a terminal's own window. */
  attachOnly(projectId: string, sessionId: string | null): void;
  /** Opens a terminal of the same project in half of a pane's room; nothing where none can be opened, or its tab is full. */
  split(paneKey: string, direction: SplitDirection): void;
  activate(projectId: string, tabKey: string): void;
  /** Keys go to this pane from now on. */
  activatePane(paneKey: string): void;
  /** The share of the split at this path of a tab's panes. */
  setShare(tabKey: string, path: string, share: number): void;
  /** Gives a pane more of the room of the split that it is in, or less: a share between -1 and 1. */
  growPane(paneKey: string, by: number): void;
  /** What a person calls a tab from now on; empty for the program's own title. */
  rename(tabKey: string, name: string): void;
  /** Moves a tab to another place among its project's tabs, counted from 0. */
  move(tabKey: string, index: number): void;
}

/** @param canOpen whether a terminal of the project can be opened now */
export function createTabActions(store: ExternalStore<TabsState>, canOpen: (projectId: string) => boolean): TabActions {
  let lastKey = 0;
  const nextKey = (): string => {
    lastKey += 1;
    return `pane-${lastKey}`;
  };
  return {
    open: (projectId) => store.update((state) => withTab(state, newPane(nextKey(), projectId, null, unknownTitle))),
    attachOnly: (projectId, sessionId) => {
      if (store.get().tabs.length > 0) return;
      store.update((state) => withTab(state, newPane(nextKey(), projectId, sessionId, unknownTitle)));
    },
    split: (key, direction) =>
      store.update((state) => {
        const beside = paneOf(state, key);
        if (beside === undefined || !canOpen(beside.projectId)) return state;
        return withSplit(state, key, direction, newPane(nextKey(), beside.projectId, null, unknownTitle));
      }),
    activate: (projectId, key) =>
      store.update((state) => {
        const shown = state.tabs.filter((tab) => tab.key === key).flatMap((tab) => paneKeysOf(tab.panes));
        const quiet = shown.reduce((next, one) => changePane(next, one, { hasBell: false }), state);
        return { ...quiet, front: new Map(state.front).set(projectId, key) };
      }),
    activatePane: (key) => store.update((state) => withActivePane(state, key)),
    setShare: (key, path, share) =>
      store.update((state) => {
        const tab = state.tabs.find((one) => one.key === key);
        return tab === undefined ? state : changeTab(state, key, { panes: withShare(tab.panes, path, share) });
      }),
    growPane: (key, by) =>
      store.update((state) => {
        const tab = tabWith(state, key);
        return tab === undefined ? state : changeTab(state, tab.key, { panes: withPaneGrown(tab.panes, key, by) });
      }),
    rename: (key, name) => store.update((state) => changeTab(state, key, { name: toPlainTitle(name) })),
    move: (key, index) => store.update((state) => withTabAt(state, key, index)),
  };
}
