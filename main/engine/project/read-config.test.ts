import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readConfig } from './read-config.ts';

let folder = '';
let file = '';

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-read-')));
  file = path.join(folder, '.tazpod', 'config.yaml');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(text: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}

test('no folder, no .tazpod and no file are an absent config', async () => {
  expect(await readConfig(path.join(folder, 'gone'))).toMatchObject({ status: 'absent' });
  expect(await readConfig(folder)).toEqual({ status: 'absent', file });
  await mkdir(path.dirname(file));
  expect(await readConfig(folder)).toEqual({ status: 'absent', file });
});

test('a valid file comes with its warnings', async () => {
  await put('image: alpine\nimages: x\n');
  expect(await readConfig(folder)).toMatchObject({
    status: 'valid',
    file,
    config: { image: 'alpine', user: 'tazpod' },
    warnings: [`${file}:2:1: unknown key "images" has no effect; did you mean "image"?`],
  });
});

test('a wrong file comes with all problems and one failure that tells them', async () => {
  await put('image: -a\nssh: x\n');
  const reading = await readConfig(folder);
  expect(reading).toMatchObject({ status: 'invalid', failure: { code: 'config-invalid' } });
  if (reading.status !== 'invalid') return;
  expect(reading.problems).toHaveLength(2);
  expect(reading.failure.message).toContain(`${file}:2:6: ssh: found "x"; allowed: read-only, agent, none`);
});

test('a file that is too large is not read to its end', async () => {
  await put(Buffer.alloc(5_000_000, '#'));
  expect(await readConfig(folder)).toMatchObject({
    status: 'invalid',
    problems: [{ found: 'a file of more than 64 KiB' }],
  });
  await put(`image: a\n${'#'.repeat(65_536 - 9)}`);
  expect(await readConfig(folder)).toMatchObject({ status: 'valid' });
});

test('what is no regular file is a failure of its own', async () => {
  await mkdir(path.dirname(file));
  await symlink('/etc/hostname', file);
  expect(await readConfig(folder)).toMatchObject({
    status: 'invalid',
    failure: { code: 'config-symlink' },
    problems: [],
  });
  await rm(file);
  execFileSync('mkfifo', [file]);
  expect(await readConfig(folder)).toMatchObject({
    status: 'invalid',
    failure: { code: 'config-symlink' },
    problems: [],
  });
});
