/** For tests: the agent as a real process, with the fake engine. Run by Node straight from its source. */
import { FakeEngine } from './fake-engine.ts';
import { runAgent } from './run-agent.ts';
import { readSurroundings } from './surroundings.ts';

const { TAZPOD_TEST_IDLE_MS: idleMs, TAZPOD_TEST_FAIL: fail } = process.env;

await runAgent({
  surroundings: readSurroundings(),
  version: '0.0.0-test',
  baseImageFolder: '/nowhere',
  idleMs: Number(idleMs ?? 10_000),
  createEngine: async (ports) => {
    if (fail !== undefined) throw new Error(fail);
    return new FakeEngine(ports);
  },
});
