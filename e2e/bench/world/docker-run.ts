import type { ContainerInspectInfo } from 'dockerode';
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { labels } from '../../../main/engine/docker/labels.ts';
import { at } from '../measure/statistics.ts';
import type { Bench } from './bench.ts';
import { runCommand } from './run-command.ts';

/** `docker run -d` with the flags that give exactly the container that TazPod made, but for name, folder and install id. */
export interface DockerRun {
  readonly run: () => Promise<void>;
  /** `docker rm -f` */
  readonly remove: () => Promise<void>;
}

/** @param containerId a container of TazPod's, running: its settings are read, and become the flags */
export async function prepareDockerRun(bench: Bench, name: string, containerId: string): Promise<DockerRun> {
  const model = await bench.client.getContainer(containerId).inspect();
  const own: Identity = {
    name: `tazpod-bench-${randomBytes(4).toString('hex')}`,
    folder: await bench.makeProjectFolder(`${name}-baseline`),
    installId: randomBytes(16).toString('hex'),
  };
  bench.owns(own.installId);
  const image = await bench.client.getImage(model.Image).inspect();
  const args = toRunArguments(model, { env: image.Config.Env, labels: image.Config.Labels }, own);
  const run = async (): Promise<void> => void (await runCommand(bench, 'docker', ['run', ...args]));
  const remove = async (): Promise<void> => void (await runCommand(bench, 'docker', ['rm', '--force', own.name]));
  await run();
  assertSame(model, await bench.client.getContainer(own.name).inspect());
  await remove();
  return { run, remove };
}

interface Identity {
  readonly name: string;
  readonly folder: string;
  readonly installId: string;
}

interface ImageDefaults {
  readonly env: readonly string[] | null | undefined;
  readonly labels: Readonly<Record<string, string>> | null | undefined;
}

function toRunArguments(model: ContainerInspectInfo, image: ImageDefaults, own: Identity): readonly string[] {
  const { Config: config, HostConfig: host } = model;
  const folder = folderOf(model);
  const withOwnFolder = (text: string): string => text.replaceAll(folder, own.folder);
  const flags = (name: string, values: readonly string[] | null | undefined): readonly string[] =>
    (values ?? []).flatMap((value) => [name, withOwnFolder(value)]);
  const labelsOf = { ...config.Labels, [labels.install]: own.installId };
  const ownLabels = Object.entries(labelsOf).filter(([key, value]) => image.labels?.[key] !== value);
  return [
    '--detach',
    ...flags('--name', [own.name]),
    ...flags('--workdir', [config.WorkingDir]),
    ...flags('--network', [host.NetworkMode ?? 'default']),
    ...(host.Init === true ? ['--init'] : []),
    ...flags('--cap-add', host.CapAdd as string[] | null),
    ...flags('--security-opt', host.SecurityOpt as string[] | null),
    ...flags('--dns', host.Dns),
    ...flags('--mount', host.Mounts?.map(toMountFlag)),
    ...flags(
      '--env',
      config.Env.filter((one) => !(image.env ?? []).includes(one)),
    ),
    ...flags(
      '--label',
      ownLabels.map(([key, value]) => `${key}=${value}`),
    ),
    config.Image,
    ...(config.Cmd ?? []),
  ];
}

interface Mount {
  readonly Type?: string | undefined;
  readonly Source?: string | undefined;
  readonly Target?: string | undefined;
  readonly ReadOnly?: boolean | undefined;
}

const toMountFlag = ({ Type: type, Source: source, Target: target, ReadOnly: readOnly }: Mount): string =>
  [`type=${type}`, `source=${source}`, `target=${target}`, ...(readOnly === true ? ['readonly'] : [])].join(',');

const folderOf = ({ Mounts: mounts }: ContainerInspectInfo): string => at(mounts, 0).Source;

/** What must be equal for the comparison to be fair. */
function toComparable(info: ContainerInspectInfo): unknown {
  const { Config: config, HostConfig: host } = info;
  const { [labels.install]: _install, ...otherLabels } = config.Labels;
  const text = JSON.stringify({
    host: {
      init: host.Init,
      // The command line writes the same in another way.
      capAdd: (host.CapAdd as string[] | null)?.map((name) => name.replace(/^CAP_/u, '')),
      securityOpt: (host.SecurityOpt as string[] | null) ?? [],
      dns: host.Dns,
      mounts: host.Mounts?.map(toMountFlag),
      network: host.NetworkMode,
      restart: host.RestartPolicy?.Name,
      portBindings: host.PortBindings as unknown,
      privileged: host.Privileged,
      log: host.LogConfig,
    },
    image: info.Image,
    command: config.Cmd,
    workingDir: config.WorkingDir,
    env: config.Env.toSorted(),
    labels: Object.entries(otherLabels).toSorted(([left], [right]) => (left < right ? -1 : 1)),
    networks: Object.keys(info.NetworkSettings.Networks),
  });
  return JSON.parse(text.replaceAll(folderOf(info), 'FOLDER'));
}

function assertSame(ours: ContainerInspectInfo, baseline: ContainerInspectInfo): void {
  const [left, right] = [toComparable(ours), toComparable(baseline)];
  if (isDeepStrictEqual(left, right)) return;
  throw new Error(`the baseline's container differs:\n${JSON.stringify(left)}\n${JSON.stringify(right)}`);
}
