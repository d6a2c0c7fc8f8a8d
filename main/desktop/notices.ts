import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import type { SyncState } from '../../preload/contract/sync.ts';
import type { CommandEnd, ProjectPart } from '../../preload/contract/window.ts';
import { toLabel } from './tray/tray-menu.ts';

export interface Notice {
  readonly projectId: string;
  readonly title: string;
  readonly body: string;
  /** What a click on it brings into view; null for the project as it was left. */
  readonly part: ProjectPart | null;
}

/**
 * What a person must be told of when no window is looked at: an operation that failed, a container that ended by itself, a
 * vault that changed on both sides, a push that nothing but a person can get going again.
 * Pure; nothing for what went well.
 */
export function toNotices(before: Snapshot, after: Snapshot): readonly Notice[] {
  if (before.projects === after.projects) return [];
  const known = new Map(before.projects.map((project) => [project.id, project]));
  return after.projects.flatMap((project) => {
    const old = known.get(project.id);
    if (old === undefined) return [];
    const failed = failureWords(old, project);
    const body = failed ?? syncWords(old.sync, project.sync);
    if (body === null) return [];
    const part = failed === null ? 'sync' : null;
    return [{ projectId: project.id, title: toLabel(project.name), body: body.slice(0, 200), part }];
  });
}

/** That a long command ended, without a word of it: it may hold what only its terminal should show. */
export function toCommandNotice({ id, name }: Pick<ProjectState, 'id' | 'name'>, end: CommandEnd): Notice {
  const seconds = Math.round(end.durationMs / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const long = hours > 0 ? `${hours} h ${minutes % 60} min` : minutes > 0 ? `${minutes} min` : `${seconds} s`;
  const how = (end.exitCode ?? 0) === 0 ? 'ended' : `failed with exit code ${end.exitCode}`;
  return { projectId: id, title: toLabel(name), body: `A command ${how} after ${long}.`, part: 'terminal' };
}

function failureWords(old: ProjectState, { failure }: ProjectState): string | null {
  if (failure === null || failure === old.failure) return null;
  return failure.code === 'not-trusted' || failure.code === 'cancelled' ? null : failure.message;
}

/** What ends by itself, such as a network that is away, is not worth a notification. */
const endedByPeople: ReadonlySet<string> = new Set([
  'sync-credentials',
  'sync-login-needed',
  'sync-refused',
  'sync-bucket-missing',
]);

function syncWords(old: SyncState, { question, failure }: SyncState): string | null {
  if (question?.kind === 'conflict' && old.question?.kind !== 'conflict') {
    return 'The vault changed here and at the remote. Both are kept; choose which one goes on.';
  }
  const isNew = failure !== null && failure.code !== old.failure?.code && endedByPeople.has(failure.code);
  return isNew ? failure.message : null;
}
