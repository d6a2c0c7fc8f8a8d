import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import type { StatsSample } from '../../../preload/contract/stats.ts';
import { useEngineReady } from '../../store/app-context.ts';
import { countOf, formatBytes } from '../../words/units.ts';
import { bindClasses } from '../classes.ts';
import styles from './panel.module.css';
import statsStyles from './stats-tab.module.css';
import { useStats } from './use-stats.ts';
import { WatchTrouble } from './watch-trouble.tsx';

const css = bindClasses({ ...styles, ...statsStyles });

/** Read with the first look at it. */
const StatsPlot = lazy(async () => {
  const plots = await import('./stats-plot.tsx');
  return { default: plots.StatsPlot };
});

/** What the container uses now and over the last two minutes; asked for only while this is in view. */
export function StatsTab({ project }: { readonly project: ProjectState }): ReactNode {
  const engineReady = useEngineReady();
  const { container } = project;
  const isUp = container.status === 'running' || container.status === 'paused';
  const stats = useStats(project.id, isUp && engineReady ? container.id : null);
  if (!isUp) {
    return (
      <div className={css('center')}>
        <h2 className={css('title')}>Not running</h2>
        <p>Processor and memory show here while the container is up.</p>
      </div>
    );
  }
  return (
    <div className={css('panel')}>
      <div className={css('body')} tabIndex={0} role="region" aria-label="Stats">
        <WatchTrouble watching={stats} />
        <Plots samples={stats.samples} />
      </div>
    </div>
  );
}

const formatPercent = (cores: number): string => `${(cores * 100).toFixed(cores > 0 && cores < 0.1 ? 1 : 0)}%`;

function Plots({ samples }: { readonly samples: readonly StatsSample[] }): ReactNode {
  const newest = samples.at(-1);
  const cpu = usePoints(samples, ({ cpuCores }) => cpuCores);
  const memory = usePoints(samples, ({ memoryBytes }) => memoryBytes);
  const limit = newest?.memoryLimitBytes ?? null;
  return (
    <>
      <Measure
        title="CPU"
        points={cpu}
        format={formatPercent}
        leastTop={0.1}
        note={newest === undefined ? '' : `100% is one of ${countOf(newest.cpuLimitCores, 'core')}`}
      />
      <Measure
        title="Memory"
        points={memory}
        format={formatBytes}
        leastTop={10e6}
        note={limit === null ? '' : `of ${formatBytes(limit)}`}
      />
    </>
  );
}

type Points = readonly (readonly [seconds: number, value: number])[];

function usePoints(samples: readonly StatsSample[], valueOf: (sample: StatsSample) => number | null): Points {
  return useMemo(() => {
    const lastMs = samples.at(-1)?.atMs ?? 0;
    return samples.flatMap((sample) => {
      const value = valueOf(sample);
      return value === null ? [] : [[(sample.atMs - lastMs) / 1000, value] as const];
    });
    // The way to the value is the same for each sample of one plot.
  }, [samples]);
}

interface MeasureProps {
  readonly title: string;
  readonly points: Points;
  readonly format: (value: number) => string;
  readonly leastTop: number;
  readonly note: string;
}

/** The numbers, and the plot beside them. */
function Measure({ title, points, format, leastTop, note }: MeasureProps): ReactNode {
  const now = points.at(-1)?.[1];
  return (
    <section className={css('measure')} aria-label={title}>
      <dl className={css('numbers', 'selectable')}>
        <dt>{title}</dt>
        <dd className={css('now')}>{now === undefined ? '…' : format(now)}</dd>
        <dd className={css('note')}>{note}</dd>
        <dd className={css('note')}>
          {now === undefined ? '' : `at most ${format(Math.max(...points.map(([, value]) => value)))}`}
        </dd>
      </dl>
      <Suspense fallback={<div />}>
        <StatsPlot label={title} points={points} format={format} leastTop={leastTop} />
      </Suspense>
    </section>
  );
}
