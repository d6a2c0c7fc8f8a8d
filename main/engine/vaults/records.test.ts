import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openVaultRecords } from './records.ts';

const record = { containerId: 'c', startedAt: '2026-01-01T00:00:00.5Z', fingerprint: 'f' };

async function place(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tazpod-records-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  return folder;
}

test('what was recorded is there for the next process, the newest of each project', async () => {
  const folder = await place();
  const records = await openVaultRecords(folder, () => undefined);
  await Promise.all([
    records.set('a', record),
    records.set('b', record),
    records.set('a', { ...record, fingerprint: 'g' }),
  ]);
  const next = await openVaultRecords(folder, () => undefined);
  expect([next.of('a')?.fingerprint, next.of('b')?.fingerprint, next.of('c')]).toEqual(['g', 'f', null]);
});

test('a damaged file counts as empty, is told, and is written anew', async () => {
  const folder = await place();
  await writeFile(path.join(folder, 'vaults.json'), '{"a":{"containerId":1}}');
  const lines: string[] = [];
  const records = await openVaultRecords(folder, (line) => lines.push(line));
  expect([records.of('a'), lines.length]).toEqual([null, 1]);
  await records.set('a', record);
  expect(JSON.parse(await readFile(path.join(folder, 'vaults.json'), 'utf8'))).toEqual({ a: record });
});
