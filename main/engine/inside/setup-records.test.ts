import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSetupRecords } from './setup-records.ts';

let folder: string;
let logLines: string[];
const open = async () => openSetupRecords(folder, (line) => logLines.push(line));
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tazpod-setups-'));
  logLines = [];
});
afterEach(async () => rm(folder, { recursive: true }));

test('are known to whoever opens them next', async () => {
  const records = await open();
  await Promise.all(['a', 'b', 'a'].map(async (id) => records.add(id)));
  const again = await open();
  expect(['a', 'b', 'c'].map((id) => again.has(id))).toEqual([true, true, false]);
  expect(JSON.parse(await readFile(path.join(folder, 'setups.json'), 'utf8'))).toEqual({ containerIds: ['a', 'b'] });
});

test('a damaged file counts as empty, is told, and serves again', async () => {
  await writeFile(path.join(folder, 'setups.json'), '{"containerIds":');
  const records = await open();
  expect(records.has('a')).toBe(false);
  expect(logLines.join()).toMatch(/setups\.json is damaged/u);
  await records.add('a');
  expect((await open()).has('a')).toBe(true);
});

test('the oldest of very many are left out', async () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => `id-${index}`);
  await writeFile(path.join(folder, 'setups.json'), JSON.stringify({ containerIds: ids }));
  const records = await open();
  await records.add('new');
  expect([records.has('id-0'), records.has('id-1'), records.has('new')]).toEqual([false, true, true]);
});
