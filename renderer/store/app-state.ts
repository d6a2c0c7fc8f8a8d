import { applySnapshotChange, type SnapshotChange } from '../../preload/contract/snapshot-change.ts';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import type { Settings } from '../../preload/contract/settings.ts';
import type { WindowStart } from '../../preload/contract/window.ts';

/** What the main process told this window. Never changed by the window itself. */
export type AppState =
  | { readonly status: 'loading' }
  | { readonly status: 'unreachable'; readonly reason: string }
  | ({ readonly status: 'ready'; readonly projects: ReadonlyMap<string, ProjectState> } & WindowStart);

export type ReadyState = Extract<AppState, { status: 'ready' }>;

const byId = (snapshot: Snapshot): ReadonlyMap<string, ProjectState> =>
  new Map(snapshot.projects.map((project) => [project.id, project]));

export function toReady(start: WindowStart): ReadyState {
  return { status: 'ready', projects: byId(start.snapshot), ...start };
}

export function withSettings(state: AppState, settings: Settings): AppState {
  return state.status === 'ready' ? { ...state, settings } : state;
}

/**
 * The state after a change; the same one where the change is older than what is shown; null where something between was
 * missed, so that the window must begin again.
 */
export function withChange(state: ReadyState, change: SnapshotChange): ReadyState | null {
  const { snapshot } = state;
  if (change.revision <= snapshot.revision) return state;
  if (change.baseRevision !== snapshot.revision) return null;
  try {
    const next = applySnapshotChange(snapshot, change);
    return { ...state, snapshot: next, projects: next.projects === snapshot.projects ? state.projects : byId(next) };
  } catch {
    return null;
  }
}
