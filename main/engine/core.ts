import type { Session } from './engine.ts';
import type { Grant } from '../../preload/contract/snapshot.ts';
import type { DockerClient } from './docker/client.ts';
import type { EngineConnection } from './docker/connection.ts';
import type { Networks } from './docker/network.ts';
import { failWith } from './failure.ts';
import type { SetupRecords } from './inside/setup-records.ts';
import type { Prepared } from './operations/prepare.ts';
import type { OperationQueue } from './operations/queue.ts';
import type { EnginePorts } from './ports.ts';
import type { Registry } from './project/registry.ts';
import type { ObservedContainer, ProjectConfigRead, ProjectCore } from './state/core-state.ts';
import { groupByProject } from './state/project-view.ts';
import type { Syncs } from './syncs/syncs.ts';
import type { Vaults } from './vaults/memory.ts';
import type { VaultRecords } from './vaults/records.ts';
import type { SessionRecords } from './terminal/session-records.ts';
import { waitForState, type Store } from './state/store.ts';

/** The parts that operations and commands are composed of. */
export interface Core {
  readonly ports: EnginePorts;
  readonly store: Store;
  readonly registry: Registry;
  readonly connection: EngineConnection;
  readonly networks: Networks;
  readonly syncs: Syncs;
  readonly queue: OperationQueue;
  /** Aborted when the core closes. */
  readonly closing: AbortSignal;
  /** Images that were seen to run with a shell, as `IMAGE-ID|USER`: they are not probed again. */
  readonly provenImages: Set<string>;
  readonly sessionRecords: SessionRecords;
  readonly setupRecords: SetupRecords;
  readonly vaults: Vaults;
  readonly vaultRecords: VaultRecords;
  /** Containers that were made to fit since their start, by id. */
  readonly prepared: Map<string, Promise<Prepared>>;
  /** Sessions that are open, by id. */
  readonly openSessions: Map<string, Session>;
  /** Container names that a project is about to take -> the project. */
  readonly claimedNames: Map<string, string>;
}

export type ValidConfig = Extract<ProjectConfigRead, { status: 'valid' }>;
export type ShownGrants = readonly Grant[];

/** @throws project-unknown */
export function projectCore(core: Pick<Core, 'store'>, projectId: string): ProjectCore {
  const project = core.store.state().projects.get(projectId);
  if (project === undefined) throw failWith('project-unknown', { wanted: projectId });
  return project;
}

/** All containers of a project, the running or newest one first. More than one is left over from a crash. */
export function containersOf(core: Pick<Core, 'store'>, projectId: string): readonly ObservedContainer[] {
  return groupByProject(core.store.state()).get(projectId) ?? [];
}

/** The client once the engine is there for the first time, however long that takes. */
export async function whenReady(core: Core): Promise<DockerClient> {
  await waitForState(core.store, (state) => state.engine.status === 'ready', core.closing);
  return core.connection.client();
}

/** The client while the engine is there. @throws engine-unreachable and the like */
export async function clientOf(core: Core, signal?: AbortSignal): Promise<DockerClient> {
  return core.connection.client(signal);
}
