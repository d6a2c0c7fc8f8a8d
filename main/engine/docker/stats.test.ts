import { expect, test } from 'vitest';
import { parseStatsLine, toStatsSample, type StatsLine } from './stats.ts';

const line = (read: string, totalNs: number, memory: object = {}): StatsLine => {
  const parsed = parseStatsLine(
    JSON.stringify({
      read,
      cpu_stats: { cpu_usage: { total_usage: totalNs }, online_cpus: 4 },
      memory_stats: { usage: 900, limit: 2000, ...memory },
    }),
  );
  if (parsed === null) throw new Error('no line');
  return parsed;
};
const first = line('2026-01-01T00:00:00.000000000Z', 5e9);

test('cores are the container’s own processor time over the time that passed', () => {
  const sample = toStatsSample(first, line('2026-01-01T00:00:02.000000000Z', 6e9));
  expect(sample).toEqual({
    atMs: Date.UTC(2026, 0, 1, 0, 0, 2),
    cpuCores: 0.5,
    cpuLimitCores: 4,
    memoryBytes: 900,
    memoryLimitBytes: 2000,
  });
});

test.each([
  ['control groups 2', { stats: { inactive_file: 300 } }, 600],
  ['control groups 1', { stats: { total_inactive_file: 200 } }, 700],
  ['no details', { stats: null }, 900],
  ['more cache than use', { stats: { inactive_file: 1000 } }, 0],
  ['nothing told', { usage: 0 }, null],
])('memory without what the kernel can take back: %s', (_name, memory, expected) => {
  expect(toStatsSample(first, line('2026-01-01T00:00:01Z', 5e9, memory))?.memoryBytes).toBe(expected);
});

test('a stopped container, a repeated line and a counter that began anew make no wrong number', () => {
  expect(toStatsSample(first, line('0001-01-01T00:00:00Z', 0))).toBeNull();
  expect(toStatsSample(first, first)).toBeNull();
  expect(toStatsSample(first, line('2026-01-01T00:00:01Z', 1e9))?.cpuCores).toBe(0);
});

test.each(['', 'null', '{}', '{"read":"x","cpu_stats":{"cpu_usage":{"total_usage":-1}}}'])('%s is no line', (text) => {
  expect(parseStatsLine(text)).toBeNull();
});
