import type { ContainerInfo, ImageInfo } from 'dockerode';
import * as v from 'valibot';
import type { LocalImage } from '../../../preload/contract/snapshot.ts';
import type { ContainerChange, ObservedContainer } from '../state/core-state.ts';
import { labels } from './labels.ts';

/** Where the project folder is seen inside a container. */
export const workspacePath = '/workspace';

/** One row of the engine's container list as ours. Pure. */
export function toObservedContainer(row: ContainerInfo): ObservedContainer {
  // Both null from older Podmans, whatever the types say.
  const mounts: ContainerInfo['Mounts'] | null = row.Mounts;
  const network: ContainerInfo['NetworkSettings'] | null = row.NetworkSettings;
  const workspace = (mounts ?? []).find((mount) => mount.Destination === workspacePath);
  return {
    id: row.Id,
    name: (row.Names[0] ?? '').replace(/^\//u, ''),
    image: row.Image,
    imageId: row.ImageID,
    status: toStatus(row.State),
    exitCode: exitCodeOf(row.Status),
    startedAtMs: null,
    createdAtMs: row.Created * 1000,
    labels: row.Labels,
    workspaceFolder: workspace?.Source ?? null,
    networks: Object.keys(network?.Networks ?? {}),
  };
}

/** Docker's states as the four that matter: `restarting` and `removing` pass by themselves, `dead` can't run again. */
function toStatus(state: string): ObservedContainer['status'] {
  switch (state) {
    case 'running':
    case 'restarting':
      return 'running';
    case 'paused':
      return 'paused';
    case 'created':
      return 'created';
    default:
      return 'exited';
  }
}

/** The list tells the exit code only in words: `Exited (137) 2 hours ago`. */
function exitCodeOf(status: string): number | null {
  const code = /^Exited \((?<code>\d+)\)/u.exec(status)?.groups?.['code'];
  return code === undefined ? null : Number(code);
}

/** Names of the container and network events that change what we show. exec events are left out at the engine: noise. */
export const watchedEvents = [
  'create',
  'start',
  'die',
  'pause',
  'unpause',
  'destroy',
  'rename',
  'connect',
  'disconnect',
  'tag',
  'untag',
  'delete',
  'pull',
  'load',
  'import',
  // Podman's words for die and destroy, and for how images come.
  'died',
  'remove',
  'loadfromarchive',
  'build',
] as const;

const EngineMessageSchema = v.object({
  Type: v.string(),
  Action: v.string(),
  Actor: v.object({ ID: v.string(), Attributes: v.nullish(v.record(v.string(), v.string()), {}) }),
  timeNano: v.number(),
});

/** One line of the engine's event stream. */
export type EngineMessage = v.InferOutput<typeof EngineMessageSchema>;

/** Checks one line of the event stream; null for what is not an event as we know them. */
export function parseEngineMessage(line: string): EngineMessage | null {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), EngineMessageSchema), line);
  return result.success ? result.output : null;
}

/** An event of the engine's stream as a change of a container; null for all others. Pure. */
export function toContainerChange(message: EngineMessage): ContainerChange | null {
  const attributes = message.Actor.Attributes ?? {};
  if (message.Type === 'network') return toNetworkChange(message.Action, attributes);
  if (message.Type !== 'container') return null;
  const id = message.Actor.ID;
  const atMs = Math.floor(message.timeNano / 1e6);
  switch (message.Action) {
    case 'create':
      return { kind: 'created', container: toCreated(id, attributes, atMs) };
    case 'start':
      return { kind: 'started', id, atMs };
    case 'die':
    case 'died':
      return { kind: 'died', id, exitCode: Number(attributes['exitCode'] ?? attributes['containerExitCode'] ?? 0) };
    case 'pause':
      return { kind: 'paused', id };
    case 'unpause':
      return { kind: 'unpaused', id };
    case 'destroy':
    case 'remove':
      return { kind: 'destroyed', id };
    case 'rename':
      return { kind: 'renamed', id, name: attributes['name'] ?? '' };
    default:
      return null;
  }
}

function toNetworkChange(action: string, attributes: Readonly<Record<string, string>>): ContainerChange | null {
  const id = attributes['container'];
  const network = attributes['name'];
  if (id === undefined || network === undefined) return null;
  if (action === 'connect') return { kind: 'connected', id, network };
  return action === 'disconnect' ? { kind: 'disconnected', id, network } : null;
}

/** The create event carries the labels among its attributes, but neither mounts nor networks. */
function toCreated(id: string, attributes: Readonly<Record<string, string>>, atMs: number): ObservedContainer {
  const ours = Object.values(labels).flatMap((key) => {
    const value = attributes[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return {
    id,
    name: attributes['name'] ?? '',
    image: attributes['image'] ?? '',
    imageId: null,
    status: 'created',
    exitCode: null,
    startedAtMs: null,
    createdAtMs: atMs,
    labels: Object.fromEntries(ours),
    workspaceFolder: null,
    networks: [],
  };
}

export function toLocalImage(row: ImageInfo): LocalImage {
  const repoTags: readonly string[] | null | undefined = row.RepoTags;
  // null for a dangling image, whatever the types say.
  const tags = (repoTags ?? []).filter((tag) => tag !== '<none>:<none>');
  return { id: row.Id, tags, sizeBytes: row.Size };
}
