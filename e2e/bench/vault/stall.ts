import { setTimeout as delay } from 'node:timers/promises';
import { wipeArchive } from '../../../main/engine/vault/archive.ts';
import type { Row } from '../measure/row.ts';
import { round, rounded } from '../measure/statistics.ts';
import { longestTurnOf, type LongestTurn } from '../measure/turns.ts';
import type { Bench } from '../world/bench.ts';
import { makeContents, openBenchStore, toArchive } from './contents.ts';

const sizeBytes = 64 * 2 ** 20;
const maxTurnMs = 20;
const idleMs = 3_000;

/** The longest turn of this process's event loop while a full vault is made, opened, wiped and saved. */
export async function measureStall(bench: Bench): Promise<readonly Row[]> {
  const { store, key } = await openBenchStore(bench, 'stall');
  const archive = await toArchive(makeContents(sizeBytes));
  const turns = new Map<string, LongestTurn[]>();
  const step = async <Value>(name: string, work: () => Promise<Value>): Promise<Value> => {
    const value: Value[] = [];
    const turn = await longestTurnOf(async () => void value.push(await work()));
    turns.set(name, [...(turns.get(name) ?? []), turn]);
    return value[0] as Value;
  };
  await step('idle', () => delay(idleMs));
  await step('create', () => store.create(key, archive));
  for (let count = 0; count < bench.settings.rounds; count += 1) {
    const { archive: again, version } = await step('read', () => store.read(key));
    await step('unchanged', () => store.save({ key, archive: again, base: version, allowShrink: false }));
    await step('wipe', async () => wipeArchive(again));
    // As if something else had been saved before.
    const base = { ...version, contentHash: '' };
    await step('save', () => store.save({ key, archive, base, allowShrink: true }));
  }
  return [toRow(turns)];
}

function toRow(turns: ReadonlyMap<string, readonly LongestTurn[]>): Row {
  const listed = [...turns].flatMap(([name, all]) => [
    [`${name}OwnMs`, rounded(all.map(({ ownMs }) => ownMs))] as const,
    [`${name}WallMs`, rounded(all.map(({ wallMs }) => wallMs))] as const,
  ]);
  const atWork = [...turns].flatMap(([name, all]) => (name === 'idle' ? [] : all));
  const longest = Math.max(...atWork.map(({ ownMs }) => ownMs));
  const wall = Math.max(...atWork.map(({ wallMs }) => wallMs));
  const idle = Math.max(...(turns.get('idle') ?? []).map(({ wallMs }) => wallMs));
  return {
    name: 'vault-stall-64mib',
    ratio: null,
    raw: Object.fromEntries(listed),
    baseline: 'the same process idle',
    target: `<= ${maxTurnMs} ms`,
    met: longest <= maxTurnMs,
    figure: `${round(longest)} ms of own time; by the clock ${round(wall)} ms, idle ${round(idle)} ms`,
  };
}
