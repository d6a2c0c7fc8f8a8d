import type { ProjectState, Snapshot } from './snapshot.ts';

type SnapshotFields = Omit<Snapshot, 'revision' | 'projects'>;

/** What makes one snapshot out of another. Plain JSON. */
export interface SnapshotChange {
  /** The snapshot that this builds on. */
  readonly baseRevision: number;
  /** The snapshot that comes out. */
  readonly revision: number;
  /** Top-level fields that differ, whole; never `projects`. */
  readonly fields: Partial<SnapshotFields>;
  /** Projects that are new or differ, whole. */
  readonly projects: readonly ProjectState[];
  /** Ids of all projects in order; absent where neither ids nor order changed. */
  readonly projectIds?: readonly string[];
}

/**
 * Finds what differs, by reference: snapshots share whatever did not change, so of 200 projects one busy one is sent
 * alone. Equal values that are not shared are sent again, which costs bytes, not truth.
 */
export function diffSnapshot(previous: Snapshot, next: Snapshot): SnapshotChange {
  const { revision: _revision, projects: _projects, ...rest } = next;
  const fields = Object.fromEntries(
    (Object.keys(rest) as (keyof SnapshotFields)[])
      .filter((key) => previous[key] !== next[key])
      .map((key) => [key, next[key]]),
  ) as Partial<SnapshotFields>;
  const base = { baseRevision: previous.revision, revision: next.revision, fields };
  if (previous.projects === next.projects) return { ...base, projects: [] };
  const before = new Map(previous.projects.map((project) => [project.id, project]));
  const projects = next.projects.filter((project) => before.get(project.id) !== project);
  return haveSameIds(previous.projects, next.projects)
    ? { ...base, projects }
    : { ...base, projects, projectIds: next.projects.map(({ id }) => id) };
}

/**
 * Puts a change into effect. What did not change is shared with `previous`, so that views can compare by reference.
 * @throws Error where the change builds on another revision or names a project that nobody sent
 */
export function applySnapshotChange(previous: Snapshot, change: SnapshotChange): Snapshot {
  if (change.baseRevision !== previous.revision) {
    throw new Error(`a change from revision ${change.baseRevision} does not fit revision ${previous.revision}`);
  }
  const next = { ...previous, ...change.fields, revision: change.revision };
  if (change.projects.length === 0 && change.projectIds === undefined) return next;
  const known = new Map(previous.projects.map((project) => [project.id, project]));
  for (const project of change.projects) known.set(project.id, project);
  const ids = change.projectIds ?? previous.projects.map(({ id }) => id);
  return { ...next, projects: ids.map((id) => projectOf(known, id)) };
}

function projectOf(known: ReadonlyMap<string, ProjectState>, id: string): ProjectState {
  const project = known.get(id);
  if (project === undefined) throw new Error(`a change names the project ${id}, which was never sent`);
  return project;
}

function haveSameIds(left: readonly ProjectState[], right: readonly ProjectState[]): boolean {
  return left.length === right.length && left.every((project, index) => project.id === right[index]?.id);
}
