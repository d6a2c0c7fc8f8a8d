import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { runInContainer } from '../../../main/engine/docker/exec.ts';
import { deriveKey, newSalt } from '../../../main/engine/vault/key.ts';
import { openVaultStore } from '../../../main/engine/vault/store.ts';
import { interleave, timed } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { median, ratioOf, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { openCore } from '../world/in-process.ts';
import { addTrustedProject, containerIdOf, runOperation, startProject } from '../world/operation.ts';
import { makeContents, toArchive } from './contents.ts';

const mebibyte = 2 ** 20;
const derive = promisify(pbkdf2);
const passphrase = 'a passphrase for the bench';
const maxRatio = 1.3;

/**
 * Command to unlocked vault of 1 MiB, files in the container; against PBKDF2 alone and one exec session that does nothing,
 * one after the other.
 */
export async function measureUnlock(bench: Bench): Promise<readonly Row[]> {
  const core = await openCore(bench, 'unlock');
  const folder = await bench.makeProjectFolder('unlock-project');
  const store = await openVaultStore(folder, { nowMs: Date.now });
  await store.create(await deriveKey(Buffer.from(passphrase), newSalt()), await toArchive(makeContents(mebibyte)));
  const projectId = await addTrustedProject(core, folder);
  await startProject(core, projectId);
  const containerId = containerIdOf(core, projectId);
  const unlock = async (): Promise<number> => {
    const { ms } = await timed(() => runOperation(core, { type: 'unlockVault', projectId, passphrase }));
    await runOperation(core, { type: 'lockVault', projectId });
    return ms;
  };
  const baseline = async (): Promise<number> => {
    const { ms } = await timed(async () => {
      await derive(passphrase, randomBytes(32), 100_000, 32, 'sha256');
      await runInContainer(bench.client, containerId, ['/bin/true'], 'root');
    });
    return ms;
  };
  const [ms = [], baselineMs = []] = await interleave(bench.settings.rounds, [unlock, baseline]);
  const ratio = ratioOf(ms, baselineMs);
  return [
    {
      name: 'vault-unlock-1mib',
      ratio,
      raw: { ms: rounded(ms), baselineMs: rounded(baselineMs) },
      baseline: 'PBKDF2 alone + one exec session',
      target: `<= ${maxRatio}x`,
      met: ratio.median <= maxRatio,
      figure: `${round(median(ms))} ms; ${round(median(baselineMs))} ms`,
    },
  ];
}
