import { readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { openVaultStore } from '../../main/engine/vault/store.ts';
import { isTemporaryName } from '../../main/engine/vault/vault-names.ts';
import { Tally, type FaultRow } from './tally.ts';
import { currentLabel, inFolder, makeVault, vaultFolderOf } from './vault.ts';
import { allowedAfter, startWriter } from './writer-process.ts';

const sizeBytes = 256 * 1024;
/** Saves that fall into the time in which a kill may come. */
const savesInReach = 3;

/** Kills a process that saves over and over, each time at another moment. */
export async function killAtRandomPoints(points: number, say: (text: string) => void): Promise<FaultRow> {
  const tally = new Tally();
  await inFolder(async (folder) => {
    await makeVault(folder, sizeBytes);
    const reachMs = savesInReach * (await measureSaveMs(folder));
    let before = 'timing 5';
    for (let point = 1; point <= points; point += 1) {
      const name = `writer-${point}`;
      const writer = await startWriter({ folder, name, count: 10_000, sizeBytes });
      writer.go();
      await delay(Math.random() * reachMs);
      writer.kill();
      await writer.ended();
      const found = await currentLabel(folder);
      tally.judge(`kill ${point}`, found, allowedAfter(name, writer.words, before));
      before = found ?? before;
      if (point % 100 === 0) say(`${point} of ${points} kills`);
    }
    await openVaultStore(folder, { nowMs: Date.now });
    const left = (await readdir(vaultFolderOf(folder))).filter(isTemporaryName);
    if (left.length > 0) tally.lose(`left behind after the next opening: ${left.join(', ')}`);
  });
  return tally.toRow('kill -9 during save', 'random points');
}

async function measureSaveMs(folder: string): Promise<number> {
  const count = 5;
  const writer = await startWriter({ folder, name: 'timing', count, sizeBytes });
  const began = performance.now();
  writer.go();
  await writer.ended();
  return (performance.now() - began) / count;
}
