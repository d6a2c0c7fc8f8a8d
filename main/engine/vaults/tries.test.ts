import { expect, test } from 'vitest';
import { afterFailure, noTries, triesLeft, waitMs, type Tries } from './tries.ts';

const failedTimes = (count: number, nowMs: number): Tries =>
  Array.from({ length: count }).reduce<Tries>((tries) => afterFailure(tries, nowMs), noTries);

test('three tries are free; each wrong one after them waits twice as long, five minutes at most', () => {
  expect([0, 1, 2].map((count) => triesLeft(failedTimes(count, 1_000), 1_000))).toEqual([3, 2, 1]);
  const waits = [2, 3, 4, 5, 8, 9, 10, 60].map((count) => waitMs(failedTimes(count, 1_000), 1_000));
  expect(waits).toEqual([0, 5_000, 10_000, 20_000, 160_000, 300_000, 300_000, 300_000]);
});

test('when the wait is over one try may be made', () => {
  const tries = failedTimes(3, 1_000);
  expect([triesLeft(tries, 5_999), waitMs(tries, 5_999)]).toEqual([0, 1]);
  expect([triesLeft(tries, 6_000), waitMs(tries, 6_000)]).toEqual([1, 0]);
});

test('a clock that was set back by a year keeps nobody out for a year', () => {
  expect(waitMs(failedTimes(3, 400 * 86_400_000), 1_000)).toBe(300_000);
});
