import { useEffect, useState } from 'react';
import type { StatsSample } from '../../../preload/contract/stats.ts';
import { useWatch, type Watching } from './use-watch.ts';

/** How much of the past is shown, in milliseconds. */
export const shownMs = 120_000;

/** What was heard since the view came up. */
export interface WatchedStats extends Watching {
  /** The oldest first; not older than `shownMs` against the newest. */
  readonly samples: readonly StatsSample[];
}

const withSample = (samples: readonly StatsSample[], next: StatsSample): readonly StatsSample[] => [
  ...samples.filter(({ atMs }) => atMs > next.atMs - shownMs && atMs < next.atMs),
  next,
];

/** @param containerId null while it is down; another one begins anew */
export function useStats(projectId: string, containerId: string | null): WatchedStats {
  const [samples, setSamples] = useState<readonly StatsSample[]>([]);
  useEffect(() => setSamples([]), [projectId, containerId]);
  const watching = useWatch('stats', projectId, containerId, (sample) =>
    setSamples((before) => withSample(before, sample)),
  );
  return { samples, ...watching };
}
