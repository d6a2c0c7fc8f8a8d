import { useEffect, useRef, type ReactNode } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { tokenOf } from '../../terminal/theme.ts';
import { shownMs } from './use-stats.ts';

const heightPx = 150;
const valueColumnPx = 64;

interface StatsPlotProps {
  readonly label: string;
  /** Seconds before the newest (0 or less), and the value there. */
  readonly points: readonly (readonly [seconds: number, value: number])[];
  readonly format: (value: number) => string;
  /** The value axis reaches at least this far, so that idling looks idle. */
  readonly leastTop: number;
}

/** One value over the last two minutes. What it says stands in words beside it. */
export function StatsPlot({ label, points, format, leastTop }: StatsPlotProps): ReactNode {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    const made = new UPlot(toOptions(current.clientWidth, format, leastTop), [[], []], current);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: current.clientWidth, height: heightPx }));
    observer.observe(current);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [format, leastTop]);
  useEffect(() => {
    plot.current?.setData([points.map(([seconds]) => seconds), points.map(([, value]) => value)]);
  }, [points]);
  return <div ref={place} role="img" aria-label={`${label} over the last two minutes`} />;
}

/** Colours are asked for at each drawing: another theme shows with the next sample. */
function toOptions(width: number, format: (value: number) => string, leastTop: number): UPlot.Options {
  const axis = {
    stroke: () => tokenOf('text-secondary'),
    font: `11px ${tokenOf('font-ui')}`,
    grid: { stroke: () => tokenOf('line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: heightPx,
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [-shownMs / 1000, 0] },
      y: { range: (_plot, _least, most) => [0, Math.max(leastTop, (most ?? 0) * 1.1)] },
    },
    axes: [
      { ...axis, values: (_plot, splits) => splits.map((seconds) => (seconds === 0 ? 'now' : `${-seconds} s ago`)) },
      { ...axis, size: valueColumnPx, values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {},
      {
        stroke: () => tokenOf('accent-text'),
        fill: () => tokenOf('bg-selected'),
        width: 1.5,
        points: { show: false },
      },
    ],
  };
}
