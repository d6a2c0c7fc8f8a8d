import type { ConfigProblem, Failure } from '../../../preload/contract/errors.ts';
import type {
  ActivityEntry,
  EngineState,
  HostState,
  LocalImage,
  Operation,
  ProjectState,
  SessionState,
  Snapshot,
  TrustState,
} from '../../../preload/contract/snapshot.ts';
import type { SyncState } from '../../../preload/contract/sync.ts';
import type { VaultState } from '../../../preload/contract/vault.ts';
import type { ProjectConfig } from '../project/config.ts';

/** A container as the engine's list and events tell of it, ours or not. */
export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  /** null until it was looked at: an event does not tell it. */
  readonly imageId: string | null;
  readonly status: 'created' | 'running' | 'paused' | 'exited';
  readonly exitCode: number | null;
  /** null where only a list was seen, which does not tell it. */
  readonly startedAtMs: number | null;
  readonly createdAtMs: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Host folder mounted at /workspace; null for none or where an event does not tell it. */
  readonly workspaceFolder: string | null;
  readonly networks: readonly string[];
}

export type ProjectConfigRead =
  | { readonly status: 'absent'; readonly file: string }
  | {
      readonly status: 'invalid';
      readonly file: string;
      readonly failure: Failure;
      readonly problems: readonly ConfigProblem[];
    }
  | {
      readonly status: 'valid';
      readonly file: string;
      readonly config: ProjectConfig;
      readonly warnings: readonly string[];
      readonly containerName: string;
      readonly driftHash: string;
      readonly driftFields: Readonly<Record<string, string>>;
    };

/** What is read from a project's folder, in one go. */
export interface ProjectRead {
  readonly folderStatus: ProjectState['folderStatus'];
  readonly config: ProjectConfigRead;
  readonly trust: TrustState;
}

/** One registered project as the core knows it; the snapshot's ProjectState is derived from it. */
export interface ProjectCore extends ProjectRead {
  readonly id: string;
  readonly folder: string;
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly failure: Failure | null;
  readonly activity: readonly ActivityEntry[];
  readonly sessions: readonly SessionState[];
  readonly vault: VaultState;
  readonly sync: SyncState;
}

export interface CoreState {
  readonly host: HostState;
  readonly engine: EngineState;
  readonly containers: ReadonlyMap<string, ObservedContainer>;
  /** Container id -> project id. */
  readonly adopted: ReadonlyMap<string, string>;
  /** Name of a network of ours -> its MTU. */
  readonly networkMtus: ReadonlyMap<string, number>;
  readonly hostMtu: number | null;
  readonly projects: ReadonlyMap<string, ProjectCore>;
  readonly operations: readonly Operation[];
  readonly activity: readonly ActivityEntry[];
  readonly images: readonly LocalImage[];
  /** By project. */
  readonly volumes: ReadonlyMap<string, readonly KnownVolume[]>;
  readonly snapshot: Snapshot;
}

/** A volume of a project, as far as the engine tells. */
export interface KnownVolume {
  readonly name: string;
  /** null on one that was made before its path was written on it. */
  readonly path: string | null;
}

/** What the engine tells of one container, in the order it happened. */
export type ContainerChange =
  | { readonly kind: 'created'; readonly container: ObservedContainer }
  | { readonly kind: 'started'; readonly id: string; readonly atMs: number }
  | { readonly kind: 'died'; readonly id: string; readonly exitCode: number }
  | { readonly kind: 'paused' | 'unpaused' | 'destroyed'; readonly id: string }
  | { readonly kind: 'renamed'; readonly id: string; readonly name: string }
  | { readonly kind: 'connected' | 'disconnected'; readonly id: string; readonly network: string };

/** Everything that changes the core's state. Events are told in the past tense: they happened. */
export type EngineEvent =
  | { readonly type: 'engineChanged'; readonly engine: EngineState }
  | { readonly type: 'containersListed'; readonly containers: readonly ObservedContainer[] }
  | { readonly type: 'containerObserved'; readonly container: ObservedContainer }
  | { readonly type: 'containerChanged'; readonly change: ContainerChange }
  | { readonly type: 'containerAdopted'; readonly containerId: string; readonly projectId: string }
  | { readonly type: 'networksListed'; readonly mtus: ReadonlyMap<string, number> }
  | { readonly type: 'networkAdded'; readonly name: string; readonly mtu: number }
  | { readonly type: 'networkRemoved'; readonly name: string }
  | { readonly type: 'hostMtuMeasured'; readonly mtu: number | null }
  | { readonly type: 'containerImageTold'; readonly id: string; readonly imageId: string }
  | { readonly type: 'volumesListed'; readonly volumes: ReadonlyMap<string, readonly KnownVolume[]> }
  | { readonly type: 'imagesListed'; readonly images: readonly LocalImage[] }
  | { readonly type: 'projectAdded'; readonly id: string; readonly folder: string; readonly read: ProjectRead }
  | { readonly type: 'projectsRead'; readonly reads: ReadonlyMap<string, ProjectRead> }
  | { readonly type: 'projectRemoved'; readonly id: string }
  | { readonly type: 'operationsChanged'; readonly projectId: string | null; readonly operations: readonly Operation[] }
  | { readonly type: 'activityAdded'; readonly projectId: string | null; readonly entry: ActivityEntry }
  | { readonly type: 'vaultChanged'; readonly projectId: string; readonly vault: VaultState }
  | { readonly type: 'syncChanged'; readonly projectId: string; readonly sync: Partial<SyncState> }
  | { readonly type: 'sessionOpened'; readonly projectId: string; readonly session: SessionState }
  | { readonly type: 'sessionClosed'; readonly projectId: string; readonly sessionId: string };
