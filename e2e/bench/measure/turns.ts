import { setTimeout as delay } from 'node:timers/promises';

/** The longest turn of this process's event loop during some work. */
export interface LongestTurn {
  /** By the clock, as a timer that was due sees it: other programs of the machine count in. */
  readonly wallMs: number;
  /** Processor time of the thread itself: what the work did, whatever else the machine does. */
  readonly ownMs: number;
}

const tickMs = 1;

/** Runs something, and looks at both clocks at every tick. */
export async function longestTurnOf(work: () => Promise<unknown>): Promise<LongestTurn> {
  const ticks = { at: performance.now(), own: ownMs(), wallMs: 0, ownMs: 0 };
  const timer = setInterval(() => {
    const [at, own] = [performance.now(), ownMs()];
    ticks.wallMs = Math.max(ticks.wallMs, at - ticks.at - tickMs);
    ticks.ownMs = Math.max(ticks.ownMs, own - ticks.own);
    [ticks.at, ticks.own] = [at, own];
  }, tickMs);
  try {
    await work();
    // The last turn is seen by the tick after it.
    await delay(5 * tickMs);
  } finally {
    clearInterval(timer);
  }
  return { wallMs: ticks.wallMs, ownMs: ticks.ownMs };
}

function ownMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
