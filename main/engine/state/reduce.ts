import { isDeepStrictEqual } from 'node:util';
import {
  syncOperationKinds,
  type ActivityEntry,
  type HostState,
  type ProjectState,
  type Snapshot,
} from '../../../preload/contract/snapshot.ts';
import { noSync } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';
import { assertNever } from '../assert-never.ts';
import { folderName } from '../project/folder-name.ts';
import type { ContainerChange, CoreState, EngineEvent, ObservedContainer, ProjectCore } from './core-state.ts';
import { groupByProject, ownerOf, toProjectState } from './project-view.ts';

/** Endings kept per project and for the host: enough to look back on a day, small enough to send along. */
const maxActivity = 50;

/** The state before anything was heard of the engine. */
export function initialState(host: HostState): CoreState {
  const engine = { status: 'connecting', endpoint: '' } as const;
  const snapshot: Snapshot = { revision: 0, host, engine, projects: [], operations: [], activity: [], images: [] };
  return {
    host,
    engine,
    containers: new Map(),
    adopted: new Map(),
    networkMtus: new Map(),
    hostMtu: null,
    projects: new Map(),
    operations: [],
    activity: [],
    images: [],
    volumes: new Map(),
    snapshot,
  };
}

/**
 * The state after an event. Pure; parts that did not change keep their identity, so that a publisher can tell what to
 * send by comparing references. An event that changes nothing gives back the same state.
 */
export function reduce(state: CoreState, event: EngineEvent): CoreState {
  const next = apply(state, event);
  if (next === state) return state;
  const snapshot = toSnapshot(next);
  return snapshot === null ? next : { ...next, snapshot };
}

function apply(state: CoreState, event: EngineEvent): CoreState {
  switch (event.type) {
    case 'engineChanged':
      return isDeepStrictEqual(state.engine, event.engine) ? state : { ...state, engine: event.engine };
    case 'containersListed':
      return withContainers(
        state,
        event.containers.map((one) => keepStart(state, one)),
      );
    case 'containerObserved':
      return withContainer(state, keepStart(state, event.container));
    case 'containerChanged':
      return applyContainerChange(state, event.change);
    case 'containerAdopted':
      if (state.adopted.get(event.containerId) === event.projectId) return state;
      return { ...state, adopted: new Map(state.adopted).set(event.containerId, event.projectId) };
    case 'networksListed':
      return withNetworks(state, event.mtus);
    case 'networkAdded':
      return withNetworks(state, new Map(state.networkMtus).set(event.name, event.mtu));
    case 'networkRemoved':
      return withNetworks(state, without(state.networkMtus, event.name));
    case 'hostMtuMeasured':
      return state.hostMtu === event.mtu ? state : { ...state, hostMtu: event.mtu };
    case 'containerImageTold': {
      const known = state.containers.get(event.id);
      return known === undefined ? state : withContainer(state, { ...known, imageId: event.imageId });
    }
    case 'volumesListed':
      return withVolumes(state, event.volumes);
    case 'imagesListed':
      return isDeepStrictEqual(state.images, event.images) ? state : { ...state, images: event.images };
    case 'operationsChanged':
      if (event.projectId === null) {
        return isDeepStrictEqual(state.operations, event.operations)
          ? state
          : { ...state, operations: event.operations };
      }
      return withProject(state, event.projectId, (project) => ({ ...project, operations: event.operations }));
    case 'activityAdded':
      return addActivity(state, event.projectId, event.entry);
    case 'projectAdded':
    case 'projectsRead':
    case 'projectRemoved':
    case 'vaultChanged':
    case 'syncChanged':
    case 'sessionOpened':
    case 'sessionClosed':
      return applyProjectEvent(state, event);
    default:
      return assertNever(event);
  }
}

type ProjectEvent = Extract<
  EngineEvent,
  {
    type:
      | 'projectAdded'
      | 'projectsRead'
      | 'projectRemoved'
      | 'vaultChanged'
      | 'syncChanged'
      | 'sessionOpened'
      | 'sessionClosed';
  }
>;

function applyProjectEvent(state: CoreState, event: ProjectEvent): CoreState {
  switch (event.type) {
    case 'projectAdded':
      return withNewProject(state, event.id, event.folder, event.read);
    case 'projectsRead': {
      const changed = [...event.reads].flatMap(([id, read]) => {
        const project = state.projects.get(id);
        const after = project === undefined ? undefined : { ...project, ...read };
        return after === undefined || isDeepStrictEqual(after, project) ? [] : [[id, after] as const];
      });
      return changed.length === 0 ? state : { ...state, projects: new Map([...state.projects, ...changed]) };
    }
    case 'projectRemoved': {
      if (!state.projects.has(event.id)) return state;
      const adopted = new Map([...state.adopted].filter(([, projectId]) => projectId !== event.id));
      return { ...state, adopted, projects: without(state.projects, event.id) };
    }
    case 'vaultChanged':
      return withProject(state, event.projectId, (project) => ({ ...project, vault: event.vault }));
    case 'syncChanged':
      return withProject(state, event.projectId, (project) => ({
        ...project,
        sync: { ...project.sync, ...event.sync },
      }));
    case 'sessionOpened':
      return withProject(state, event.projectId, (project) => ({
        ...project,
        sessions: [...project.sessions, event.session],
      }));
    case 'sessionClosed':
      return withProject(state, event.projectId, (project) => ({
        ...project,
        sessions: project.sessions.filter((session) => session.id !== event.sessionId),
      }));
    default:
      return assertNever(event);
  }
}

function withNewProject(
  state: CoreState,
  id: string,
  folder: string,
  read: Pick<ProjectCore, 'folderStatus' | 'config' | 'trust'>,
): CoreState {
  const name = folderName(folder);
  const project: ProjectCore = {
    id,
    folder,
    name,
    operations: [],
    failure: null,
    activity: [],
    sessions: [],
    vault: absentVault,
    sync: noSync,
    ...read,
  };
  return { ...state, projects: new Map(state.projects).set(id, project) };
}

/** A list does not tell when a container started; an event that did is kept while the container still runs. */
function keepStart(state: CoreState, container: ObservedContainer): ObservedContainer {
  const known = state.containers.get(container.id);
  if (known === undefined || container.status !== known.status) return container;
  const kept = {
    ...container,
    startedAtMs: container.startedAtMs ?? known.startedAtMs,
    imageId: container.imageId ?? known.imageId,
  };
  return isDeepStrictEqual(kept, known) ? known : kept;
}

function applyContainerChange(state: CoreState, change: ContainerChange): CoreState {
  if (change.kind === 'created') {
    // A list may have told more already: the event tells neither mounts nor the image's id.
    const { container } = change;
    const listed = state.containers.get(container.id);
    return withContainer(state, {
      ...container,
      imageId: container.imageId ?? listed?.imageId ?? null,
      workspaceFolder: container.workspaceFolder ?? listed?.workspaceFolder ?? null,
    });
  }
  const known = state.containers.get(change.id);
  // Events of a container that no list told of: it was removed meanwhile, and the list that follows settles it.
  if (known === undefined) return state;
  switch (change.kind) {
    case 'started':
      return withContainer(state, { ...known, status: 'running', startedAtMs: change.atMs, exitCode: null });
    case 'died':
      return withContainer(state, { ...known, status: 'exited', exitCode: change.exitCode, startedAtMs: null });
    case 'paused':
      return withContainer(state, { ...known, status: 'paused' });
    case 'unpaused':
      return withContainer(state, { ...known, status: 'running' });
    case 'destroyed':
      return { ...state, containers: without(state.containers, change.id) };
    case 'renamed':
      return withContainer(state, { ...known, name: change.name });
    case 'connected': {
      const networks = [...known.networks.filter((name) => name !== change.network), change.network];
      return withContainer(state, { ...known, networks });
    }
    case 'disconnected':
      return withContainer(state, { ...known, networks: known.networks.filter((name) => name !== change.network) });
    default:
      return assertNever(change);
  }
}

function withContainer(state: CoreState, container: ObservedContainer): CoreState {
  if (isDeepStrictEqual(state.containers.get(container.id), container)) return state;
  return { ...state, containers: new Map(state.containers).set(container.id, container) };
}

function withContainers(state: CoreState, containers: readonly ObservedContainer[]): CoreState {
  if (isDeepStrictEqual(containers, [...state.containers.values()])) return state;
  return { ...state, containers: new Map(containers.map((one) => [one.id, one])) };
}

function withNetworks(state: CoreState, networkMtus: CoreState['networkMtus']): CoreState {
  return isDeepStrictEqual(networkMtus, state.networkMtus) ? state : { ...state, networkMtus };
}

/** Projects whose volumes are the same keep theirs by identity: their views are not made again. */
function withVolumes(state: CoreState, volumes: CoreState['volumes']): CoreState {
  if (isDeepStrictEqual(volumes, state.volumes)) return state;
  const kept = [...volumes].map(([id, own]) => {
    const known = state.volumes.get(id);
    return [id, known !== undefined && isDeepStrictEqual(known, own) ? known : own] as const;
  });
  return { ...state, volumes: new Map(kept) };
}

function withProject(state: CoreState, id: string, change: (project: ProjectCore) => ProjectCore): CoreState {
  const project = state.projects.get(id);
  if (project === undefined) return state;
  const changed = change(project);
  return isDeepStrictEqual(changed, project) ? state : { ...state, projects: new Map(state.projects).set(id, changed) };
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}

function addActivity(state: CoreState, projectId: string | null, entry: ActivityEntry): CoreState {
  const add = (entries: readonly ActivityEntry[]): readonly ActivityEntry[] => [...entries, entry].slice(-maxActivity);
  if (projectId === null) return { ...state, activity: add(state.activity) };
  return withProject(state, projectId, (project) => ({
    ...project,
    activity: add(project.activity),
    failure: isOfSync(entry) ? project.failure : (entry.failure ?? (entry.outcome === 'done' ? null : project.failure)),
  }));
}

const syncKinds: ReadonlySet<ActivityEntry['kind']> = new Set(syncOperationKinds);

/** Sync shows its own failure, which is none of the container's. */
function isOfSync({ kind }: ActivityEntry): boolean {
  return syncKinds.has(kind);
}

/** The snapshot of a state, sharing what is equal with the one before; null when nothing to be seen changed. */
function toSnapshot(state: CoreState): Snapshot | null {
  const before = state.snapshot;
  const projects = toProjectStates(state);
  const same =
    projects === before.projects &&
    state.engine === before.engine &&
    state.operations === before.operations &&
    state.activity === before.activity &&
    state.images === before.images;
  if (same) return null;
  const { host, engine, operations, activity, images } = state;
  return { revision: before.revision + 1, host, engine, projects, operations, activity, images };
}

function toProjectStates(state: CoreState): readonly ProjectState[] {
  const groups = groupByProject(state);
  const strangers = new Map<string, ObservedContainer>();
  for (const container of state.containers.values()) {
    if (container.workspaceFolder !== null && ownerOf(state, container) === null) {
      strangers.set(container.workspaceFolder, container);
    }
  }
  const projects = [...state.projects.values()].map((project) =>
    viewOf(state, project, groups.get(project.id)?.[0] ?? null, strangers.get(project.folder) ?? null),
  );
  const old = state.snapshot.projects;
  return projects.length === old.length && projects.every((one, at) => one === old[at]) ? old : projects;
}

interface MemoizedView {
  readonly inputs: readonly unknown[];
  readonly view: ProjectState;
}

/** Views by the project they were made from: one event touches one project, and the other 199 are not made again. */
const views = new WeakMap<ProjectCore, MemoizedView>();

function viewOf(
  state: CoreState,
  project: ProjectCore,
  container: ObservedContainer | null,
  stranger: ObservedContainer | null,
): ProjectState {
  const { adopted, networkMtus, hostMtu, images, volumes } = state;
  const inputs = [container, stranger, adopted, networkMtus, hostMtu, images, volumes.get(project.id)];
  const known = views.get(project);
  if (known !== undefined && known.inputs.every((input, at) => input === inputs[at])) return known.view;
  const made = toProjectState(project, container, stranger, state);
  const view = known !== undefined && isDeepStrictEqual(known.view, made) ? known.view : made;
  views.set(project, { inputs, view });
  return view;
}
