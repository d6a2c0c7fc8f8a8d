import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { wipeArchive } from '../../../main/engine/vault/archive.ts';
import type { Row } from '../measure/row.ts';
import { median, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { makeContents, openBenchStore, toArchive } from './contents.ts';

const sizeBytes = 64 * 2 ** 20;
const maxStallMs = 20;
const resolutionMs = 1;
const idleMs = 3_000;

/** The longest stall of this process's event loop while a full vault is made, opened, saved and wiped. */
export async function measureStall(bench: Bench): Promise<readonly Row[]> {
  const { store, key } = await openBenchStore(bench, 'stall');
  const archive = await toArchive(makeContents(sizeBytes));
  const idle = await stallOf(() => delay(idleMs));
  const steps: Record<string, number> = {};
  const step = async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    let value: Value | undefined;
    steps[`${name}StallMs`] = round(await stallOf(async () => void (value = await work())));
    return value as Value;
  };
  const made = await step('create', () => store.create(key, archive));
  const read = await step('read', () => store.read(key));
  await step('wipe', async () => wipeArchive(read.archive));
  await step('unchanged', () => store.save({ key, archive, base: made.version, allowShrink: false }));
  const longest: number[] = [];
  for (let round = 0; round < bench.settings.rounds; round += 1) {
    const again = await store.read(key);
    wipeArchive(again.archive);
    // As if something else had been saved before.
    const base = { ...again.version, contentHash: '' };
    longest.push(await stallOf(async () => void (await store.save({ key, archive, base, allowShrink: true }))));
  }
  const worst = Math.max(...longest, ...Object.values(steps));
  return [
    {
      name: 'vault-stall-64mib',
      ratio: null,
      raw: { ...steps, saveStallMs: rounded(longest), idleStallMs: round(idle) },
      baseline: 'the same process idle',
      target: `<= ${maxStallMs} ms`,
      met: worst <= maxStallMs,
      figure: `longest ${round(worst)} ms, saves ${round(median(longest))} ms, idle ${round(idle)} ms`,
    },
  ];
}

async function stallOf(work: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  await delay(5 * resolutionMs);
  histogram.reset();
  await work();
  // A stall in the last turn is seen by the timer after it.
  await delay(5 * resolutionMs);
  histogram.disable();
  return Math.max(0, histogram.max / 1e6 - resolutionMs);
}
