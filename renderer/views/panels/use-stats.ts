import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Failure } from '../../../preload/contract/errors.ts';
import type { StatsSample } from '../../../preload/contract/stats.ts';
import { useApp } from '../../store/app-context.ts';

/** How much of the past is shown, in milliseconds. */
export const shownMs = 120_000;

/** What was heard since the view came up. */
export interface WatchedStats {
  /** The oldest first; not older than `shownMs` against the newest. */
  readonly samples: readonly StatsSample[];
  /** Why nothing follows any more. */
  readonly trouble: Failure | 'ended' | null;
  readonly watchAgain: () => void;
}

function subscribeVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

const isPageVisible = (): boolean => document.visibilityState === 'visible';

const withSample = (samples: readonly StatsSample[], next: StatsSample): readonly StatsSample[] => [
  ...samples.filter(({ atMs }) => atMs > next.atMs - shownMs && atMs < next.atMs),
  next,
];

/**
 * Follows the stats of a project while the view is there and its window is to be seen; nothing streams otherwise.
 * @param containerId null while it is down; another one begins anew
 */
export function useStats(projectId: string, containerId: string | null): WatchedStats {
  const { api } = useApp();
  const isVisible = useSyncExternalStore(subscribeVisibility, isPageVisible);
  const [samples, setSamples] = useState<readonly StatsSample[]>([]);
  const [trouble, setTrouble] = useState<Failure | 'ended' | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => setSamples([]), [projectId, containerId]);
  useEffect(() => {
    if (containerId === null || !isVisible) return undefined;
    let isLeft = false;
    const stops = [
      api.on('statsSample', (event) => {
        if (event.projectId === projectId) setSamples((before) => withSample(before, event.sample));
      }),
      api.on('statsEnd', (event) => {
        if (event.projectId === projectId) setTrouble('ended');
      }),
    ];
    setTrouble(null);
    void api.request('watchStats', projectId).then((answer) => {
      if (!answer.ok && !isLeft) setTrouble(answer.failure);
    });
    return () => {
      isLeft = true;
      for (const stop of stops) stop();
      void api.request('watchStats', null);
    };
  }, [api, projectId, containerId, isVisible, attempt]);
  return { samples, trouble, watchAgain: () => setAttempt((before) => before + 1) };
}
