import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openProvenImages } from './proven-images.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tazpod-proven-'));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const file = (): string => path.join(folder, 'proven-images.json');

test('remembers between runs', async () => {
  const first = openProvenImages(folder, () => undefined);
  expect(first.has('sha256:a|tazpod')).toBe(false);
  first.add('sha256:a|tazpod');
  expect(first.has('sha256:a|tazpod')).toBe(true);
  await vi.waitFor(async () => expect(await readFile(file(), 'utf8')).toContain('sha256:a'));
  expect(openProvenImages(folder, () => undefined).has('sha256:a|tazpod')).toBe(true);
});

test.each(['', '{', '{"a":1}', '[1,2]'])('knows nothing where the file holds %j', async (text) => {
  await writeFile(file(), text);
  expect(openProvenImages(folder, () => undefined).has('a')).toBe(false);
});

test('only logs that it could not write', async () => {
  const lines: string[] = [];
  const images = openProvenImages(path.join(folder, 'gone'), (line) => lines.push(line));
  images.add('a');
  await vi.waitFor(() => expect(lines).toHaveLength(1));
  expect(images.has('a')).toBe(true);
});
