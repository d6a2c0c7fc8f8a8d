import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'tazpod-folder-'));
});
afterAll(async () => rm(root, { recursive: true }));

test('makes missing parents, all private, and may be called again', async () => {
  const folder = path.join(root, 'a', 'b', 'c');
  await makeFolder(folder);
  await makeFolder(folder);
  expect((await stat(path.join(root, 'a'))).mode & 0o777).toBe(0o700);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

test.skipIf(process.platform !== 'linux')(
  'ends with an error where nothing can be made (Linux only: /proc)',
  async () => {
    await expect(makeFolder('/proc/nowhere/state')).rejects.toThrow('ENOENT');
  },
);
