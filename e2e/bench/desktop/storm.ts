import type { ElectronApplication, Page } from 'playwright';
import {
  isRightInTheEnd,
  makeStorm,
  maxStallMs,
  maxUpdatesPerSecond,
  mostPerSecond,
  stormEvents,
  stormMs,
  wantedEvents,
} from '../lifecycle/event-storm.ts';
import type { Row } from '../measure/row.ts';
import { round } from '../measure/statistics.ts';
import { startIdleProcess, surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';
import { listenToEvents } from '../world/event-listener.ts';
import { addTrustedProject, containerIdOf, startProject } from '../world/operation.ts';
import { openApp, openDesktop } from './app.ts';

/** The storm of `npm run bench -- lifecycle`, at the app with its window open: main's event loop, and what the window gets. */
export async function measureDesktopStorm(bench: Bench): Promise<readonly Row[]> {
  const desktop = await openDesktop(bench);
  const app = await openApp(bench, desktop, surroundingsOf(bench, 'storm-app', dockerHostOf(bench)));
  const control = startIdleProcess(bench);
  const projects: string[] = [];
  for (const name of ['storm-0', 'storm-1', 'storm-2', 'storm-3']) {
    const projectId = await addTrustedProject(app.target, await bench.makeProjectFolder(name));
    await startProject(app.target, projectId);
    projects.push(projectId);
  }
  const containers = projects.map((id) => bench.client.getContainer(containerIdOf(app.target, id)));
  const ids = new Set(containers.map(({ id }) => id));
  let eventCount = 0;
  await listenToEvents(bench, stormEvents, ({ action, containerId }) => {
    if (ids.has(containerId) || action === 'connect' || action === 'disconnect') eventCount += 1;
  });
  await beginCounting(app.page);
  await beginStallProbe(app.electron);
  control.beginProbe();
  const began = performance.now();
  await makeStorm(containers, () => eventCount);
  const lastedMs = performance.now() - began;
  const stallMs = await endStallProbe(app.electron);
  const controlStall = await control.endProbe();
  const updatesPerSecond = mostPerSecond(await endCounting(app.page));
  const right = await isRightInTheEnd(app.target, projects, containers);
  await control.stop();
  await app.close();
  const isStorm = eventCount >= wantedEvents && lastedMs <= stormMs * 1.1;
  const figure = `stall ${round(stallMs)} ms (idle process ${round(controlStall.maxStallMs)} ms), ${updatesPerSecond} window updates a second, ${right ? 'right' : 'WRONG'} in the end`;
  return [
    {
      name: 'event-storm-window',
      ratio: null,
      raw: {
        events: eventCount,
        seconds: round(lastedMs / 1000, 2),
        maxStallMs: round(stallMs, 2),
        baselineMaxStallMs: round(controlStall.maxStallMs, 2),
        maxUpdatesPerSecond: updatesPerSecond,
        finalStateRight: right,
      },
      baseline: 'an idle Node process in the same storm',
      target: `no stall > ${maxStallMs} ms, <= ${maxUpdatesPerSecond} window updates a second, right in the end`,
      met: isStorm && right && stallMs <= maxStallMs && updatesPerSecond <= maxUpdatesPerSecond,
      figure: isStorm ? figure : `${eventCount} events in ${round(lastedMs / 1000)} s: no storm; ${figure}`,
    },
  ];
}

const resolutionMs = 5;
const probe = 'bench-stall-probe';

async function beginStallProbe(electron: ElectronApplication): Promise<void> {
  await electron.evaluate(
    (_electron, { name, resolution }) => {
      const histogram = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution });
      histogram.enable();
      Reflect.set(globalThis, name, histogram);
    },
    { name: probe, resolution: resolutionMs },
  );
}

async function endStallProbe(electron: ElectronApplication): Promise<number> {
  const maxNs = await electron.evaluate(
    (_electron, name) => (Reflect.get(globalThis, name) as { readonly max: number }).max,
    probe,
  );
  return Math.max(0, maxNs / 1e6 - resolutionMs);
}

const counter = 'bench-updates';

/** Notes in the page when each change of the snapshot comes. */
async function beginCounting(page: Page): Promise<void> {
  await page.evaluate((name) => {
    interface Api {
      on(event: 'snapshotChange', listener: () => void): () => void;
    }
    const times: number[] = [];
    Reflect.set(globalThis, name, times);
    (Reflect.get(globalThis, 'tazpod') as Api).on('snapshotChange', () => times.push(performance.now()));
  }, counter);
}

const endCounting = async (page: Page): Promise<readonly number[]> =>
  page.evaluate((name) => Reflect.get(globalThis, name) as number[], counter);
