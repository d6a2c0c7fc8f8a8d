import { interleave, timed } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { median, ratioOf, round, rounded } from '../measure/statistics.ts';
import { surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';
import { addTrustedProject } from '../world/operation.ts';
import { launchApp } from '../../app/tazpod-app.ts';
import { openApp, openDesktop, toEnvironment } from './app.ts';
import { openEmptyApp } from './empty-app.ts';

const maxMs = 2_500;
const maxRatio = 1.25;
const projectCount = 20;

/** From the program's start to the list with its projects on screen; against an empty window, Playwright's part in both. */
export async function measureStart(bench: Bench): Promise<readonly Row[]> {
  const desktop = await openDesktop(bench);
  const surroundings = surroundingsOf(bench, 'start', dockerHostOf(bench));
  const preparing = await openApp(bench, desktop, surroundings);
  for (let count = 0; count < projectCount; count += 1) {
    await addTrustedProject(preparing.target, await bench.makeProjectFolder(`start-${count}`));
  }
  await preparing.close();
  const [emptyMs = [], oursMs = []] = await interleave(bench.settings.rounds, [
    async () => {
      const { ms, value: empty } = await timed(async () => openEmptyApp(bench, desktop));
      await empty.close();
      return ms;
    },
    async () => {
      const { ms, value: app } = await timed(async () => {
        const started = await launchApp(desktop, { environment: toEnvironment(surroundings) }, { traced: false });
        await started.row('start-0').waitFor();
        return started;
      });
      await app.close();
      return ms;
    },
  ]);
  const ratio = ratioOf(oursMs, emptyMs);
  return [
    {
      name: 'start',
      ratio,
      raw: {
        projects: projectCount,
        medianMs: round(median(oursMs)),
        baselineMedianMs: round(median(emptyMs)),
        oursMs: rounded(oursMs),
        baselineMs: rounded(emptyMs),
      },
      baseline: 'an empty window of the same runtime',
      target: `<= ${maxMs} ms, <= ${maxRatio}x`,
      met: median(oursMs) <= maxMs && ratio.median <= maxRatio,
      figure: `${round(median(oursMs), 0)} ms; ${round(median(emptyMs), 0)} ms`,
    },
  ];
}
