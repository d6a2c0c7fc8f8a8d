import { setTimeout as delay } from 'node:timers/promises';
import type { TestDesktop } from '../../fixtures/desktop.ts';
import { readFamilyCpuMs, readFamilyPssMiB } from '../measure/process-family.ts';
import { readMemory } from '../measure/process-usage.ts';
import type { Row } from '../measure/row.ts';
import { round } from '../measure/statistics.ts';
import { surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { openProxy } from '../world/counting-proxy.ts';
import { addTrustedProject, startProject } from '../world/operation.ts';
import { openApp, openDesktop, type BenchApp } from './app.ts';
import { openEmptyApp } from './empty-app.ts';

/** A process that has just started still collects its garbage. */
const settleMs = 5_000;
/** Chromium gives memory back for half a minute after a page was filled with 200 rows: its collector's work, not the app's. */
const pageSettleMs = 45_000;
const running = 20;
const maxOpenMiB = 350;
const maxClosedMiB = 150;
const maxCpuPercent = 0.1;
const maxMainMiB = 40;

/** The app with 20 and 200 projects, 20 of them up, and nothing to do; beside an empty window of the same runtime. */
export async function measureDesktopIdle(bench: Bench): Promise<readonly Row[]> {
  const desktop = await openDesktop(bench);
  const proxy = await openProxy(bench, 'idle-app');
  const surroundings = surroundingsOf(bench, 'idle-app', proxy.host);
  const mainEmptyMiB = await restart(bench, desktop, surroundings, 0);
  await restart(bench, desktop, surroundings, running);
  const twenty = await openApp(bench, desktop, surroundings);
  const empty = await openEmptyApp(bench, desktop);
  await delay(settleMs);
  const emptyMiB = await readFamilyPssMiB(empty.process().pid ?? 0);
  const memory = await measureMemory(twenty, emptyMiB);
  await twenty.close();
  await restart(bench, desktop, surroundings, 200);
  const app = await openApp(bench, desktop, surroundings);
  await delay(pageSettleMs);
  proxy.takeRequests();
  const families = [app.processId, empty.process().pid ?? 0] as const;
  const before = [await readFamilyCpuMs(families[0]), await readFamilyCpuMs(families[1])] as const;
  const began = performance.now();
  await delay(bench.settings.idleSeconds * 1000);
  const windowMs = performance.now() - began;
  const cpuMs = (await readFamilyCpuMs(families[0])) - before[0];
  const emptyCpuMs = (await readFamilyCpuMs(families[1])) - before[1];
  const requests = proxy.takeRequests().length;
  const addedMainMiB = (await readMemory(app.processId)).pssMiB - mainEmptyMiB;
  const addedCpuPercent = ((cpuMs - emptyCpuMs) * 100) / windowMs;
  await app.close();
  await empty.close();
  return [
    ...memory,
    {
      name: 'idle-200-window',
      ratio: null,
      raw: {
        windowSeconds: round(windowMs / 1000),
        requests,
        cpuMs: round(cpuMs),
        baselineCpuMs: round(emptyCpuMs),
        addedCpuPercent: round(addedCpuPercent, 3),
        addedMainPssMiB: round(addedMainMiB),
      },
      baseline: 'an empty window of the same runtime; main without projects',
      target: `0 requests, CPU <= +${maxCpuPercent} % of a core, main <= +${maxMainMiB} MiB`,
      met: requests === 0 && addedCpuPercent <= maxCpuPercent && addedMainMiB <= maxMainMiB,
      figure: `${requests} requests, ${round(addedCpuPercent, 3)} % CPU more, main ${round(addedMainMiB)} MiB more`,
    },
  ];
}

/** Brings the installation to so many projects, and tells main's memory with them. */
async function restart(
  bench: Bench,
  desktop: TestDesktop,
  surroundings: Parameters<typeof openApp>[2],
  projects: number,
): Promise<number> {
  const app = await openApp(bench, desktop, surroundings);
  for (let count = app.target.snapshot().projects.length; count < projects; count += 1) {
    const projectId = await addTrustedProject(app.target, await bench.makeProjectFolder(`idle-${count}`));
    if (count < running) await startProject(app.target, projectId);
  }
  if (projects === 0) await delay(settleMs);
  const { pssMiB } = await readMemory(app.processId);
  await app.close();
  return pssMiB;
}

/** All processes' memory with the window open, and closed into the tray. */
async function measureMemory(app: BenchApp, emptyMiB: number): Promise<readonly Row[]> {
  const openMiB = await readFamilyPssMiB(app.processId);
  // The page is let go a while after its window was closed.
  const released = app.page.waitForEvent('close');
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await released;
  await delay(settleMs);
  const closedMiB = await readFamilyPssMiB(app.processId);
  const toRow = (name: string, pssMiB: number, maxMiB: number): Row => ({
    name,
    ratio: null,
    raw: { projects: running, pssMiB: round(pssMiB), baselinePssMiB: round(emptyMiB) },
    baseline: 'an empty window of the same runtime',
    target: `<= ${maxMiB} MiB`,
    met: pssMiB <= maxMiB,
    figure: `${round(pssMiB, 0)} MiB PSS of all processes (empty window ${round(emptyMiB, 0)})`,
  });
  return [toRow('memory-open', openMiB, maxOpenMiB), toRow('memory-closed', closedMiB, maxClosedMiB)];
}
