import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { wipeArchive } from '../../../main/engine/vault/archive.ts';
import { deriveKey, newSalt } from '../../../main/engine/vault/key.ts';
import { interleave, timed } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { median, ratioOf, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { makeContents, openBenchStore, toArchive } from './contents.ts';

const mebibyte = 2 ** 20;
const derive = promisify(pbkdf2);
const passphrase = Buffer.from('a passphrase for the bench');
const maxRatio = 1.3;

/** From the passphrase to the key, and to the checked archive of a 1 MiB vault; against PBKDF2 alone. */
export async function measureOpen(bench: Bench): Promise<readonly Row[]> {
  const { store } = await openBenchStore(bench, 'open');
  const salt = newSalt();
  const key = await deriveKey(passphrase, salt);
  await store.create(key, await toArchive(makeContents(mebibyte)));
  const alone = async (): Promise<number> =>
    (await timed(() => derive(passphrase, randomBytes(32), 100_000, 32, 'sha256'))).ms;
  const ours = async (): Promise<number> => (await timed(() => deriveKey(passphrase, salt))).ms;
  const open = async (): Promise<number> => {
    const { ms, value } = await timed(async () => await store.read(await deriveKey(passphrase, salt)));
    wipeArchive(value.archive);
    return ms;
  };
  const [baselineMs, deriveMs, openMs] = await interleave(bench.settings.rounds, [alone, ours, open]);
  const toRow = (name: string, ms: readonly number[] = [], base: readonly number[] = []): Row => {
    const ratio = ratioOf(ms, base);
    return {
      name,
      ratio,
      raw: { ms: rounded(ms), baselineMs: rounded(base) },
      baseline: 'PBKDF2 alone',
      target: `<= ${maxRatio}x`,
      met: ratio.median <= maxRatio,
      figure: `${round(median(ms))} ms; ${round(median(base))} ms`,
    };
  };
  return [toRow('vault-derive', deriveMs, baselineMs), toRow('vault-open-1mib', openMs, baselineMs)];
}
