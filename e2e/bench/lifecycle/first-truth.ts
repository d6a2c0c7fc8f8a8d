import path from 'node:path';
import type { HostSurroundings } from '../../../main/host/surroundings.ts';
import type { Row } from '../measure/row.ts';
import { median, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import type { CountingProxy } from '../world/counting-proxy.ts';
import { runCommand } from '../world/run-command.ts';

const maxMs = 150;

/** What the process of first-truth-process.ts prints. */
export interface FirstTruth {
  readonly readyMs: number;
  readonly projects: number;
  readonly running: number;
}

/** From `createEngine` to the engine's truth in the snapshot, in a fresh process per round; no host may run there. */
export async function measureFirstTruth(
  bench: Bench,
  { environment, homeFolder }: HostSurroundings,
  proxy: CountingProxy,
): Promise<Row> {
  const truths: FirstTruth[] = [];
  const lists: number[] = [];
  const requests: number[] = [];
  for (let count = 0; count <= bench.settings.rounds; count += 1) {
    proxy.takeRequests();
    const program = path.join(import.meta.dirname, 'first-truth-process.ts');
    const stateFolder = environment['TAZPOD_STATE_DIR'] ?? '';
    const text = await runCommand(bench, process.execPath, [program, stateFolder, homeFolder], environment);
    const seen = proxy.takeRequests();
    if (count === 0) continue;
    truths.push(JSON.parse(text) as FirstTruth);
    lists.push(seen.filter((request) => /^GET \S*\/containers\/json/u.test(request)).length);
    requests.push(seen.length);
  }
  const readyMs = truths.map((one) => one.readyMs);
  const onlyOne = lists.every((count) => count === 1);
  return {
    name: 'first-truth',
    ratio: null,
    raw: {
      projects: truths[0]?.projects ?? 0,
      running: truths[0]?.running ?? 0,
      medianMs: round(median(readyMs)),
      readyMs: rounded(readyMs),
      containerLists: lists,
      requests,
    },
    baseline: 'none: an absolute ceiling',
    target: `<= ${maxMs} ms, one container list`,
    met: median(readyMs) <= maxMs && onlyOne,
    figure: `${round(median(readyMs), 0)} ms (${round(Math.min(...readyMs), 0)} to ${round(Math.max(...readyMs), 0)}), ${Math.max(...lists)} list of ${Math.max(...requests)} requests`,
  };
}
