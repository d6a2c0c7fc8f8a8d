/** `npm run bench`: measures, prints, and removes all that it made, interrupted or not. */
import { constants } from 'node:os';
import { reasonOf } from '../../main/engine/failure.ts';
import { parseArguments, usage, type BenchArguments } from './arguments.ts';
import { desktopParts } from './desktop/desktop.ts';
import { lifecycleParts } from './lifecycle/lifecycle.ts';
import { describeMachine } from './measure/machine.ts';
import { toJson, toTable, type Row } from './measure/row.ts';
import { syncParts } from './sync/sync.ts';
import { terminalParts } from './terminal/terminal.ts';
import { vaultParts } from './vault/vault.ts';
import { openBench, type Bench } from './world/bench.ts';

const exitUsage = 2;
const partsOf = {
  desktop: desktopParts,
  lifecycle: lifecycleParts,
  sync: syncParts,
  terminal: terminalParts,
  vault: vaultParts,
} as const;

async function main(): Promise<number> {
  let options: BenchArguments;
  try {
    options = parseArguments(process.argv.slice(2));
  } catch (error) {
    console.error(`bench: ${reasonOf(error)}\n${usage}`);
    return exitUsage;
  }
  const bench = await openBench(options);
  endOnSignal(bench);
  try {
    return await measureAll(bench, options);
  } finally {
    await bench.close();
  }
}

async function measureAll(bench: Bench, { suite, json, only }: BenchArguments): Promise<number> {
  const runtime = process.env['TAZPOD_BENCH_RUNTIME'];
  const machine = [await describeMachine(bench.client), ...(runtime === undefined ? [] : [runtime])].join('; ');
  bench.say(machine);
  const parts = partsOf[suite].filter(
    ({ name, rows }) => only.length === 0 || only.some((wanted) => wanted === name || rows.includes(wanted)),
  );
  if (parts.length === 0) throw new Error(`no row is called ${only.join(', ')}`);
  const rows: Row[] = [];
  let broken = 0;
  for (const part of parts) {
    bench.say(`measuring ${part.rows.join(', ')}`);
    try {
      const measured = await part.measure(bench);
      if (json) for (const row of measured) console.log(toJson(row));
      rows.push(...measured);
    } catch (error) {
      if (bench.isClosing()) throw error;
      broken += 1;
      bench.say(
        `${part.name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
  if (!json) console.log(`${toTable(rows)}\n\n${machine}`);
  const missed = rows.filter(({ met }) => !met).map(({ name }) => name);
  if (missed.length > 0) bench.say(`targets missed: ${missed.join(', ')}`);
  return broken === 0 ? 0 : 1;
}

/** The first signal ends the run in order; a second one ends it at once, and leaves things behind. */
function endOnSignal(bench: Bench): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const code = 128 + constants.signals[signal];
      if (bench.isClosing()) process.exit(code);
      bench.say('interrupted; removing what was made');
      void bench.close().finally(() => process.exit(code));
    });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`bench: ${reasonOf(error)}`);
  process.exitCode = 1;
}
