import type { ProjectState, SessionState, Snapshot } from '../../preload/contract/snapshot.ts';
import { toPlainTitle } from './input-bytes.ts';
import { newPane, tabOfPane, unknownTitle, withoutPane, type Pane, type TabsState } from './tabs-state.ts';

/** Brings the panes in step with the sessions that the app has: kept ones get a tab, gone ones lose their pane or end. */
export function followSessions(state: TabsState, snapshot: Snapshot): TabsState {
  const projects = new Map(snapshot.projects.map((project) => [project.id, project]));
  const gone = state.panes.filter((pane) => isGone(pane, projects.get(pane.projectId)));
  const left = gone.reduce((rest, { key }) => withoutPane(rest, key), state);
  const panes = left.panes.map((pane) => {
    const project = projects.get(pane.projectId);
    return titledBy(endedWith(pane, project), project);
  });
  const found = foundPanes(left, snapshot);
  const isSame = gone.length === 0 && found.length === 0 && panes.every((pane, index) => pane === state.panes[index]);
  if (isSame) return state;
  return { ...left, panes: [...panes, ...found], tabs: [...left.tabs, ...found.map(tabOfPane)] };
}

/** The session of a window's terminal, and not one of the command line's. */
export const isWindows = ({ kind, kept }: SessionState): boolean => kind === 'shell' && kept;

/** A pane for each session that has none yet. */
function foundPanes(state: TabsState, snapshot: Snapshot): readonly Pane[] {
  const shown = new Set(state.panes.map(({ sessionId }) => sessionId));
  // While a pane opens, the session that appears is probably its own.
  const opening = new Set(state.panes.filter(({ status }) => status === 'opening').map(({ projectId }) => projectId));
  return snapshot.projects
    .filter(({ id }) => !opening.has(id))
    .flatMap(({ id, sessions }) =>
      sessions
        .filter((session) => isWindows(session) && !shown.has(session.id) && !state.doneIds.has(session.id))
        .map((session) => newPane(session.id, id, session.id, session.title)),
    );
}

const hasSession = (pane: Pane, project: ProjectState): boolean =>
  project.sessions.some(({ id }) => id === pane.sessionId);

function isGone(pane: Pane, project: ProjectState | undefined): boolean {
  if (project === undefined) return true;
  return (pane.status === 'unattached' || pane.status === 'elsewhere') && !hasSession(pane, project);
}

/** Until a program sets a title of its own, the pane is called by the program. */
function titledBy(pane: Pane, project: ProjectState | undefined): Pane {
  if (pane.title !== unknownTitle) return pane;
  const title = project?.sessions.find(({ id }) => id === pane.sessionId)?.title;
  return title === undefined || title === unknownTitle ? pane : { ...pane, title: toPlainTitle(title) };
}

/** A container that is not there can't have a live session, whatever became of the news of its end. */
function endedWith(pane: Pane, project: ProjectState | undefined): Pane {
  const isLost =
    pane.status === 'live' &&
    project !== undefined &&
    (project.container.status === 'missing' || project.container.status === 'stopped') &&
    !hasSession(pane, project);
  return isLost ? { ...pane, status: 'ended', end: { reason: 'container-stopped' } } : pane;
}
