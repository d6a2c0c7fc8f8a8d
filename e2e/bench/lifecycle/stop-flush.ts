import { access, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { interleave, timed } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { differences, median, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { openCore } from '../world/in-process.ts';
import { addTrustedProject, containerIdOf, startProject, stopProject } from '../world/operation.ts';
import { becomeIdleMs } from './up-and-down.ts';

const flushRounds = 8;
const maxAddedMs = 150;

/** Needs 300 ms after TERM, then tells how long it took and when it was done, both in seconds. */
const flusher = `
use Time::HiRes qw(time sleep);
$SIG{TERM} = sub {
  my $began = time;
  sleep 0.3;
  open(my $file, ">", "/workspace/flushed") or die;
  my $now = time;
  print $file $now - $began, " ", $now, "\\n";
  close $file;
  exit 0;
};
open(my $ready, ">", "/workspace/ready") or die;
close $ready;
sleep 1 while 1;
`;

interface Figures {
  readonly stopMs: number;
  /** Where there was something to flush. */
  readonly flush: { readonly ownMs: number; readonly untilDoneMs: number } | null;
}

/** A stop with a process that needs its time, against the stop of an idle container and that process's own time. */
export async function measureStopFlush(bench: Bench): Promise<readonly Row[]> {
  const core = await openCore(bench, 'flush');
  const folder = await bench.makeProjectFolder('flush-project');
  const project = await addTrustedProject(core, folder);
  const stopAfter = async (prepare: () => Promise<void>): Promise<Figures> => {
    await startProject(core, project);
    await prepare();
    await delay(becomeIdleMs);
    const beganAtMs = Date.now();
    const { ms: stopMs } = await timed(() => stopProject(core, project));
    return { stopMs, flush: await readFlush(folder, beganAtMs) };
  };
  const startFlusher = async (): Promise<void> => {
    await rm(path.join(folder, 'flushed'), { force: true });
    await rm(path.join(folder, 'ready'), { force: true });
    const container = bench.client.getContainer(containerIdOf(core, project));
    const exec = await container.exec({ Cmd: ['perl', '-e', flusher], User: '0' });
    const answer = await exec.start({ Detach: true });
    // Read to its end, or its connection would keep this process alive for minutes.
    answer.resume();
    await waitForFile(path.join(folder, 'ready'));
  };
  const [busy = [], idle = []] = await interleave(flushRounds, [
    () => stopAfter(startFlusher),
    () => stopAfter(async () => rm(path.join(folder, 'flushed'), { force: true })),
  ]);
  return [toRow(busy, idle)];
}

async function readFlush(folder: string, beganAtMs: number): Promise<Figures['flush']> {
  const text = await readFile(path.join(folder, 'flushed'), 'utf8').catch(() => null);
  const [ownSeconds, doneAtSeconds] = text?.trim().split(' ').map(Number) ?? [];
  if (ownSeconds === undefined || doneAtSeconds === undefined) return null;
  return { ownMs: ownSeconds * 1000, untilDoneMs: doneAtSeconds * 1000 - beganAtMs };
}

async function waitForFile(file: string): Promise<void> {
  const deadline = AbortSignal.timeout(10_000);
  const lookAgainMs = 20;
  for (;;) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    deadline.throwIfAborted();
    await delay(lookAgainMs);
  }
}

function toRow(busy: readonly Figures[], idle: readonly Figures[]): Row {
  const flushes = busy.flatMap(({ flush }) => (flush === null ? [] : [flush]));
  const ownMs = busy.map(({ flush }) => flush?.ownMs ?? 0);
  const stopMs = busy.map((one) => one.stopMs);
  const idleMs = idle.map((one) => one.stopMs);
  const addedMs = differences(differences(stopMs, idleMs), ownMs);
  const all = flushes.length === busy.length;
  return {
    name: 'stop-flush',
    ratio: null,
    raw: {
      rounds: busy.length,
      flushed: flushes.length,
      addedMedianMs: round(median(addedMs)),
      stopMedianMs: round(median(stopMs)),
      idleStopMedianMs: round(median(idleMs)),
      ownMedianMs: round(median(ownMs)),
      stopMs: rounded(stopMs),
      idleStopMs: rounded(idleMs),
      ownMs: rounded(ownMs),
      addedMs: rounded(addedMs),
      untilFlushedMs: rounded(flushes.map((flush) => flush.untilDoneMs)),
    },
    baseline: "stop of the same container idle, and the process's own time",
    target: `flushed ${flushRounds} of ${flushRounds}, <= +${maxAddedMs} ms`,
    met: all && median(addedMs) <= maxAddedMs,
    figure: `flushed ${flushes.length} of ${busy.length}, +${round(median(addedMs), 0)} ms: ${round(median(stopMs), 0)} ms; idle ${round(median(idleMs), 0)} ms, own ${round(median(ownMs), 0)} ms`,
  };
}
