/** `npm run faults`: makes faults while vaults are saved, and prints what was lost. Exit code 1 where anything was. */
import { parseArgs } from 'node:util';
import { reasonOf } from '../../main/engine/failure.ts';
import { killAgents } from './agent/kill-agents.ts';
import { flipBits, openHostile, truncate } from './damage.ts';
import { fillDisk } from './full-disk.ts';
import { killAtRandomPoints } from './kill.ts';
import { killWhilePushing } from './push-kill.ts';
import { swapUnderneath } from './swap.ts';
import { hasHeld, toTable, type FaultRow } from './tally.ts';
import { injections, injectFault } from './trace.ts';
import { raceWriters } from './two-writers.ts';

const usage = `usage: npm run faults -- [--kills N] [--only PART[,PART]]
  --kills N    random points of kill -9; 1000 without it
  --only PART  kill, push and agent (200 points at most), trace, disk, writers, swap, damage`;

const say = (text: string): void => console.error(`faults: ${text}`);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { kills: { type: 'string' }, only: { type: 'string' } } });
  const kills = Number(values.kills ?? '1000');
  if (!Number.isInteger(kills) || kills < 1) throw new Error(`--kills takes a whole number from 1\n${usage}`);
  const parts: Readonly<Record<string, () => Promise<readonly FaultRow[]>>> = {
    kill: async () => [await killAtRandomPoints(kills, say)],
    push: async () => [await killWhilePushing(Math.min(kills, 200), say)],
    agent: async () => await killAgents(Math.min(kills, 200), say),
    trace: async () => {
      const rows: FaultRow[] = [];
      for (const injection of injections) rows.push(await injectFault(injection, 1));
      return rows;
    },
    disk: async () => [await fillDisk(1)],
    writers: async () => [await raceWriters(100)],
    swap: async () => [await swapUnderneath(50)],
    damage: async () => [await flipBits(1000), await truncate(1), await openHostile()],
  };
  const wanted = values.only?.split(',') ?? Object.keys(parts);
  const rows: FaultRow[] = [];
  for (const name of wanted) {
    const part = parts[name];
    if (part === undefined) throw new Error(`no part is called ${name}\n${usage}`);
    say(name);
    rows.push(...(await part()));
  }
  console.log(toTable(rows));
  for (const complaint of rows.flatMap(({ complaints }) => complaints)) say(complaint);
  return rows.every((row) => hasHeld(row) || row.notRun !== null) ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  say(reasonOf(error));
  process.exitCode = 1;
}
