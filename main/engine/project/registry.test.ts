import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, open as openFile, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import { writeFileAtomically } from './atomic-write.ts';
import { toProjectId } from './id.ts';
import { openRegistry } from './registry.ts';

let base = '';
let stateFolder = '';

beforeEach(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-registry-')));
  stateFolder = path.join(base, 'a', 'state');
});

afterEach(() => rm(base, { recursive: true, force: true }));

const file = (): string => path.join(stateFolder, 'state.json');
const open = (write = writeFileAtomically) => openRegistry(stateFolder, { nowMs: () => 1000, writeFile: write });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => failureOf(error).code,
  );

const shop = { id: toProjectId('/p/shop, "x"\n'), folder: '/p/shop, "x"\n' };
const answer = {
  trustHash: 'a'.repeat(64),
  grants: [{ key: 'image', label: 'Image', value: 'a', meaning: 'A.' }],
};

test('a new one is made with mode 0600 in a folder of mode 0700, and keeps its install id', async () => {
  const registry = await open();
  expect(registry.installId).toMatch(/^[0-9a-f]{32}$/);
  expect((await stat(stateFolder)).mode & 0o777).toBe(0o700);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect((await open()).installId).toBe(registry.installId);
  await chmod(stateFolder, 0o755);
  await open();
  expect((await stat(stateFolder)).mode & 0o777).toBe(0o700);
});

test('remembers projects, trust and adopted containers across runs', async () => {
  const registry = await open();
  expect(await registry.addProject(shop.folder)).toEqual({ ...shop, registeredAtMs: 1000 });
  await registry.addProject('/p/two');
  await registry.addProject(shop.folder);
  await registry.setTrust(shop.id, answer);
  await registry.addAdopted('b'.repeat(64), shop.id);
  await registry.addAdopted('c'.repeat(64), toProjectId('/p/two'));
  const again = await open();
  expect(again.projects().map(({ folder }) => folder)).toEqual([shop.folder, '/p/two']);
  expect(again.trustOf(shop.id)).toEqual({ ...answer, atMs: 1000 });
  expect(again.trustOf('constructor')).toBeNull();
  expect(again.adopted()['b'.repeat(64)]).toEqual({ projectId: shop.id, atMs: 1000 });
  await again.removeAdopted('c'.repeat(64));
  await again.removeProject(shop.id);
  await again.removeProject(shop.id);
  expect(again.projectOf(shop.id)).toBeNull();
  expect(again.trustOf(shop.id)).toBeNull();
  expect(again.adopted()).toEqual({});
  expect((await open()).projects()).toHaveLength(1);
});

test('many mutations at once are all kept', async () => {
  const registry = await open();
  const folders = Array.from({ length: 50 }, (_, index) => `/p/${index}`);
  await Promise.all(folders.map((folder) => registry.addProject(folder)));
  expect((await open()).projects().map(({ folder }) => folder)).toEqual(folders);
  await Promise.all(folders.map((folder) => registry.removeProject(toProjectId(folder))));
  expect((await open()).projects()).toEqual([]);
  expect(await readdir(stateFolder)).toEqual(['state.json']);
});

test('a reader that has the file open keeps the whole old one', async () => {
  const registry = await open();
  const before = await readFile(file(), 'utf8');
  const handle = await openFile(file());
  await registry.addProject(shop.folder);
  expect(await handle.readFile('utf8')).toBe(before);
  await handle.close();
});

test('a failed write changes nothing, and the next one works', async () => {
  let isBroken = false;
  const registry = await open(async (target, text) => {
    if (isBroken) throw new Error('ENOSPC: no space left');
    await writeFileAtomically(target, text);
  });
  await registry.addProject(shop.folder);
  isBroken = true;
  const [first, second] = await Promise.all([
    codeOf(registry.addProject('/p/two')),
    codeOf(registry.removeProject(shop.id)),
  ]);
  expect([first, second]).toEqual(['state-write-failed', 'state-write-failed']);
  expect(registry.projects()).toHaveLength(1);
  isBroken = false;
  await registry.addProject('/p/two');
  expect(registry.projects()).toHaveLength(2);
  expect((await open()).projects()).toHaveLength(2);
});

test('what the next run could not read is not written', async () => {
  const registry = await open();
  expect(await codeOf(registry.addAdopted('not an id', shop.id))).toBe('state-write-failed');
  expect(await codeOf(registry.setTrust(shop.id, { trustHash: 'x', grants: [] }))).toBe('state-write-failed');
  expect((await open()).adopted()).toEqual({});
});

test('a folder that vanished is a failed write', async () => {
  const registry = await open();
  await rm(stateFolder, { recursive: true });
  expect(await codeOf(registry.addProject(shop.folder))).toBe('state-write-failed');
  expect(registry.projects()).toEqual([]);
});

describe('a file that it does not understand is left as it is', () => {
  const installId = 'a'.repeat(32);
  const fine = { version: 1, installId, projects: [], trust: {}, adopted: {} };
  const registered = { ...shop, registeredAtMs: 1 };
  test.each([
    ['empty', ''],
    ['cut short', '{"version": 1, "installId"'],
    ['not ours', '[]'],
    ['a newer version', JSON.stringify({ version: 2, installId })],
    ['an unknown field', JSON.stringify({ ...fine, more: 1 })],
    ['no install id', JSON.stringify({ ...fine, installId: 'x' })],
    ['a wrong project id', JSON.stringify({ ...fine, projects: [{ id: '../x', folder: '/p', registeredAtMs: 1 }] })],
    ['a project twice', JSON.stringify({ ...fine, projects: [registered, registered] })],
    ['a wrong trust', JSON.stringify({ ...fine, trust: { [shop.id]: { trustHash: 'x', grants: [], atMs: 1 } } })],
    ['a wrong container', JSON.stringify({ ...fine, adopted: { x: { projectId: shop.id, atMs: 1 } } })],
  ])('%s', async (_name, text) => {
    await open();
    await writeFile(file(), text);
    expect(await codeOf(open())).toBe('state-file-damaged');
    expect(await readFile(file(), 'utf8')).toBe(text);
  });

  test('and the words tell a newer version from a damaged one', async () => {
    await open();
    await writeFile(file(), JSON.stringify({ version: 2 }));
    await expect(open()).rejects.toThrow('written by a newer TazPod');
  });
});

test('a state folder that is a file is a failure', async () => {
  await writeFile(path.join(base, 'a'), '');
  expect(await codeOf(open())).toBe('state-write-failed');
});

test('killed at any moment, the file holds all that was promised', async () => {
  const script = `
    const { openRegistry } = await import(${JSON.stringify(new URL('registry.ts', import.meta.url).href)});
    const registry = await openRegistry(process.argv[1], { nowMs: Date.now });
    for (let i = registry.projects().length; ; i += 1) {
      await registry.addProject('/p/' + i);
      process.stdout.write('/p/' + i + '\\n');
    }`;
  for (let round = 0; round < 6; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, stateFolder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let promised = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      promised += text;
      if (promised.length > 40 + round * 37) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const folders = (await open()).projects().map(({ folder }) => folder);
    const last = promised.split('\n').at(-2);
    expect(folders).toContain(last);
    expect(await readdir(stateFolder)).toEqual(['state.json']);
  }
}, 30_000);
