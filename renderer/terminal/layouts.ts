import type { TazpodApi } from '../../preload/api.ts';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import type { TabLayout, TerminalLayout } from '../../preload/contract/terminal-layout.ts';
import type { ExternalStore } from '../store/external-store.ts';
import { isWindows } from './follow-sessions.ts';
import { mapPanes, paneKeysOf } from './pane-tree.ts';
import {
  frontTabOf,
  newPane,
  paneOf,
  tabsOf,
  unknownTitle,
  type Pane,
  type TabsState,
  type TerminalTab,
} from './tabs-state.ts';

/** Each project's layout, by its id. */
export type TerminalLayouts = Readonly<Record<string, TerminalLayout>>;

const noLayout: TerminalLayout = { tabs: [], front: 0 };

/** A tab as the next page finds it: the panes whose sessions go on. */
function toTabLayout(state: TabsState, { name, panes, active }: TerminalTab): TabLayout | null {
  const sessionOf = (key: string): string | null => {
    const pane = paneOf(state, key);
    return pane === undefined || pane.status === 'ended' || pane.status === 'failed' ? null : pane.sessionId;
  };
  const sessions = mapPanes(panes, sessionOf);
  const [first] = sessions === null ? [] : paneKeysOf(sessions);
  return sessions === null || first === undefined
    ? null
    : { name, panes: sessions, active: sessionOf(active) ?? first };
}

/** How the terminals of a project are arranged. */
export function toLayout(state: TabsState, projectId: string): TerminalLayout {
  const front = frontTabOf(state, projectId);
  const kept = tabsOf(state, projectId).flatMap((tab) => {
    const layout = toTabLayout(state, tab);
    return layout === null ? [] : [{ layout, isFront: tab === front }];
  });
  const at = kept.findIndex(({ isFront }) => isFront);
  return { tabs: kept.map(({ layout }) => layout), front: Math.max(0, at) };
}

interface RestoredTab {
  readonly tab: TerminalTab;
  readonly panes: readonly Pane[];
  readonly wasFront: boolean;
}

/** The tabs of a project's layout, as far as their sessions are still there. */
function restoredTabs({ id: projectId, sessions: all }: ProjectState, layout: TerminalLayout): readonly RestoredTab[] {
  const sessions = new Map(all.filter(isWindows).map((session) => [session.id, session]));
  return layout.tabs.flatMap(({ name, panes: tree, active }, index) => {
    const panes = mapPanes(tree, (id) => (sessions.has(id) ? id : null));
    const keys = panes === null ? [] : paneKeysOf(panes);
    const [key] = keys;
    if (panes === null || key === undefined) return [];
    return {
      tab: { key, projectId, name, panes, active: keys.includes(active) ? active : key },
      panes: keys.map((id) => newPane(id, projectId, id, sessions.get(id)?.title ?? unknownTitle)),
      wasFront: index === layout.front,
    };
  });
}

/** Arranges the sessions that are still there as the page before did. */
export function withLayouts(state: TabsState, layouts: TerminalLayouts, { projects }: Snapshot): TabsState {
  const restored = projects.flatMap((project) => restoredTabs(project, layouts[project.id] ?? noLayout));
  const fronts = restored.filter(({ wasFront }) => wasFront).map(({ tab }) => [tab.projectId, tab.key] as const);
  return {
    ...state,
    panes: [...state.panes, ...restored.flatMap(({ panes }) => panes)],
    tabs: [...state.tabs, ...restored.map(({ tab }) => tab)],
    front: new Map([...state.front, ...fronts]),
  };
}

/** Tells the main process how terminals are arranged whenever that changed, for the next page. */
export function keepLayouts(api: TazpodApi, store: ExternalStore<TabsState>): void {
  const told = new Map<string, string>();
  store.subscribe(() => {
    const state = store.get();
    for (const projectId of new Set([...told.keys(), ...state.tabs.map((tab) => tab.projectId)])) {
      const layout = toLayout(state, projectId);
      const text = JSON.stringify(layout);
      if (told.get(projectId) === text) continue;
      told.set(projectId, text);
      api.send('keepTerminalLayout', projectId, layout);
    }
  });
}
