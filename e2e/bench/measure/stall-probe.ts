/**
 * Loaded into a process with `--import`: tells its parent the longest stall of its event loop between `begin` and `end`.
 * The process needs not know of it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The histogram holds the time between two timers, so this much of it is no delay. */
const resolutionMs = 5;

export interface StallReport {
  readonly maxStallMs: number;
  readonly p99StallMs: number;
}

const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
const toStallMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);

process.on('message', (message) => {
  if (message === 'begin') {
    histogram.reset();
    histogram.enable();
  } else if (message === 'end') {
    histogram.disable();
    const report: StallReport = {
      maxStallMs: toStallMs(histogram.max),
      p99StallMs: toStallMs(histogram.percentile(99)),
    };
    process.send?.(report);
  }
});
// The probe must not keep the process alive that it looks at.
process.channel?.unref();
