import type { Failure } from '../../preload/contract/errors.ts';
import type { SessionEnd } from '../../preload/contract/session.ts';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import { toPlainTitle } from './input-bytes.ts';

/**
 * A tab of the terminal pane. `opening` has no session yet; `unattached` has one that this window has not shown;
 * `elsewhere` is shown by another window.
 */
export interface TerminalTab {
  readonly key: string;
  readonly projectId: string;
  readonly sessionId: string | null;
  readonly title: string;
  /** What a person called it; empty for the title. */
  readonly name: string;
  readonly status: 'opening' | 'unattached' | 'live' | 'elsewhere' | 'ended' | 'failed';
  /** The bell rang while nobody looked. */
  readonly hasBell: boolean;
  readonly end: SessionEnd | null;
  readonly failure: Failure | null;
}

export interface TabsState {
  readonly tabs: readonly TerminalTab[];
  /** By project, the key of the tab in front. */
  readonly front: ReadonlyMap<string, string>;
  /** Sessions that ended or were closed here: a snapshot may name them a moment longer. */
  readonly doneIds: ReadonlySet<string>;
}

export const noTabs: TabsState = { tabs: [], front: new Map(), doneIds: new Set() };

/** What a tab is called until its program is known. */
export const unknownTitle = 'shell';

export const tabsOf = (state: TabsState, projectId: string): readonly TerminalTab[] =>
  state.tabs.filter((tab) => tab.projectId === projectId);

/** The tab in front, else the last one. */
export function frontTabOf(state: TabsState, projectId: string): TerminalTab | null {
  const tabs = tabsOf(state, projectId);
  return tabs.find(({ key }) => key === state.front.get(projectId)) ?? tabs.at(-1) ?? null;
}

export const newTab = (key: string, projectId: string, sessionId: string | null, title: string): TerminalTab => ({
  key,
  projectId,
  sessionId,
  title: toPlainTitle(title),
  name: '',
  status: sessionId === null ? 'opening' : 'unattached',
  hasBell: false,
  end: null,
  failure: null,
});

export function withTab(state: TabsState, tab: TerminalTab): TabsState {
  return { ...state, tabs: [...state.tabs, tab], front: new Map(state.front).set(tab.projectId, tab.key) };
}

export function changeTab(state: TabsState, key: string, change: Partial<TerminalTab>): TabsState {
  return { ...state, tabs: state.tabs.map((tab) => (tab.key === key ? { ...tab, ...change } : tab)) };
}

/** The words on a tab. */
export const tabWords = ({ name, title }: TerminalTab): string => (name === '' ? title : name);

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

/** Without a tab; its neighbour comes to the front. */
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
  return { ...state, tabs: state.tabs.filter((tab) => tab !== gone), front };
}

/** Brings the tabs in step with the sessions that the app has: kept ones get a tab, gone ones lose theirs or end. */
export function followSessions(state: TabsState, snapshot: Snapshot): TabsState {
  const projects = new Map(snapshot.projects.map((project) => [project.id, project]));
  const kept = state.tabs
    .filter((tab) => !isGone(tab, projects.get(tab.projectId)))
    .map((tab) => titledBy(endedWith(tab, projects.get(tab.projectId)), projects.get(tab.projectId)));
  const shown = new Set(kept.map(({ sessionId }) => sessionId));
  // While a tab opens, the session that appears is probably its own.
  const opening = new Set(kept.filter(({ status }) => status === 'opening').map(({ projectId }) => projectId));
  const found = snapshot.projects
    .filter(({ id }) => !opening.has(id))
    .flatMap(({ id, sessions }) =>
      sessions
        .filter(
          (session) =>
            session.kind === 'shell' && session.kept && !shown.has(session.id) && !state.doneIds.has(session.id),
        )
        .map((session) => newTab(session.id, id, session.id, session.title)),
    );
  const isSame =
    found.length === 0 && kept.length === state.tabs.length && kept.every((tab, index) => tab === state.tabs[index]);
  return isSame ? state : { ...state, tabs: [...kept, ...found] };
}

const hasSession = (tab: TerminalTab, project: ProjectState): boolean =>
  project.sessions.some(({ id }) => id === tab.sessionId);

function isGone(tab: TerminalTab, project: ProjectState | undefined): boolean {
  if (project === undefined) return true;
  return (tab.status === 'unattached' || tab.status === 'elsewhere') && !hasSession(tab, project);
}

/** Until a program sets a title of its own, the tab is called by the program. */
function titledBy(tab: TerminalTab, project: ProjectState | undefined): TerminalTab {
  if (tab.title !== unknownTitle) return tab;
  const title = project?.sessions.find(({ id }) => id === tab.sessionId)?.title;
  return title === undefined || title === unknownTitle ? tab : { ...tab, title: toPlainTitle(title) };
}

/** A container that is not there can't have a live session, whatever became of the news of its end. */
function endedWith(tab: TerminalTab, project: ProjectState | undefined): TerminalTab {
  const isLost =
    tab.status === 'live' &&
    project !== undefined &&
    (project.container.status === 'missing' || project.container.status === 'stopped') &&
    !hasSession(tab, project);
  return isLost ? { ...tab, status: 'ended', end: { reason: 'container-stopped' } } : tab;
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
