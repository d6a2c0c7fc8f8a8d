import type { ConfigProblem, Failure } from './errors.ts';
import type { SyncState } from './sync.ts';
import type { VaultState } from './vault.ts';

/**
 * All that TazPod can show: one immutable value with a rising revision, plain JSON, the same for window, tray,
 * command line and `--json`. Times are milliseconds since the Unix epoch.
 */

export interface Snapshot {
  readonly revision: number;
  readonly host: HostState;
  readonly engine: EngineState;
  /** In the order they were registered; views sort. */
  readonly projects: readonly ProjectState[];
  /** Operations that belong to no project: pulling an image, building the base image. */
  readonly operations: readonly Operation[];
  /** The newest last; at most 50. Endings of `operations`. */
  readonly activity: readonly ActivityEntry[];
  readonly images: readonly LocalImage[];
}

export interface HostState {
  /** `app`: Electron's main process; `agent`: plain Node while no app runs. */
  readonly kind: 'app' | 'agent';
  readonly version: string;
  /** For example `Node 24.1.0`. */
  readonly runtime: string;
  readonly processId: number;
  readonly installId: string;
  readonly startedAtMs: number;
}

export type EngineState =
  | { readonly status: 'connecting'; readonly endpoint: string }
  | {
      readonly status: 'ready';
      readonly endpoint: string;
      /** How the endpoint was found: `DOCKER_HOST`, `context NAME`, or the name of a usual socket. */
      readonly source: string;
      readonly name: string;
      readonly version: string;
      readonly apiVersion: string;
      readonly operatingSystem: string;
      readonly securityOptions: readonly string[];
      readonly rootless: boolean;
    }
  | { readonly status: 'away'; readonly failure: Failure };

export interface LocalImage {
  readonly id: string;
  /** `name:tag`, first one first; empty for a dangling image. */
  readonly tags: readonly string[];
  readonly sizeBytes: number;
}

export interface ProjectState {
  readonly id: string;
  /** Canonical path. */
  readonly folder: string;
  /** The folder's last component. */
  readonly name: string;
  readonly folderStatus: 'present' | 'missing' | 'unreadable';
  readonly config: ConfigState;
  readonly trust: TrustState;
  readonly container: ContainerState;
  /** Drift: what the config asks for now against what the container was made from. */
  readonly drift: readonly Difference[];
  /** The tag that the container was made from names another image now; null where it does not. */
  readonly imageChange: ImageChange | null;
  readonly network: NetworkState;
  /** What the running container publishes on 127.0.0.1; empty while it is down, and for an adopted one. */
  readonly ports: readonly PublishedPort[];
  /** Caches and shell history at the engine; they outlive the container. */
  readonly volumes: readonly VolumeState[];
  readonly vault: VaultState;
  readonly sync: SyncState;
  /** The one that runs first, then those that wait. */
  readonly operations: readonly Operation[];
  /** The last failed operation, until another one succeeds. */
  readonly failure: Failure | null;
  /** The newest last; at most 50. */
  readonly activity: readonly ActivityEntry[];
  /** A stranger's container that mounts this very folder and could be adopted. */
  readonly adoptable: AdoptableContainer | null;
  readonly sessions: readonly SessionState[];
}

export type ConfigState =
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
      readonly image: string;
      readonly containerName: string;
      readonly user: string;
      /** `file:line:column: …`, one per unknown or ineffective key. */
      readonly warnings: readonly string[];
    };

/** One thing that a config grants, in the order shown at the trust question. */
export interface Grant {
  /** Stable key, for example `image`, `mount:/workspace`, `capability:SYS_ADMIN`, `dns`. */
  readonly key: string;
  readonly label: string;
  readonly value: string;
  /** One line of what it means. */
  readonly meaning: string;
}

export interface Difference {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

export type TrustState =
  /** No valid config: nothing to ask yet. */
  | { readonly status: 'unknown' }
  | { readonly status: 'trusted'; readonly trustHash: string; readonly atMs: number; readonly grants: readonly Grant[] }
  | {
      readonly status: 'untrusted';
      /** Answer with this hash; it names exactly this request. */
      readonly trustHash: string;
      readonly grants: readonly Grant[];
      /** Against the last answer for this folder; empty when it was never trusted. */
      readonly differences: readonly Difference[];
      readonly trustedBefore: boolean;
      /** The request as the engine would get it: indented JSON. */
      readonly createRequest: string;
    };

export type ContainerState =
  | { readonly status: 'missing' }
  | ({ readonly status: 'stopped'; readonly exitCode: number | null } & ContainerIdentity)
  | ({ readonly status: 'running'; readonly startedAtMs: number | null } & ContainerIdentity)
  | ({ readonly status: 'paused'; readonly startedAtMs: number | null } & ContainerIdentity);

interface ContainerIdentity {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly adopted: boolean;
}

export interface AdoptableContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly status: string;
}

export interface ImageChange {
  /** As the config names it. */
  readonly image: string;
  /** Ids: what the container was made from, and what the name means now. */
  readonly before: string;
  readonly after: string;
}

export interface VolumeState {
  readonly name: string;
  readonly kind: 'history' | 'cache';
  /** Absolute path inside; null where it can't be told any more. */
  readonly path: string | null;
  /** False for a cache that the config no longer names: it stays until it is removed. */
  readonly inConfig: boolean;
}

export interface PublishedPort {
  readonly hostPort: number;
  readonly containerPort: number;
}

export interface NetworkState {
  /** MTU of the container's network; null while it has none. */
  readonly mtu: number | null;
  /** Smallest MTU on the host's way out (or the config's), seen at the last look. */
  readonly wantedMtu: number | null;
  /** True when the container's MTU is larger than the way out allows: large packets get lost. */
  readonly tooLarge: boolean;
}

export type OperationKind =
  | 'start'
  | 'stop'
  | 'restart'
  | 'rebuild'
  | 'adopt'
  | 'setup'
  | 'reconnect-network'
  | 'pull-image'
  | 'build-base-image'
  | 'unlock-vault'
  | 'save-vault'
  | 'lock-vault'
  | 'change-passphrase'
  | SyncOperationKind;

/** Kinds of `SyncState.operations`. */
export const syncOperationKinds = [
  'sync',
  'look-at-remote',
  'pull-vault',
  'keep-own-vault',
  'list-history',
  'preview-version',
  'restore-version',
  'setup-storage',
  'log-in',
] as const;
export type SyncOperationKind = (typeof syncOperationKinds)[number];

export type OperationStep =
  | 'waiting'
  | 'checking'
  | 'pulling-image'
  | 'building-image'
  | 'preparing-network'
  | 'creating-container'
  | 'starting-container'
  | 'running-setup'
  | 'ending-processes'
  | 'stopping-container'
  | 'removing-container'
  | 'deriving-key'
  | 'opening-vault'
  | 'packing-vault'
  | 'saving-vault'
  | 'locking-vault'
  | 'reaching-remote'
  | 'beginning-login'
  | 'awaiting-login'
  | 'cancelling';

export interface Progress {
  readonly doneBytes: number;
  /** null while unknown. */
  readonly totalBytes: number | null;
  /** For example `3 of 7 layers`, or the build's current step. */
  readonly detail: string;
}

export interface Operation {
  readonly id: string;
  readonly kind: OperationKind;
  /** What it works on: a folder's name or an image. */
  readonly subject: string;
  readonly step: OperationStep;
  readonly cancellable: boolean;
  readonly queuedAtMs: number;
  /** null while it waits. */
  readonly startedAtMs: number | null;
  readonly progress: Progress | null;
  /** What a setup command printed; absent for all others. */
  readonly output?: ProgramOutput;
  /** What a person has to confirm in a browser; absent where nothing waits for that. */
  readonly login?: LoginPrompt;
}

/** A login that waits for its confirmation. Show the page's address before you offer to open it. */
export interface LoginPrompt {
  /** https. */
  readonly page: string;
  /** Must be the same on that page. */
  readonly userCode: string;
  readonly expiresAtMs: number;
}

export interface ProgramOutput {
  /** The last of it, at most 16,384 characters; as the program printed it, control characters included. */
  readonly text: string;
  /** Characters printed in all, so that a follower knows which of them are new. */
  readonly length: number;
}

export interface ActivityEntry {
  readonly atMs: number;
  /** Present where an operation ended. */
  readonly operationId?: string;
  readonly kind: OperationKind | 'notice';
  readonly outcome: 'done' | 'failed' | 'cancelled' | 'notice';
  readonly text: string;
  readonly durationMs?: number;
  readonly failure?: Failure;
  /** The end of what a setup command printed, at most 4,000 characters. */
  readonly output?: ProgramOutput;
}

export interface SessionState {
  readonly id: string;
  readonly kind: 'shell' | 'logs';
  /** The program, for example `bash`. */
  readonly title: string;
  /** Lives on while nobody watches: a window may attach to it. */
  readonly kept: boolean;
  readonly openedAtMs: number;
}
