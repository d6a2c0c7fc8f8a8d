import { setTimeout as delay } from 'node:timers/promises';
import { readCpuMs, readMemory, type Memory } from '../measure/process-usage.ts';
import type { Row } from '../measure/row.ts';
import { round } from '../measure/statistics.ts';
import { startAgent, surroundingsOf, type AgentProcess } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { openProxy, type CountingProxy } from '../world/counting-proxy.ts';
import { addTrustedProject, startProject } from '../world/operation.ts';
import { measureFirstTruth } from './first-truth.ts';

const stages = [
  { projects: 1, running: 1 },
  { projects: 20, running: 20 },
  { projects: 200, running: 20 },
] as const;

/** A process that has just started still collects its garbage. */
const settleMs = 5_000;
const maxCpuPercent = 0.1;
const maxMemoryMiB = 40;

/** The agent with 1, 20 and 200 projects and nothing to do, beside one without any; then the start with 200. */
export async function measureIdle(bench: Bench): Promise<readonly Row[]> {
  const proxy = await openProxy(bench, 'idle');
  const surroundings = surroundingsOf(bench, 'idle', proxy.host);
  const emptySurroundings = surroundingsOf(bench, 'idle-empty', (await openProxy(bench, 'idle-empty')).host);
  const folders: string[] = [];
  const rows: Row[] = [];
  let running = 0;
  for (const stage of stages) {
    bench.say(`idle-${stage.projects}: registering`);
    const preparing = await startAgent(bench, surroundings);
    while (folders.length < stage.projects) {
      const folder = await bench.makeProjectFolder(`idle-${folders.length}`);
      const projectId = await addTrustedProject(preparing.target, folder);
      folders.push(folder);
      if (running >= stage.running) continue;
      await startProject(preparing.target, projectId);
      running += 1;
    }
    await preparing.stop();
    proxy.takeRequests();
    // Both fresh: a process that did work before keeps some of its memory.
    const empty = await startAgent(bench, emptySurroundings);
    const agent = await startAgent(bench, surroundings);
    agent.disconnect();
    bench.say(`idle-${stage.projects}: watching for ${bench.settings.idleSeconds} s`);
    rows.push(toRow(stage, await watchIdle(bench, { empty, agent, proxy })));
    await agent.stop();
    await empty.stop();
  }
  return [...rows, await measureFirstTruth(bench, surroundings, proxy)];
}

interface Watched {
  readonly empty: AgentProcess;
  readonly agent: AgentProcess;
  readonly proxy: CountingProxy;
}

interface Usage {
  readonly cpuMs: number;
  readonly memory: Memory;
}

interface IdleFigures {
  readonly windowMs: number;
  readonly startRequests: number;
  readonly requests: readonly string[];
  readonly agent: Usage;
  readonly empty: Usage;
}

async function watchIdle(bench: Bench, { empty, agent, proxy }: Watched): Promise<IdleFigures> {
  await delay(settleMs);
  const startRequests = proxy.takeRequests().length;
  if (startRequests === 0) throw new Error('the proxy saw no requests at the start: it does not count');
  const before = [await readCpuMs(agent.processId), await readCpuMs(empty.processId)] as const;
  const began = performance.now();
  await delay(bench.settings.idleSeconds * 1000);
  const after = [await readCpuMs(agent.processId), await readCpuMs(empty.processId)] as const;
  return {
    windowMs: performance.now() - began,
    startRequests,
    requests: proxy.takeRequests(),
    agent: { cpuMs: after[0] - before[0], memory: await readMemory(agent.processId) },
    empty: { cpuMs: after[1] - before[1], memory: await readMemory(empty.processId) },
  };
}

function toRow(stage: (typeof stages)[number], figures: IdleFigures): Row {
  const { windowMs, startRequests, requests, agent, empty } = figures;
  const requestsPerMinute = (requests.length * 60_000) / windowMs;
  const addedCpuPercent = ((agent.cpuMs - empty.cpuMs) * 100) / windowMs;
  const addedPssMiB = agent.memory.pssMiB - empty.memory.pssMiB;
  const memoryCounts = stage.projects === 200;
  return {
    name: `idle-${stage.projects}`,
    ratio: null,
    raw: {
      projects: stage.projects,
      running: stage.running,
      windowSeconds: round(windowMs / 1000),
      requestsPerMinute: round(requestsPerMinute),
      requests: requests.join(', '),
      startRequests,
      cpuMs: round(agent.cpuMs),
      baselineCpuMs: round(empty.cpuMs),
      addedCpuPercent: round(addedCpuPercent, 3),
      pssMiB: round(agent.memory.pssMiB),
      baselinePssMiB: round(empty.memory.pssMiB),
      addedPssMiB: round(addedPssMiB),
      rssMiB: round(agent.memory.rssMiB),
      baselineRssMiB: round(empty.memory.rssMiB),
    },
    baseline: 'an agent without projects, at the same time',
    target: `0 requests a minute, CPU <= +${maxCpuPercent} % of a core${memoryCounts ? `, <= +${maxMemoryMiB} MiB` : ''}`,
    met: requests.length === 0 && addedCpuPercent <= maxCpuPercent && (!memoryCounts || addedPssMiB <= maxMemoryMiB),
    figure: `${round(requestsPerMinute)} requests, ${signed(round(addedCpuPercent, 3))} % CPU, ${signed(round(addedPssMiB))} MiB PSS`,
  };
}

const signed = (value: number): string => (value < 0 ? String(value) : `+${value}`);
