import { useMemo } from 'react';
import type { ProjectState } from '../../preload/contract/snapshot.ts';
import { useProject } from '../store/app-context.ts';
import { flashMs, useLasting } from './use-time.ts';

/** The project without operations that only just began: what is over at once must not flash. */
export function useSteadyProject(id: string): ProjectState | undefined {
  const project = useProject(id);
  const queuedAtMs = project?.operations[0]?.queuedAtMs;
  const isBusy = queuedAtMs !== undefined;
  const lasts = useLasting(isBusy) || (isBusy && Date.now() - queuedAtMs >= flashMs);
  return useMemo(
    () => (project === undefined || !isBusy || lasts ? project : { ...project, operations: [] }),
    [project, isBusy, lasts],
  );
}
