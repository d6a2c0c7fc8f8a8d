import { expect, test } from 'vitest';
import { escapeBlock, escapeText } from './escape.ts';
import { suggest } from './suggest.ts';
import { toTable } from './table.ts';
import { formatAge, formatBytes, formatDuration } from './units.ts';
import { displayWidth, padEnd, truncateEnd, truncateMiddle } from './width.ts';

test('control characters are shown, never sent', () => {
  expect(escapeText('a\nb\u001b[31mc\u007f\u009b\u202e')).toBe(String.raw`a\nb\x1b[31mc\x7f\x9b\u{202e}`);
  expect(escapeText('Füße 日本 🎉')).toBe('Füße 日本 🎉');
  expect(escapeBlock('one\r\ntwo\u0007')).toBe('one\ntwo\\x07');
});

test.each([
  ['plain', 5],
  ['日本', 4],
  ['é', 1],
  ['👩‍👩‍👧', 2],
  ['한글', 4],
  ['', 0],
])('%s takes %i columns', (text, columns) => {
  expect(displayWidth(text)).toBe(columns);
});

test('cutting keeps both ends and never exceeds the width', () => {
  expect(truncateMiddle('abcdefghij', 5)).toBe('ab…ij');
  expect(truncateEnd('abcdef', 3)).toBe('ab…');
  for (const text of ['日本語のとても長い名前', 'a日b本c', 'x'.repeat(200)]) {
    for (let columns = 0; columns < 12; columns += 1) {
      expect(displayWidth(truncateMiddle(text, columns))).toBeLessThanOrEqual(columns);
      expect(displayWidth(truncateEnd(text, columns))).toBeLessThanOrEqual(columns);
    }
  }
  expect(padEnd('日', 4)).toBe('日  ');
});

test('a table is aligned with wide, long and hostile cells, and fits', () => {
  const rows = [
    ['日本語', 'running'],
    ['evil\u001b[2J\nname', 'stopped'],
    ['n'.repeat(200), 'running'],
  ];
  const lines = toTable([{ title: 'NAME', minColumns: 8 }, { title: 'STATE' }], rows, 40);
  expect(lines).toHaveLength(4);
  const starts = lines.map((line) => displayWidth(line.slice(0, line.search(/STATE|running|stopped/u))));
  expect(new Set(starts).size).toBe(1);
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(40);
  expect(lines.join('\n')).not.toContain('\u001b');
});

test('units', () => {
  expect([0, 999, 1000, 1234, 99_960, 12_345_678, 2_000_000_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.2 kB',
    '100 kB',
    '12.3 MB',
    '2.0 GB',
  ]);
  expect([0, 400, 9_949, 12_000, 59_999, 185_000, 7_800_000, 90_000_000].map(formatDuration)).toEqual([
    '0.0 s',
    '0.4 s',
    '9.9 s',
    '12 s',
    '1 min',
    '3 min 5 s',
    '2 h 10 min',
    '1 d 1 h',
  ]);
  expect([0, 300_000, 7_200_000, 259_200_000].map(formatAge)).toEqual(['just now', '5 min', '2 h', '3 d']);
});

test('only what is near is suggested', () => {
  expect(suggest('statsu', ['status', 'up'])).toBe('status');
  expect(suggest('rebiuld', ['rebuild', 'restart'])).toBe('rebuild');
  expect(suggest('frobnicate', ['status', 'up'])).toBeNull();
});
