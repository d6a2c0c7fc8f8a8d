import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { Failure } from '../../../preload/contract/errors.ts';
import type { WatchedSamples, WatchKind, WatchSample } from '../../../preload/contract/window.ts';
import { useApp } from '../../store/app-context.ts';

/** How the watching goes. */
export interface Watching {
  /** Why nothing follows any more. */
  readonly trouble: Failure | 'ended' | null;
  readonly watchAgain: () => void;
}

function subscribeVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

const isPageVisible = (): boolean => document.visibilityState === 'visible';

/**
 * Follows something of a project while the view is there and its window is to be seen; nothing is asked for otherwise.
 * @param containerId null while it is down; another one begins anew
 */
export function useWatch<Kind extends WatchKind>(
  kind: Kind,
  projectId: string,
  containerId: string | null,
  onSample: (sample: WatchedSamples[Kind]) => void,
): Watching {
  const { api } = useApp();
  const isVisible = useSyncExternalStore(subscribeVisibility, isPageVisible);
  const [trouble, setTrouble] = useState<Failure | 'ended' | null>(null);
  const [attempt, setAttempt] = useState(0);
  const hear = useRef(onSample);
  hear.current = onSample;
  useEffect(() => {
    if (containerId === null || !isVisible) return undefined;
    let isLeft = false;
    const isOurs = (event: Pick<WatchSample, 'kind' | 'projectId'>): boolean =>
      event.kind === kind && event.projectId === projectId;
    const stops = [
      api.on('watchSample', (event) => {
        if (isOurs(event)) hear.current(event.sample as WatchedSamples[Kind]);
      }),
      api.on('watchEnd', (event) => {
        if (isOurs(event)) setTrouble('ended');
      }),
    ];
    setTrouble(null);
    void api.request('watch', kind, projectId).then((answer) => {
      if (!answer.ok && !isLeft) setTrouble(answer.failure);
    });
    return () => {
      isLeft = true;
      for (const stop of stops) stop();
      void api.request('watch', kind, null);
    };
  }, [api, kind, projectId, containerId, isVisible, attempt]);
  return { trouble, watchAgain: () => setAttempt((before) => before + 1) };
}
