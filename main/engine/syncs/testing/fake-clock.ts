import type { LoopClock } from '../loop.ts';

/** A clock that goes on only when it is told to. */
export interface FakeClock extends LoopClock {
  /** Lets time pass at once, as a sleep of the machine does: what became due meanwhile is called once. */
  advance(byMs: number): void;
  /** How long each timer still waits. */
  waiting(): readonly number[];
}

export function createFakeClock(random = 0.5): FakeClock {
  let nowMs = 0;
  const timers = new Map<symbol, { readonly atMs: number; readonly call: () => void }>();
  return {
    random: () => random,
    after: (delayMs, call) => {
      const id = Symbol('timer');
      timers.set(id, { atMs: nowMs + delayMs, call });
      return () => void timers.delete(id);
    },
    advance: (byMs) => {
      nowMs += byMs;
      const due = [...timers].filter(([, { atMs }]) => atMs <= nowMs);
      for (const [id, { call }] of due) if (timers.delete(id)) call();
    },
    waiting: () => [...timers.values()].map(({ atMs }) => atMs - nowMs),
  };
}
