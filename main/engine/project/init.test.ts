import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import { toInitialConfigText, writeInitialConfig } from './init.ts';
import { readConfig } from './read-config.ts';

let folder = '';
const initial = { image: 'tazzo/tazpod-ai:latest', containerName: 'shop-lab', user: 'tazpod' };

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod init-')));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]): string => path.join(folder, ...parts);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => failureOf(error).code,
  );

test('writes a config that reads back, and a .gitignore', async () => {
  expect(await writeInitialConfig(folder, initial)).toBe(at('.tazpod', 'config.yaml'));
  expect((await readdir(at('.tazpod'))).toSorted()).toEqual(['.gitignore', 'config.yaml']);
  expect(await readFile(at('.tazpod', '.gitignore'), 'utf8')).toBe('vault/\n');
  expect(await readConfig(folder)).toMatchObject({ status: 'valid', warnings: [], config: initial });
  expect((await stat(at('.tazpod', 'config.yaml'))).mode & 0o777).toBe(0o666 & ~process.umask());
});

test('overwrites neither a config nor a .gitignore', async () => {
  await mkdir(at('.tazpod'));
  await writeFile(at('.tazpod', '.gitignore'), 'mine\n');
  await writeInitialConfig(folder, initial);
  expect(await readFile(at('.tazpod', '.gitignore'), 'utf8')).toBe('mine\n');
  await writeFile(at('.tazpod', 'config.yaml'), 'mine');
  expect(await codeOf(writeInitialConfig(folder, initial))).toBe('config-exists');
  expect(await readFile(at('.tazpod', 'config.yaml'), 'utf8')).toBe('mine');
});

test('only one of many at once writes', async () => {
  const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(writeInitialConfig(folder, initial))));
  expect(codes.filter((code) => code === 'done')).toHaveLength(1);
  expect(await readConfig(folder)).toMatchObject({ status: 'valid' });
  expect((await readdir(at('.tazpod'))).toSorted()).toEqual(['.gitignore', 'config.yaml']);
});

test.each([
  [{ image: '--privileged' }],
  [{ image: 'a\nprivileged: true' }],
  [{ image: '' }],
  [{ containerName: '-x' }],
  [{ containerName: '' }],
  [{ containerName: 'x'.repeat(64) }],
  [{ user: 'a b' }],
  [{ user: '' }],
])('%j is refused before anything is written', async (wrong) => {
  expect(await codeOf(writeInitialConfig(folder, { ...initial, ...wrong }))).toBe('invalid-command');
  expect(await readdir(folder)).toEqual([]);
});

test('values that YAML would read as something else stay text', () => {
  const text = toInitialConfigText({ image: 'null', containerName: '1e3', user: '1000' });
  expect(text).toContain('image: "null"');
  expect(text).toContain('container_name: "1e3"');
});

test('a symlink in place of .tazpod or the config leads nowhere', async () => {
  await mkdir(at('elsewhere'));
  await symlink('elsewhere', at('.tazpod'));
  expect(await codeOf(writeInitialConfig(folder, initial))).toBe('config-symlink');
  expect(await readdir(at('elsewhere'))).toEqual([]);
  await rm(at('.tazpod'));
  await mkdir(at('.tazpod'));
  await symlink('../elsewhere/x', at('.tazpod', 'config.yaml'));
  expect(await codeOf(writeInitialConfig(folder, initial))).toBe('config-symlink');
  expect(await readdir(at('elsewhere'))).toEqual([]);
});

test('a folder that is gone or read-only is told, and nothing half done stays', async () => {
  expect(await codeOf(writeInitialConfig(at('gone'), initial))).toBe('folder-not-found');
  const script = `
    const { writeInitialConfig } = await import(${JSON.stringify(new URL('init.ts', import.meta.url).href)});
    process.stdout.write(await writeInitialConfig(process.argv[1], ${JSON.stringify(initial)}).then(() => 'done', (error) => error.failure.code));`;
  const ids = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  execFileSync('chmod', ['555', folder]);
  expect(
    execFileSync(process.execPath, ['--input-type=module', '-e', script, folder], { encoding: 'utf8', ...ids }),
  ).toBe('folder-not-writable');
  await mkdir(at('.tazpod'));
  execFileSync('chmod', ['555', at('.tazpod')]);
  expect(
    execFileSync(process.execPath, ['--input-type=module', '-e', script, folder], { encoding: 'utf8', ...ids }),
  ).toBe('folder-not-writable');
  expect(await readdir(at('.tazpod'))).toEqual([]);
});

test('what was made before a write failed is taken back', async () => {
  const script = `
    const { writeInitialConfig } = await import(${JSON.stringify(new URL('init.ts', import.meta.url).href)});
    process.stdout.write(await writeInitialConfig(process.argv[1], ${JSON.stringify(initial)}).then(() => 'done', (error) => error.failure.code));`;
  // No file may grow: the folder is made, and the first file's bytes are refused.
  const command = 'ulimit -f 0; exec "$0" --input-type=module -e "$1" "$2"';
  const code = execFileSync('sh', ['-c', command, process.execPath, script, folder], { encoding: 'utf8' });
  expect(code).toBe('state-write-failed');
  expect(await readdir(folder)).toEqual([]);
});
