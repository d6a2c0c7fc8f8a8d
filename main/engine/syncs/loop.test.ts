import { expect, test } from 'vitest';
import { isFinal, spread, toRetryDelayMs } from './backoff.ts';
import { startLoop, type Loop, type RunEnd } from './loop.ts';
import { createFakeClock, type FakeClock } from './testing/fake-clock.ts';

const intervalMs = 300_000;

interface Case {
  readonly clock: FakeClock;
  readonly loop: Loop;
  /** One per run, the newest last: call it to end the run. */
  readonly runs: ((end: RunEnd) => void)[];
  readonly planned: (number | null)[];
}

function begin(random = 0.5): Case {
  const clock = createFakeClock(random);
  const runs: ((end: RunEnd) => void)[] = [];
  const planned: (number | null)[] = [];
  const run = (): Promise<RunEnd> => new Promise((resolve) => runs.push(resolve));
  const loop = startLoop({ clock, intervalMs, run, onPlanned: (delayMs) => planned.push(delayMs) });
  return { clock, loop, runs, planned };
}

async function end({ runs }: Case, how: RunEnd): Promise<void> {
  runs.at(-1)?.(how);
  await new Promise((resolve) => setImmediate(resolve));
}

test('the first run comes soon, the next ones after the interval', async () => {
  const one = begin();
  expect(one.planned).toEqual([5_000]);
  one.clock.advance(5_000);
  expect(one.runs).toHaveLength(1);
  await end(one, 'done');
  expect(one.planned.at(-1)).toBe(intervalMs);
  one.clock.advance(intervalMs - 1);
  expect(one.runs).toHaveLength(1);
  one.clock.advance(1);
  expect(one.runs).toHaveLength(2);
});

test('a hundred loops do not run at the same moment', () => {
  const delays = Array.from({ length: 100 }, (_, at) => spread(intervalMs, at / 99));
  expect(new Set(delays).size).toBe(100);
  expect([Math.min(...delays), Math.max(...delays)]).toEqual([270_000, 330_000]);
});

test('after ten hours in which its timer came late there is one run, and the next one an interval later', async () => {
  const one = begin();
  one.clock.advance(5_000);
  await end(one, 'done');
  one.clock.advance(10 * 3_600_000);
  expect(one.runs).toHaveLength(2);
  await end(one, 'done');
  expect(one.runs).toHaveLength(2);
  expect(one.clock.waiting()).toEqual([intervalMs]);
});

test('failures wait longer each time, up to half an hour, and one good run ends that', async () => {
  const one = begin();
  one.clock.advance(5_000);
  const waits: number[] = [];
  for (let failures = 1; failures <= 9; failures += 1) {
    await end(one, 'failed');
    const delayMs = one.planned.at(-1) ?? 0;
    waits.push(delayMs / 1000);
    one.clock.advance(delayMs);
  }
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
  await end(one, 'done');
  one.clock.advance(intervalMs);
  await end(one, 'failed');
  expect(one.planned.at(-1)).toBe(30_000);
});

test('a final failure plans nothing until somebody asks', async () => {
  const one = begin();
  one.clock.advance(5_000);
  await end(one, 'final');
  expect(one.planned.at(-1)).toBe(null);
  expect(one.clock.waiting()).toEqual([]);
  one.clock.advance(10 * intervalMs);
  expect(one.runs).toHaveLength(1);
  one.loop.trigger();
  expect(one.runs).toHaveLength(2);
  await end(one, 'done');
  expect(one.clock.waiting()).toEqual([intervalMs]);
});

test('asked for during a run, it runs once more right after, however often it was asked', async () => {
  const one = begin();
  one.clock.advance(5_000);
  for (let times = 0; times < 5; times += 1) one.loop.trigger();
  expect(one.runs).toHaveLength(1);
  await end(one, 'done');
  expect(one.runs).toHaveLength(2);
  await end(one, 'done');
  expect(one.runs).toHaveLength(2);
});

test('asked for before its time, it runs now and not again then', async () => {
  const one = begin();
  one.loop.trigger();
  expect(one.runs).toHaveLength(1);
  await end(one, 'done');
  expect(one.clock.waiting()).toEqual([intervalMs]);
});

test('after a waking it runs within seconds, once, and what a final failure ended stays so', async () => {
  const one = begin();
  one.clock.advance(5_000);
  one.loop.wake();
  await end(one, 'done');
  expect(one.runs).toHaveLength(1);
  for (let times = 0; times < 5; times += 1) one.loop.wake();
  expect(one.clock.waiting()).toEqual([1_500]);
  one.clock.advance(1_500);
  expect(one.runs).toHaveLength(2);
  await end(one, 'final');
  one.loop.wake();
  expect(one.clock.waiting()).toEqual([]);
});

test('stopped, it plans nothing, and a run that ends later plans nothing either', async () => {
  const one = begin();
  one.clock.advance(5_000);
  one.loop.stop();
  await end(one, 'done');
  one.loop.trigger();
  one.clock.advance(10 * intervalMs);
  expect(one.runs).toHaveLength(1);
  expect(one.planned.at(-1)).toBe(null);
});

test('what a person has to end is final; what may end by itself is not', () => {
  const final = [
    'sync-credentials',
    'sync-refused',
    'sync-bucket-missing',
    'not-trusted',
    'sync-endpoint-refused',
  ] as const;
  expect(final.filter((code) => !isFinal(code))).toEqual([]);
  const passing = ['sync-unreachable', 'sync-remote-failed', 'sync-folder-missing', 'disk-full', 'internal'] as const;
  expect(passing.filter(isFinal)).toEqual([]);
  expect([toRetryDelayMs(1, 0), toRetryDelayMs(1, 1)]).toEqual([27_000, 33_000]);
});
