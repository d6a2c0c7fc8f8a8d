import { createCipheriv, randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { wipeArchive } from '../../../main/engine/vault/archive.ts';
import { interleave, timed } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { median, ratioOf, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { makeContents, openBenchStore, toArchive } from './contents.ts';

const pack = promisify(gzip);
const sizeBytes = 10 * 2 ** 20;
const maxRatio = 1.5;

/** Saves 10 MiB again of which nothing changed: nothing in the vault's folder may be touched. */
export async function measureUnchanged(bench: Bench): Promise<readonly Row[]> {
  const { store, vaultFolder, key } = await openBenchStore(bench, 'unchanged');
  const archive = await toArchive(makeContents(sizeBytes));
  const { version } = await store.create(key, archive);
  const before = await describeFolder(vaultFolder);
  const ms: number[] = [];
  for (let count = 0; count < bench.settings.rounds; count += 1) {
    const saved = await timed(() => store.save({ key, archive, base: version, allowShrink: false }));
    if (saved.value.status !== 'unchanged') throw new Error('the save found a change');
    ms.push(saved.ms);
  }
  const after = await describeFolder(vaultFolder);
  const writes = [...after].filter((line) => !before.has(line)).length;
  return [
    {
      name: 'vault-save-unchanged',
      ratio: null,
      raw: { ms: rounded(ms), writes },
      baseline: 'nothing',
      target: '0 writes',
      met: writes === 0,
      figure: `${writes} writes, ${round(median(ms))} ms`,
    },
  ];
}

/** The folder and each file: which one, how long, and when its bytes, name or mode last changed. */
async function describeFolder(folder: string): Promise<ReadonlySet<string>> {
  const lines = ['.', ...(await readdir(folder))].map(async (name) => {
    const { ino, size, mtimeNs, ctimeNs } = await stat(path.join(folder, name), { bigint: true });
    return [name, ino, size, mtimeNs, ctimeNs].join(' ');
  });
  return new Set(await Promise.all(lines));
}

/** Saves 10 MiB that changed, on disk and proven; against gzip and AES in memory. Each side gets fresh bytes of one kind. */
export async function measureSave(bench: Bench): Promise<readonly Row[]> {
  const { store, key } = await openBenchStore(bench, 'save');
  const first = await toArchive(makeContents(sizeBytes));
  let { version } = await store.create(key, first);
  const ours = async (): Promise<number> => {
    const archive = await toArchive(makeContents(sizeBytes));
    const { ms, value } = await timed(() => store.save({ key, archive, base: version, allowShrink: false }));
    if (value.status !== 'saved') throw new Error('the save found no change');
    ({ version } = value);
    wipeArchive(archive);
    return ms;
  };
  const inMemory = async (): Promise<number> => {
    const joined = Buffer.concat(makeContents(sizeBytes));
    const { ms } = await timed(async () => {
      const cipher = createCipheriv('aes-256-gcm', randomBytes(32), randomBytes(12));
      const packed = cipher.update(await pack(joined));
      cipher.final();
      return [packed, cipher.getAuthTag()];
    });
    return ms;
  };
  const [oursMs = [], memoryMs = []] = await interleave(bench.settings.rounds, [ours, inMemory]);
  const ratio = ratioOf(oursMs, memoryMs);
  return [
    {
      name: 'vault-save-10mib',
      ratio,
      raw: { ms: rounded(oursMs), baselineMs: rounded(memoryMs) },
      baseline: 'gzip + AES in memory',
      target: `<= ${maxRatio}x`,
      met: ratio.median <= maxRatio,
      figure: `${round(median(oursMs))} ms; ${round(median(memoryMs))} ms`,
    },
  ];
}
