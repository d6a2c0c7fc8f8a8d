import { expect, it } from 'vitest';
import { toDroppedText } from './dropped-paths.ts';

const folder = '/home/me/acme';

it.each([
  [['/home/me/acme/src/main.ts'], '/workspace/src/main.ts '],
  [['/home/me/acme'], '/workspace '],
  [['/home/me/acme/a b.txt', '/home/me/acme/$(rm -rf x)'], "'/workspace/a b.txt' '/workspace/$(rm -rf x)' "],
  [["/home/me/acme/it's"], String.raw`'/workspace/it'\''s' `],
  [['/home/me/acme/-rf', '/home/me/acme/日本'], "/workspace/-rf '/workspace/日本' "],
])('%j dropped on a terminal are words of its container', (paths, text) => {
  expect(toDroppedText(paths, folder)).toBe(text);
});

it.each([
  [['/home/me/acme-other/x']],
  [['/etc/passwd']],
  [['/home/me/acme/a', '/tmp/b']],
  [['/home/me/acme/a\nb']],
  [['']],
  [[]],
])('%j are not for the terminal', (paths) => {
  expect(toDroppedText(paths, folder)).toBeNull();
});
