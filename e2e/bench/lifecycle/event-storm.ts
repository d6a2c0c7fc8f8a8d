import { setTimeout as delay } from 'node:timers/promises';
import type { Container } from 'dockerode';
import { statusOf } from '../../../main/engine/docker/client.ts';
import { readCpuMs } from '../measure/process-usage.ts';
import type { Row } from '../measure/row.ts';
import type { StallReport } from '../measure/stall-probe.ts';
import { at, round } from '../measure/statistics.ts';
import { startAgent, startIdleProcess, surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';
import { listenToEvents } from '../world/event-listener.ts';
import { addTrustedProject, containerIdOf, projectById, startProject, type CommandTarget } from '../world/operation.ts';

/** How long it lasts, and how many events it has at least. */
export const stormMs = 10_000;
export const wantedEvents = 1_000;
/** Between two changes of a container: each costs the engine processes, and a machine without a free core shows only itself. */
const breatherMs = 100;
export const maxStallMs = 50;
export const maxUpdatesPerSecond = 20;

/** The kinds of event that a container's lane makes; the same that the engine core listens to. */
export const stormEvents = ['start', 'die', 'pause', 'unpause', 'rename', 'connect', 'disconnect'] as const;

/** What the engine says of many changes in a short time, at the built agent with one client. */
export async function measureEventStorm(bench: Bench): Promise<readonly Row[]> {
  const agent = await startAgent(bench, surroundingsOf(bench, 'storm', dockerHostOf(bench)), true);
  const control = startIdleProcess(bench);
  const projects: string[] = [];
  for (const name of ['storm-0', 'storm-1', 'storm-2', 'storm-3']) {
    const projectId = await addTrustedProject(agent.target, await bench.makeProjectFolder(name));
    await startProject(agent.target, projectId);
    projects.push(projectId);
  }
  const containers = projects.map((id) => bench.client.getContainer(containerIdOf(agent.target, id)));
  const ids = new Set(containers.map(({ id }) => id));
  let eventCount = 0;
  await listenToEvents(bench, stormEvents, ({ action, containerId }) => {
    // A network's event names the network; ours alone are connected and disconnected here.
    if (ids.has(containerId) || action === 'connect' || action === 'disconnect') eventCount += 1;
  });
  const updatesAtMs: number[] = [];
  agent.target.subscribe(() => updatesAtMs.push(performance.now()));
  const cpuBeforeMs = await readCpuMs(agent.processId);
  agent.beginProbe();
  control.beginProbe();
  const began = performance.now();
  await makeStorm(containers, () => eventCount);
  const lastedMs = performance.now() - began;
  const stall = await agent.endProbe();
  const controlStall = await control.endProbe();
  const cpuMs = (await readCpuMs(agent.processId)) - cpuBeforeMs;
  const right = await isRightInTheEnd(agent.target, projects, containers);
  await control.stop();
  await agent.stop();
  return [toRow({ eventCount, lastedMs, updatesAtMs, stall, controlStall, cpuMs, right })];
}

/**
 * Two containers are paused and unpaused and one is stopped and started, again and again; up to the pace a fourth is
 * renamed, the cheapest change of the snapshot that an engine can make.
 */
export async function makeStorm(containers: readonly Container[], countEvents: () => number): Promise<void> {
  const began = performance.now();
  const left = (): number => stormMs - (performance.now() - began);
  const cycle = async (...steps: (() => Promise<unknown>)[]): Promise<void> => {
    while (left() > 0) {
      for (const step of steps) {
        await step();
        await delay(breatherMs);
      }
    }
  };
  const pauseAndUnpause = async (container: Container): Promise<void> =>
    cycle(
      () => toleratingConflict(container.pause()),
      () => toleratingConflict(container.unpause()),
    );
  const [first, second, third, fourth] = [at(containers, 0), at(containers, 1), at(containers, 2), at(containers, 3)];
  const { Name: name } = await fourth.inspect();
  let renames = 0;
  const keepPace = async (): Promise<void> => {
    const tickMs = 2;
    // Ends with the time, but not before the count is full: an engine that is slow makes the storm longer, never smaller.
    while (left() > 0 || countEvents() < wantedEvents) {
      const dueEvents = Math.min(1, 1 - left() / stormMs) * wantedEvents;
      if (countEvents() >= dueEvents) {
        await delay(tickMs);
        continue;
      }
      renames += 1;
      await fourth.rename({ name: `${name.slice(1)}-${renames % 2}` });
    }
  };
  await Promise.all([
    pauseAndUnpause(first),
    pauseAndUnpause(second),
    cycle(
      () => third.stop({ t: 0 }),
      () => third.start(),
    ),
    keepPace(),
  ]);
}

/** Docker 20.10 learns from containerd late that a container was paused, and then refuses for what is no longer so. */
async function toleratingConflict(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    const conflict = 409;
    const notPaused = 500;
    if (statusOf(error) !== conflict && statusOf(error) !== notPaused) throw error;
  }
}

/** Whether the snapshot comes to say what the engine says of each container. */
export async function isRightInTheEnd(
  target: CommandTarget,
  projectIds: readonly string[],
  containers: readonly Container[],
): Promise<boolean> {
  // The engine itself comes to rest first.
  for (let look = 0; look < 50; look += 1) {
    const truths = await Promise.all(containers.map(readTruth));
    const snapshot = target.snapshot();
    const isRight = projectIds.every((id, index) => {
      const { container } = projectById(snapshot, id);
      const truth = at(truths, index);
      return container.status !== 'missing' && container.status === truth.status && container.name === truth.name;
    });
    if (isRight) return true;
    await delay(100);
  }
  return false;
}

async function readTruth(container: Container): Promise<{ readonly name: string; readonly status: string }> {
  const { Name: name, State: state } = await container.inspect();
  return { name: name.slice(1), status: state.Paused ? 'paused' : state.Running ? 'running' : 'stopped' };
}

interface StormFigures {
  readonly eventCount: number;
  readonly lastedMs: number;
  readonly updatesAtMs: readonly number[];
  readonly stall: StallReport;
  readonly controlStall: StallReport;
  readonly cpuMs: number;
  readonly right: boolean;
}

/** The most updates in any second of the storm, wherever it begins. */
export function mostPerSecond(updatesAtMs: readonly number[]): number {
  const secondMs = 1_000;
  const counts = updatesAtMs.map((from) => updatesAtMs.filter((atMs) => atMs >= from && atMs < from + secondMs).length);
  return Math.max(0, ...counts);
}

function toRow({ eventCount, lastedMs, updatesAtMs, stall, controlStall, cpuMs, right }: StormFigures): Row {
  const updatesPerSecond = mostPerSecond(updatesAtMs);
  // Some of the storm's last requests end after its time.
  const longestMs = stormMs * 1.1;
  const isStorm = eventCount >= wantedEvents && lastedMs <= longestMs;
  const figure = `stall ${round(stall.maxStallMs)} ms (idle process ${round(controlStall.maxStallMs)} ms), ${updatesPerSecond} updates a second, ${right ? 'right' : 'WRONG'} in the end`;
  return {
    name: 'event-storm',
    ratio: null,
    raw: {
      events: eventCount,
      seconds: round(lastedMs / 1000, 2),
      maxStallMs: round(stall.maxStallMs, 2),
      p99StallMs: round(stall.p99StallMs, 2),
      baselineMaxStallMs: round(controlStall.maxStallMs, 2),
      baselineP99StallMs: round(controlStall.p99StallMs, 2),
      updates: updatesAtMs.length,
      maxUpdatesPerSecond: updatesPerSecond,
      finalStateRight: right,
      agentCpuMs: round(cpuMs),
    },
    baseline: 'an idle Node process in the same storm',
    target: `no stall > ${maxStallMs} ms, <= ${maxUpdatesPerSecond} updates a second, right in the end`,
    met: isStorm && right && stall.maxStallMs <= maxStallMs && updatesPerSecond <= maxUpdatesPerSecond,
    figure: isStorm ? figure : `${eventCount} events in ${round(lastedMs / 1000)} s: no storm; ${figure}`,
  };
}
