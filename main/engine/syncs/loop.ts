import { uptime } from 'node:os';
import { spread, toRetryDelayMs } from './backoff.ts';

/** How a run ended, as far as the next one is concerned. */
export type RunEnd =
  /** Again after the interval. */
  | 'done'
  /** Something that may end by itself: again after a growing wait. */
  | 'failed'
  /** Not before somebody asks. */
  | 'final';

export interface LoopClock {
  /** Calls once after a time that no change of the wall clock makes longer or shorter; gives the way to call it off. */
  readonly after: (delayMs: number, call: () => void) => () => void;
  /** Since the machine started, the time that it slept included. No change of the wall clock moves it. */
  readonly uptimeMs: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

export interface LoopOptions {
  readonly clock: LoopClock;
  readonly intervalMs: number;
  /** Never rejects. */
  readonly run: () => Promise<RunEnd>;
  /** Tells when the next run is planned; null: none is, or one is under way. */
  readonly onPlanned: (delayMs: number | null) => void;
}

/** Runs again and again, one at a time. */
export interface Loop {
  /** Runs now, or once more right after the run that is under way: what changed meanwhile may have been missed. */
  trigger(): void;
  /** The machine woke: what is planned is done right away. What is not planned, after a final failure, stays so. */
  wake(): void;
  /** Plans nothing more. The run under way goes on. */
  stop(): void;
}

/** A project that just came up is looked at soon, but not all of them at once. */
const firstRunWithinMs = 10_000;

/** After a sleep the network takes a moment too. */
const wakeWithinMs = 3_000;

/**
 * One timer is all it holds: however long the machine slept, what comes of it is one run.
 */
export function startLoop({ clock, intervalMs, run, onPlanned }: LoopOptions): Loop {
  let cancel: (() => void) | null = null;
  let isRunning = false;
  let isAskedAgain = false;
  let isStopped = false;
  let failures = 0;

  const plan = (delayMs: number): void => {
    cancel = clock.after(delayMs, () => {
      cancel = null;
      void once();
    });
    onPlanned(delayMs);
  };
  const goesOn = (): boolean => isAskedAgain && !isStopped;
  const once = async (): Promise<void> => {
    isRunning = true;
    onPlanned(null);
    let end: RunEnd;
    do {
      isAskedAgain = false;
      end = await run();
    } while (goesOn());
    isRunning = false;
    if (isStopped) return;
    failures = end === 'failed' ? failures + 1 : 0;
    if (end !== 'final')
      plan(end === 'done' ? spread(intervalMs, clock.random()) : toRetryDelayMs(failures, clock.random()));
  };

  plan(Math.round(Math.min(intervalMs, firstRunWithinMs) * clock.random()));
  return {
    trigger: () => {
      if (isStopped) return;
      if (isRunning) {
        isAskedAgain = true;
        return;
      }
      cancel?.();
      cancel = null;
      void once();
    },
    wake: () => {
      if (cancel === null) return;
      cancel();
      plan(Math.round(wakeWithinMs * clock.random()));
    },
    stop: () => {
      if (isStopped) return;
      isStopped = true;
      cancel?.();
      cancel = null;
      onPlanned(null);
    },
  };
}

/** Timers of this process. They wait by the monotonic clock and keep no process alive. */
export const realClock: LoopClock = {
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs).unref();
    return () => clearTimeout(timer);
  },
  // Linux: CLOCK_BOOTTIME, by way of /proc/uptime. What else Node has either stops while the machine sleeps or is the wall clock.
  uptimeMs: () => uptime() * 1000,
  random: Math.random,
};
