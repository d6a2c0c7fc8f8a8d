import * as v from 'valibot';
import type {
  AdoptableContainer,
  ConfigState,
  ContainerState,
  Difference,
  ImageChange,
  NetworkState,
  ProjectState,
  PublishedPort,
  VolumeState,
} from '../../../preload/contract/snapshot.ts';
import { imageIdOf } from '../docker/image-names.ts';
import { labels, projectOf } from '../docker/labels.ts';
import { historyFolder, toProjectVolumes } from '../docker/volumes.ts';
import { toDriftDifferences, type DriftFields } from '../project/drift.ts';
import type { CoreState, ObservedContainer, ProjectConfigRead, ProjectCore } from './core-state.ts';

type ViewInput = Pick<CoreState, 'containers' | 'adopted' | 'networkMtus' | 'hostMtu' | 'host' | 'images' | 'volumes'>;

/** The project a container belongs to, by label or because it was adopted; null for a stranger's. */
export function ownerOf(state: Pick<CoreState, 'adopted' | 'host'>, container: ObservedContainer): string | null {
  return projectOf(container.labels, state.host.installId) ?? state.adopted.get(container.id) ?? null;
}

/** Containers by the project they belong to: one walk for all projects. The running or newest one first. */
export function groupByProject(state: ViewInput): ReadonlyMap<string, readonly ObservedContainer[]> {
  const groups = new Map<string, ObservedContainer[]>();
  for (const container of state.containers.values()) {
    const projectId = ownerOf(state, container);
    if (projectId === null) continue;
    const group = groups.get(projectId);
    if (group === undefined) groups.set(projectId, [container]);
    else group.push(container);
  }
  for (const group of groups.values()) group.sort(byUse);
  return groups;
}

const byUse = (left: ObservedContainer, right: ObservedContainer): number =>
  Number(isUp(right)) - Number(isUp(left)) || right.createdAtMs - left.createdAtMs;

const isUp = (container: ObservedContainer): boolean => container.status === 'running' || container.status === 'paused';

/** A project as the snapshot shows it. Pure. */
export function toProjectState(
  project: ProjectCore,
  container: ObservedContainer | null,
  stranger: ObservedContainer | null,
  state: ViewInput,
): ProjectState {
  return {
    id: project.id,
    folder: project.folder,
    name: project.name,
    folderStatus: project.folderStatus,
    config: toConfigState(project.config),
    trust: project.trust,
    container: toContainerState(container, state),
    drift: toDrift(project.config, container),
    imageChange: toImageChange(container, state),
    network: toNetworkState(project.config, container, state),
    ports: toPorts(container),
    volumes: toVolumes(project, state),
    vault: project.vault,
    sync: project.sync,
    operations: project.operations,
    failure: project.failure,
    activity: project.activity,
    adoptable: container === null ? toAdoptable(stranger) : null,
    sessions: project.sessions,
  };
}

function toConfigState(read: ProjectConfigRead): ConfigState {
  if (read.status !== 'valid') return read;
  const { file, config, containerName, warnings } = read;
  return { status: 'valid', file, image: config.image, containerName, user: config.user, warnings };
}

function toContainerState(container: ObservedContainer | null, state: ViewInput): ContainerState {
  if (container === null) return { status: 'missing' };
  const { id, name, exitCode, startedAtMs } = container;
  const identity = { id, name, image: imageNameOf(container), adopted: state.adopted.has(id) };
  if (container.status === 'running') return { status: 'running', startedAtMs, ...identity };
  if (container.status === 'paused') return { status: 'paused', startedAtMs, ...identity };
  return { status: 'stopped', exitCode, ...identity };
}

/** The name that it was made from: once a tag names another image, the engine's list tells an id in its place. */
function imageNameOf(container: ObservedContainer): string {
  return parseDriftFields(container.labels[labels.config])['image'] ?? container.image;
}

function toImageChange(container: ObservedContainer | null, state: ViewInput): ImageChange | null {
  if (container === null || container.imageId === null) return null;
  const image = imageNameOf(container);
  const after = imageIdOf(state, image);
  return after === null || after === container.imageId ? null : { image, before: container.imageId, after };
}

function toVolumes(project: ProjectCore, state: ViewInput): readonly VolumeState[] {
  const known = state.volumes.get(project.id) ?? [];
  const { config } = project;
  const user = config.status === 'valid' ? config.config.user : '';
  const caches = config.status === 'valid' ? config.config.caches : [];
  const wanted = new Map(
    toProjectVolumes(state.host.installId, project.id, user, caches).map(({ name, path }) => [name, path] as const),
  );
  return known.map(({ name, path: written }) => {
    const path = wanted.get(name) ?? written;
    const kind = path === historyFolder ? 'history' : 'cache';
    return { name, kind, path, inConfig: wanted.has(name) };
  });
}

/** An adopted container carries no label of ours, so there is nothing to compare it with. */
function toDrift(read: ProjectConfigRead, container: ObservedContainer | null): readonly Difference[] {
  const hash = container?.labels[labels.configHash];
  if (read.status !== 'valid' || hash === undefined || hash === read.driftHash) return [];
  return toDriftDifferences(driftFieldsOf(container), read.driftFields);
}

/** What the container was made from, as its label tells. */
export function driftFieldsOf(container: ObservedContainer | null): DriftFields {
  return parseDriftFields(container?.labels[labels.config]);
}

/** The fields as the label has them; a label that is damaged reads as nothing known, so that all shows as changed. */
function parseDriftFields(label: string | undefined): DriftFields {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.string())), label ?? '{}');
  return result.success ? result.output : {};
}

/** Published ports are fixed when a container is made: its own label tells them, whatever the config says by now. */
function toPorts(container: ObservedContainer | null): readonly PublishedPort[] {
  if (container === null || !isUp(container)) return [];
  return Object.entries(driftFieldsOf(container)).flatMap(([key, value]) => {
    const hostPort = /^ports\.(?<port>\d+)$/u.exec(key)?.groups?.['port'];
    return hostPort === undefined ? [] : [{ hostPort: Number(hostPort), containerPort: Number(value) }];
  });
}

function toNetworkState(read: ProjectConfigRead, container: ObservedContainer | null, state: ViewInput): NetworkState {
  const wantedMtu = (read.status === 'valid' ? read.config.mtu : null) ?? state.hostMtu;
  const mtus = (container?.networks ?? []).flatMap((name) => state.networkMtus.get(name) ?? []);
  const mtu = mtus.length === 0 ? null : Math.max(...mtus);
  return { mtu, wantedMtu, tooLarge: mtu !== null && wantedMtu !== null && mtu > wantedMtu };
}

function toAdoptable(container: ObservedContainer | null): AdoptableContainer | null {
  if (container === null) return null;
  const { id, name, image, status } = container;
  return { id, name, image, status };
}
