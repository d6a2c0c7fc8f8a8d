import { interleave } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { median, ratioOf, round, rounded, type Ratio } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { openCore } from '../world/in-process.ts';
import { addTrustedProject, containerIdOf, startProject } from '../world/operation.ts';
import { openPlainPty } from './plain-pty.ts';

const maxPtyRatio = 1.1;
const maxEngineRatio = 0.8;
const size = { rows: 30, columns: 100 };

/** From asking for a shell to its first byte: over the pty, over the engine's stream, and plain `docker exec -it`. */
export async function measureFirstPrompt(bench: Bench): Promise<readonly Row[]> {
  const core = await openCore(bench, 'first-prompt');
  const projectId = await addTrustedProject(core, await bench.makeProjectFolder('first-prompt'));
  await startProject(core, projectId);
  const containerId = containerIdOf(core, projectId);
  const ours = async (keep: boolean): Promise<number> => {
    const began = performance.now();
    const first = Promise.withResolvers<number>();
    const opened = await core.openSession(
      { kind: 'shell', projectId, size, keep },
      { onData: () => first.resolve(performance.now() - began), onEnd: () => undefined },
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    const ms = await first.promise;
    await opened.value.end();
    return ms;
  };
  const plain = async (): Promise<number> => {
    const began = performance.now();
    const terminal = await openPlainPty(bench, containerId, ['bash']);
    await terminal.printed('/workspace');
    const ms = performance.now() - began;
    terminal.close();
    return ms;
  };
  const [ptyMs = [], engineMs = [], plainMs = []] = await interleave(bench.settings.rounds * 3, [
    async () => ours(true),
    async () => ours(false),
    plain,
  ]);
  return [
    toRow('first-prompt-pty', ptyMs, plainMs, maxPtyRatio),
    toRow('first-prompt-engine', engineMs, plainMs, maxEngineRatio),
  ];
}

function toRow(name: string, ours: readonly number[], plain: readonly number[], maxRatio: number): Row {
  const ratio: Ratio = ratioOf(ours, plain);
  return {
    name,
    ratio,
    raw: {
      medianMs: round(median(ours)),
      baselineMedianMs: round(median(plain)),
      oursMs: rounded(ours),
      baselineMs: rounded(plain),
    },
    baseline: 'node-pty `docker exec -it`, its prompt',
    target: `<= ${maxRatio}x`,
    met: ratio.median <= maxRatio,
    figure: `${round(median(ours), 0)} ms; ${round(median(plain), 0)} ms`,
  };
}
