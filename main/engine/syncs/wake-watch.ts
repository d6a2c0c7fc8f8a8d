import type { LoopClock } from './loop.ts';

/** How often it looks, while it is needed: a run comes this long after the machine woke at the latest. */
const lookEveryMs = 10_000;
/** Later than this is no busy machine, but one that slept, or a process that was stopped. */
const lateMs = 10_000;
/** Told by the desktop and found out here, it is still one waking. */
const oneWakingMs = 30_000;

/** Finds out that the machine slept. */
export interface WakeWatch {
  /** Looks only while somebody has use for it. */
  setNeeded(isNeeded: boolean): void;
  /** Somebody else knows that it just woke. */
  woke(): void;
}

/**
 * A timer that comes late by the clock that counts sleep has slept. Timers of Linux stand still meanwhile, so they can't tell;
 * the wall clock can't either, since people and time servers set it.
 */
export function createWakeWatch(clock: Pick<LoopClock, 'after' | 'uptimeMs'>, onWake: () => void): WakeWatch {
  let cancel: (() => void) | null = null;
  let lastWakeMs = -Infinity;
  const wake = (): void => {
    const nowMs = clock.uptimeMs();
    if (nowMs - lastWakeMs < oneWakingMs) return;
    lastWakeMs = nowMs;
    onWake();
  };
  const plan = (): void => {
    const dueMs = clock.uptimeMs() + lookEveryMs;
    cancel = clock.after(lookEveryMs, () => {
      const isLate = clock.uptimeMs() - dueMs > lateMs;
      plan();
      if (isLate) wake();
    });
  };
  const stop = (): void => {
    cancel?.();
    cancel = null;
  };
  return {
    setNeeded: (isNeeded) => {
      if (isNeeded === (cancel !== null)) return;
      if (isNeeded) plan();
      else stop();
    },
    woke: () => {
      if (cancel !== null) {
        stop();
        plan();
      }
      wake();
    },
  };
}
