/** A process of first-truth.ts: the engine core from its creation to the engine's first truth. Arguments: state folder, home folder. */
import { createEngine } from '../../../main/engine/create-engine.ts';
import { toPorts } from '../world/in-process.ts';
import { waitForSnapshot } from '../world/operation.ts';
import type { FirstTruth } from './first-truth.ts';

const [stateFolder = '', homeFolder = ''] = process.argv.slice(2);
const ports = toPorts(stateFolder, homeFolder);
const began = performance.now();
const engine = await createEngine(ports);
const { projects } = await waitForSnapshot(engine, (snapshot) => snapshot.engine.status === 'ready', 'the engine');
const truth: FirstTruth = {
  readyMs: performance.now() - began,
  projects: projects.length,
  running: projects.filter((project) => project.container.status === 'running').length,
};
await engine.close();
console.log(JSON.stringify(truth));
