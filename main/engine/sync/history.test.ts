import { describe, expect, it } from 'vitest';
import { historyTimeOf, sortHistory, toHistoryName, toPrune } from './history.ts';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const entry = (name: string): { name: string; timeMs: number; sizeBytes: number } => ({
  name,
  timeMs: historyTimeOf(name) ?? 0,
  sizeBytes: 1,
});

describe('history names', () => {
  it('carry the second in UTC, and a number from the second copy on', () => {
    expect([1, 2].map((n) => toHistoryName(at + 999, n))).toEqual(['vault-20260102T030405', 'vault-20260102T030405-2']);
    expect(historyTimeOf('vault-20260102T030405-17')).toBe(at);
    expect(historyTimeOf('vault-20260102T0304')).toBeNull();
  });

  it('sort newest first, by number within one second', () => {
    const names = [
      'vault-20260102T030405',
      'vault-20260102T030406',
      'vault-20260102T030405-10',
      'vault-20260102T030405-9',
    ];
    expect(sortHistory(names.map(entry)).map(({ name }) => name)).toEqual([names[1], names[2], names[3], names[0]]);
  });
});

describe('pruning', () => {
  const sixty = Array.from({ length: 60 }, (_, i) => entry(toHistoryName(at - i * 1000, 1)));

  it('removes the oldest beyond the retention, oldest first', () => {
    const names = toPrune(sixty, 55);
    expect(names).toHaveLength(5);
    expect(names[0]).toBe(sixty[59]?.name);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1, 49, 0.5])('a retention of %d keeps 50', (retention) => {
    expect(toPrune(sixty, retention)).toHaveLength(10);
  });

  it('does nothing on an empty list', () => {
    expect(toPrune([], 50)).toEqual([]);
  });
});
