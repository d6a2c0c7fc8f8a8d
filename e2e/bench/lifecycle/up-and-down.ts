import { setTimeout as delay } from 'node:timers/promises';
import { interleave, timed } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { median, ratioOf, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { prepareDockerRun, type DockerRun } from '../world/docker-run.ts';
import { openCore } from '../world/in-process.ts';
import { addTrustedProject, containerIdOf, startProject, stopProject, type CommandTarget } from '../world/operation.ts';
import { runCommand } from '../world/run-command.ts';

interface Figures {
  readonly upMs: number;
  readonly downMs: number;
}

/** A container that has just started still sets itself up: `down` is to meet an idle one. */
export const becomeIdleMs = 500;

/** One round of one side: up, wait until idle, down. */
export async function upThenDown(up: () => Promise<void>, down: () => Promise<void>): Promise<Figures> {
  const { ms: upMs } = await timed(up);
  await delay(becomeIdleMs);
  const { ms: downMs } = await timed(down);
  return { upMs, downMs };
}

/** Engine core against Docker's own command line, on a network that is there and stays. */
export async function measureUpAndDown(bench: Bench): Promise<readonly Row[]> {
  const core = await openCore(bench, 'core');
  const keeper = await addTrustedProject(core, await bench.makeProjectFolder('core-keeper'));
  await startProject(core, keeper);
  const project = await addTrustedProject(core, await bench.makeProjectFolder('core-project'));
  const docker = await dockerRunLike(bench, 'core', core, project);
  const [ours = [], baseline = []] = await interleave(bench.settings.rounds, [
    () =>
      upThenDown(
        () => startProject(core, project),
        () => stopProject(core, project),
      ),
    () => upThenDown(docker.run, docker.remove),
  ]);
  await stopProject(core, keeper);
  return [
    toRow('up-engine-work', { baseline: 'docker run -d, same flags, same network', maxRatio: 1.15 }, ours, baseline),
    toRow('down-idle', { baseline: 'docker rm -f, same container', maxRatio: 1.5, maxMs: 1000 }, ours, baseline),
  ];
}

/** The same for the only project that is up: its network is made and removed with it, by both sides. */
export async function measureUpAndDownAlone(bench: Bench): Promise<readonly Row[]> {
  const core = await openCore(bench, 'alone');
  const project = await addTrustedProject(core, await bench.makeProjectFolder('alone-project'));
  await startProject(core, project);
  const docker = await prepareDockerRun(bench, 'alone', containerIdOf(core, project));
  const [network] = await ownNetworks(bench, core);
  if (network === undefined) throw new Error('the project has no network');
  await stopProject(core, project);
  const createNetwork = toCreateNetworkArguments(network);
  const [ours = [], baseline = []] = await interleave(bench.settings.rounds, [
    () =>
      upThenDown(
        () => startProject(core, project),
        () => stopProject(core, project),
      ),
    () =>
      upThenDown(
        async () => {
          await runCommand(bench, 'docker', createNetwork);
          await docker.run();
        },
        async () => {
          await docker.remove();
          await runCommand(bench, 'docker', ['network', 'rm', network.Name]);
        },
      ),
  ]);
  return [
    toRow('up-alone', { baseline: 'docker network create, docker run -d', maxRatio: 1.15 }, ours, baseline),
    toRow('down-alone', { baseline: 'docker rm -f, docker network rm', maxRatio: 1.5, maxMs: 1000 }, ours, baseline),
  ];
}

/** Brings the project up once to see its container's settings, and takes it down again. */
export async function dockerRunLike(
  bench: Bench,
  name: string,
  target: CommandTarget,
  projectId: string,
): Promise<DockerRun> {
  await startProject(target, projectId);
  const docker = await prepareDockerRun(bench, name, containerIdOf(target, projectId));
  await stopProject(target, projectId);
  return docker;
}

async function ownNetworks(bench: Bench, core: CommandTarget) {
  const label = [`tazpod.install=${core.snapshot().host.installId}`];
  return bench.client.listNetworks({ filters: { label } });
}

type Network = Awaited<ReturnType<typeof ownNetworks>>[number];

function toCreateNetworkArguments({ Name: name, Driver: driver, Options: options, Labels: labels }: Network): string[] {
  return ['network', 'create', '--driver', driver, ...toFlags('--opt', options), ...toFlags('--label', labels), name];
}

const toFlags = (flag: string, values: Readonly<Record<string, string>> | undefined | null): readonly string[] =>
  Object.entries(values ?? {}).flatMap(([key, value]) => [flag, `${key}=${value}`]);

interface Judgement {
  readonly baseline: string;
  readonly maxRatio: number;
  readonly maxMs?: number;
}

function toRow(name: string, judgement: Judgement, ours: readonly Figures[], baseline: readonly Figures[]): Row {
  const figure = name.startsWith('up') ? 'upMs' : 'downMs';
  const oursMs = ours.map((one) => one[figure]);
  const baselineMs = baseline.map((one) => one[figure]);
  const ratio = ratioOf(oursMs, baselineMs);
  const [medianMs, baselineMedianMs] = [median(oursMs), median(baselineMs)];
  const { maxRatio, maxMs } = judgement;
  return {
    name,
    ratio,
    raw: {
      medianMs: round(medianMs),
      baselineMedianMs: round(baselineMedianMs),
      oursMs: rounded(oursMs),
      baselineMs: rounded(baselineMs),
    },
    baseline: judgement.baseline,
    target: `<= ${maxRatio}x${maxMs === undefined ? '' : `, median < ${maxMs} ms`}`,
    met: ratio.median <= maxRatio && (maxMs === undefined || medianMs < maxMs),
    figure: `${round(medianMs, 0)} ms; ${round(baselineMedianMs, 0)} ms`,
  };
}
