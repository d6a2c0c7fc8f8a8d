import path from 'node:path';
import { createEngine } from './engine/create-engine.ts';
import { runAgent } from './host/run-agent.ts';
import { readSurroundings } from './host/surroundings.ts';
import { appVersion } from './host/version.ts';
import { outsideArchive } from './outside-archive.ts';

/**
 * The agent: the host process while no app runs. The engine core in plain Node, started by the command line, ended by
 * itself when nothing is up, by `tazpod quit`, by a signal, or by the app that takes over. Containers stay up.
 */
await runAgent({
  surroundings: readSurroundings(),
  version: appVersion,
  // From out/main/agent.js.
  baseImageFolder: outsideArchive(path.resolve(import.meta.dirname, '../../build/image')),
  createEngine,
});
