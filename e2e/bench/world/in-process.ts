import path from 'node:path';
import { createEngine } from '../../../main/engine/create-engine.ts';
import type { Engine } from '../../../main/engine/engine.ts';
import type { EnginePorts } from '../../../main/engine/ports.ts';
import type { Bench } from './bench.ts';
import { waitForSnapshot } from './operation.ts';

/** Ports of an engine core with a state folder of its own. */
export function toPorts(stateFolder: string, homeFolder: string): EnginePorts {
  return {
    kind: 'agent',
    version: '0.0.0-bench',
    stateFolder,
    homeFolder,
    environment: process.env,
    baseImageFolder: path.resolve(import.meta.dirname, '../../../build/image'),
    nowMs: Date.now,
    log: () => undefined,
    quit: () => undefined,
  };
}

/** An engine core in this process, ready. */
export async function openCore(bench: Bench, name: string): Promise<Engine> {
  const engine = await createEngine(toPorts(path.join(bench.root, name), path.join(bench.root, 'home')));
  bench.atEnd(async () => engine.close());
  await waitForSnapshot(engine, (snapshot) => snapshot.engine.status === 'ready', 'the engine');
  return engine;
}
