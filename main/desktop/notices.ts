import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { toLabel } from './tray/tray-menu.ts';

export interface Notice {
  readonly projectId: string;
  readonly title: string;
  readonly body: string;
}

/**
 * What a person must be told of when no window is looked at: an operation that failed, a container that ended by itself.
 * Pure; nothing for what went well.
 */
export function toNotices(before: Snapshot, after: Snapshot): readonly Notice[] {
  if (before.projects === after.projects) return [];
  const known = new Map(before.projects.map((project) => [project.id, project]));
  return after.projects.flatMap((project) => {
    const old = known.get(project.id);
    if (old === undefined || old.failure === project.failure || project.failure === null) return [];
    if (project.failure.code === 'not-trusted' || project.failure.code === 'cancelled') return [];
    return [{ projectId: project.id, title: toLabel(project.name), body: project.failure.message.slice(0, 200) }];
  });
}
