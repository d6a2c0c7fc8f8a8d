import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { deriveKey, newSalt } from '../../../main/engine/vault/key.ts';
import { interleave, timed } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { median, ratioOf, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';

const derive = promisify(pbkdf2);
const passphrase = Buffer.from('a passphrase for the bench');
const maxRatio = 1.3;

const alone = async (): Promise<number> =>
  (await timed(() => derive(passphrase, randomBytes(32), 100_000, 32, 'sha256'))).ms;

/** From the passphrase to the key; against PBKDF2 alone. */
export async function measureDerive(bench: Bench): Promise<readonly Row[]> {
  const salt = newSalt();
  const ours = async (): Promise<number> => (await timed(() => deriveKey(passphrase, salt))).ms;
  const [baselineMs = [], ms = []] = await interleave(bench.settings.rounds, [alone, ours]);
  const ratio = ratioOf(ms, baselineMs);
  return [
    {
      name: 'vault-derive',
      ratio,
      raw: { ms: rounded(ms), baselineMs: rounded(baselineMs) },
      baseline: 'PBKDF2 alone',
      target: `<= ${maxRatio}x`,
      met: ratio.median <= maxRatio,
      figure: `${round(median(ms))} ms; ${round(median(baselineMs))} ms`,
    },
  ];
}
