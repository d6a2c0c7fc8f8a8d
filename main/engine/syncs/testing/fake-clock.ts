import type { LoopClock } from '../loop.ts';

/** A clock that goes on only when it is told to. */
export interface FakeClock extends LoopClock {
  /** Lets time pass at once: each timer is called in its turn. */
  advance(byMs: number): void;
  /** Lets the machine sleep: timers stand still, as on Linux. */
  sleep(byMs: number): void;
  /** How long each timer still waits. */
  waiting(): readonly number[];
}

export function createFakeClock(random = 0.5): FakeClock {
  let nowMs = 0;
  let sleptMs = 0;
  const timers = new Map<symbol, { readonly atMs: number; readonly call: () => void }>();
  return {
    random: () => random,
    uptimeMs: () => nowMs + sleptMs,
    after: (delayMs, call) => {
      const id = Symbol('timer');
      timers.set(id, { atMs: nowMs + delayMs, call });
      return () => void timers.delete(id);
    },
    advance: (byMs) => {
      const endMs = nowMs + byMs;
      for (;;) {
        const [next] = [...timers].toSorted(([, one], [, other]) => one.atMs - other.atMs);
        if (next === undefined || next[1].atMs > endMs) break;
        const [id, { atMs, call }] = next;
        nowMs = atMs;
        timers.delete(id);
        call();
      }
      nowMs = endMs;
    },
    sleep: (byMs) => {
      sleptMs += byMs;
    },
    waiting: () => [...timers.values()].map(({ atMs }) => atMs - nowMs),
  };
}
