import type { Row } from '../measure/row.ts';
import { nowMs, watchFor } from '../measure/page-clock.ts';
import { percentile, round } from '../measure/statistics.ts';
import { surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';
import { listenToEvents } from '../world/event-listener.ts';
import { addTrustedProject, containerIdOf, startProject } from '../world/operation.ts';
import { openApp, openDesktop } from './app.ts';
import { rowSight } from './interactions.ts';

const eventCount = 50;
const maxLatencyMs = 50;

/** From the engine's own `die` event, as another listener gets it, to the frame in which the window shows it. */
export async function measureOutsideStopInWindow(bench: Bench): Promise<readonly Row[]> {
  const desktop = await openDesktop(bench);
  const app = await openApp(bench, desktop, surroundingsOf(bench, 'outside', dockerHostOf(bench)));
  const projectId = await addTrustedProject(app.target, await bench.makeProjectFolder('outside'));
  await startProject(app.target, projectId);
  const container = bench.client.getContainer(containerIdOf(app.target, projectId));
  const waiting: ((atMs: number) => void)[] = [];
  await listenToEvents(bench, ['die'], ({ containerId, atNs }) => {
    if (containerId === container.id) waiting.shift()?.(nowMs() - Number(process.hrtime.bigint() - atNs) / 1e6);
  });
  const latenciesMs: number[] = [];
  for (let count = 0; count < eventCount; count += 1) {
    const stopped = await watchFor(app.page, rowSight('outside', 'Stopped'));
    const died = new Promise<number>((resolve) => waiting.push(resolve));
    await container.stop({ t: 0 });
    latenciesMs.push((await stopped.seenAtMs()) - (await died));
    const running = await watchFor(app.page, rowSight('outside', 'Running'));
    await container.start();
    await running.seenAtMs();
  }
  await app.close();
  const [p50Ms, p99Ms] = [percentile(latenciesMs, 0.5), percentile(latenciesMs, 0.99)];
  return [
    {
      name: 'outside-stop-window',
      ratio: null,
      raw: {
        events: latenciesMs.length,
        p50Ms: round(p50Ms, 2),
        p99Ms: round(p99Ms, 2),
        latencyMs: latenciesMs.map((one) => round(one, 2)),
      },
      baseline: "receipt of the engine's die event by another listener",
      target: `p99 <= ${maxLatencyMs} ms`,
      met: p99Ms <= maxLatencyMs,
      figure: `p50 ${round(p50Ms)} ms, p99 ${round(p99Ms)} ms, in the window`,
    },
  ];
}
