import { expect, test, vi } from 'vitest';
import { realClock } from './loop.ts';
import { createFakeClock, type FakeClock } from './testing/fake-clock.ts';
import { createWakeWatch, type WakeWatch } from './wake-watch.ts';

interface Case {
  readonly clock: FakeClock;
  readonly watch: WakeWatch;
  readonly wakings: () => number;
}

function begin(): Case {
  const clock = createFakeClock();
  let count = 0;
  const watch = createWakeWatch(clock, () => (count += 1));
  watch.setNeeded(true);
  return { clock, watch, wakings: () => count };
}

test('a machine that does not sleep never wakes, however long it goes on', () => {
  const { clock, wakings } = begin();
  clock.advance(48 * 3_600_000);
  expect(wakings()).toBe(0);
});

test.each([30_000, 8 * 3_600_000, 30 * 24 * 3_600_000])(
  'a sleep of %i ms is one waking, told within seconds',
  (sleptMs) => {
    const { clock, wakings } = begin();
    clock.advance(4_000);
    clock.sleep(sleptMs);
    expect(wakings()).toBe(0);
    clock.advance(10_000);
    expect(wakings()).toBe(1);
    clock.advance(3_600_000);
    expect(wakings()).toBe(1);
  },
);

test('a timer that is a little late is only a busy machine', () => {
  const { clock, wakings } = begin();
  clock.sleep(9_000);
  clock.advance(20_000);
  expect(wakings()).toBe(0);
});

test('told by somebody who knows and found out afterwards, it is one waking', () => {
  const { clock, watch, wakings } = begin();
  clock.sleep(3_600_000);
  watch.woke();
  clock.advance(20_000);
  watch.woke();
  expect(wakings()).toBe(1);
  clock.advance(60_000);
  watch.woke();
  expect(wakings()).toBe(2);
});

test('found out first and told afterwards, it is one waking too', () => {
  const { clock, watch, wakings } = begin();
  clock.sleep(3_600_000);
  clock.advance(10_000);
  watch.woke();
  expect(wakings()).toBe(1);
});

test('it holds no timer while nobody has use for it', () => {
  const { clock, watch, wakings } = begin();
  watch.setNeeded(false);
  expect(clock.waiting()).toEqual([]);
  clock.sleep(3_600_000);
  watch.setNeeded(true);
  clock.advance(60_000);
  expect(wakings()).toBe(0);
});

test('a wall clock that is set forward or back moves nothing that the watch goes by', () => {
  const beforeMs = realClock.uptimeMs();
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    for (const to of ['2001-01-01', '2101-01-01']) {
      vi.setSystemTime(new Date(to));
      expect(Math.abs(realClock.uptimeMs() - beforeMs)).toBeLessThan(60_000);
    }
  } finally {
    vi.useRealTimers();
  }
});
