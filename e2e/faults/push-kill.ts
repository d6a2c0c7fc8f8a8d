import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runPush } from '../../main/engine/sync/run.ts';
import { openPushed } from './pushed.ts';
import { Tally, type FaultRow } from './tally.ts';
import { currentLabel, inFolder, labelOf, makeVault } from './vault.ts';
import { allowedAfter, startWriter, type WriterWord } from './writer-process.ts';

const sizeBytes = 64 * 1024;
/** Saves with their pushes that fall into the time in which a kill may come. */
const turnsInReach = 3;
const never = new AbortController().signal;

/**
 * Kills a process that saves and pushes over and over, each time at another moment. Then the vault here and the one at the
 * remote have to open, hold what was told as saved and pushed or what was under way, and the next run has to end without
 * asking anybody.
 */
export async function killWhilePushing(points: number, say: (text: string) => void): Promise<FaultRow> {
  const tally = new Tally();
  await inFolder(async (root) => {
    const folder = path.join(root, 'project');
    const place = path.join(root, 'place');
    for (const one of [folder, place]) await mkdir(one);
    await makeVault(folder, sizeBytes);
    const pushed = await openPushed(folder, place);
    await runPush(pushed, 'loop', never);
    const reachMs = turnsInReach * (await measureTurnMs(folder, place));
    let before = 'timing 5';
    for (let point = 1; point <= points; point += 1) {
      const name = `pusher-${point}`;
      const writer = await startWriter({ folder, name, count: 10_000, sizeBytes, place });
      writer.go();
      await delay(Math.random() * reachMs);
      writer.kill();
      await writer.ended();
      const found = await currentLabel(folder);
      const allowed = allowedAfter(name, writer.words, before);
      tally.judge(`kill ${point}`, found, allowed);
      const latest = await pushed.remote.readLatest(never);
      const remote = latest === null ? null : await labelOf(latest.vault.bytes);
      tally.judge(`remote ${point}`, remote, [...allowed, ...sinceLastPush(name, writer.words, before)]);
      const { type } = await runPush(pushed, 'loop', never);
      if (type !== 'pushed' && type !== 'agreed') tally.lose(`after kill ${point} the next run ended with ${type}`);
      before = found ?? before;
      if (point % 50 === 0) say(`${point} of ${points} kills`);
    }
  });
  return tally.toRow('kill -9 during save and push', 'random points');
}

/** Saves that the remote may hold: from the last one that was told as pushed on. */
function sinceLastPush(name: string, words: readonly WriterWord[], before: string): readonly string[] {
  const numbers = words.flatMap((word) => (word.word === 'saved' ? [word.number] : []));
  const last = words.findLast((word) => word.word === 'pushed');
  const since = last?.word === 'pushed' ? last.number : 0;
  return [...(since === 0 ? [before] : []), ...numbers.filter((one) => one >= since).map((one) => `${name} ${one}`)];
}

async function measureTurnMs(folder: string, place: string): Promise<number> {
  const count = 5;
  const writer = await startWriter({ folder, name: 'timing', count, sizeBytes, place });
  const began = performance.now();
  writer.go();
  await writer.ended();
  return (performance.now() - began) / count;
}
