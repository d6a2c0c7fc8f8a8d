import type { Row } from '../measure/row.ts';
import { median, percentile, round } from '../measure/statistics.ts';
import { startAgent, surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { listenToEvents } from '../world/event-listener.ts';
import { openCore } from '../world/in-process.ts';
import {
  addTrustedProject,
  containerIdOf,
  projectById,
  startProject,
  waitForSnapshot,
  type CommandTarget,
} from '../world/operation.ts';
import { dockerHostOf } from '../world/docker-host.ts';

const eventCount = 50;
const maxLatencyMs = 50;

/** From the engine's own `die` event, as another listener gets it, to the change of the snapshot. */
export async function measureOutsideStop(bench: Bench): Promise<readonly Row[]> {
  const deaths = await listenForDeaths(bench);
  const core = await openCore(bench, 'stop-core');
  const agent = await startAgent(bench, surroundingsOf(bench, 'stop-agent', dockerHostOf(bench)));
  const coreProject = await openProject(bench, core, 'stop-core');
  const agentProject = await openProject(bench, agent.target, 'stop-agent');
  const coreMs: number[] = [];
  const clientMs: number[] = [];
  for (let count = 0; count < eventCount; count += 1) {
    coreMs.push(await stopOnce(bench, coreProject, deaths));
    clientMs.push(await stopOnce(bench, agentProject, deaths));
  }
  await agent.stop();
  return [
    toRow('outside-stop', 'in the engine core', coreMs),
    toRow('outside-stop-client', "at a client of the agent's socket", clientMs),
  ];
}

interface Watched {
  readonly target: CommandTarget;
  readonly projectId: string;
  readonly containerId: string;
}

async function openProject(bench: Bench, target: CommandTarget, name: string): Promise<Watched> {
  const projectId = await addTrustedProject(target, await bench.makeProjectFolder(name));
  await startProject(target, projectId);
  return { target, projectId, containerId: containerIdOf(target, projectId) };
}

/** Resolves with when the engine's event of the next death of a container came, in nanoseconds. */
type NextDeath = (containerId: string) => Promise<bigint>;

async function listenForDeaths(bench: Bench): Promise<NextDeath> {
  const waiting = new Map<string, (atNs: bigint) => void>();
  await listenToEvents(bench, ['die'], ({ containerId, atNs }) => {
    waiting.get(containerId)?.(atNs);
    waiting.delete(containerId);
  });
  return async (containerId) => new Promise((resolve) => void waiting.set(containerId, resolve));
}

async function stopOnce(bench: Bench, watched: Watched, nextDeath: NextDeath): Promise<number> {
  const { target, projectId, containerId } = watched;
  const container = bench.client.getContainer(containerId);
  const statusIs = (status: string) => (): boolean =>
    projectById(target.snapshot(), projectId).container.status === status;
  const died = nextDeath(containerId);
  // Stamped inside the listener: a promise would be a turn later.
  let shownAtNs = 0n;
  const unsubscribe = target.subscribe(() => {
    if (shownAtNs === 0n && statusIs('stopped')()) shownAtNs = process.hrtime.bigint();
  });
  await container.stop({ t: 0 });
  const diedAtNs = await died;
  await waitForSnapshot(target, statusIs('stopped'), 'the stop to show');
  unsubscribe();
  await container.start();
  await waitForSnapshot(target, statusIs('running'), 'the start to show');
  return Number(shownAtNs - diedAtNs) / 1e6;
}

function toRow(name: string, where: string, latenciesMs: readonly number[]): Row {
  const [p50Ms, p99Ms] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.99)];
  return {
    name,
    ratio: null,
    raw: {
      events: latenciesMs.length,
      p50Ms: round(p50Ms, 2),
      p99Ms: round(p99Ms, 2),
      medianMs: round(median(latenciesMs), 2),
      latencyMs: latenciesMs.map((one) => round(one, 2)),
    },
    baseline: "receipt of the engine's die event by another listener",
    target: `p99 <= ${maxLatencyMs} ms`,
    met: p99Ms <= maxLatencyMs,
    figure: `p50 ${round(p50Ms, 1)} ms, p99 ${round(p99Ms, 1)} ms, ${where}`,
  };
}
