import * as v from 'valibot';
import type { Failure } from './errors.ts';
import type { Operation } from './snapshot.ts';
import type { VaultMember } from './vault.ts';

/** Sync as clients see it: where the vault is pushed, how that stands, and what waits for a person. Nothing secret. */

/** Names one version of a remote exactly; a choice is made for the version that was shown and for no other. */
export const EtagSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(4096));
export const VersionNameSchema = v.pipe(
  v.string(),
  v.regex(/^vault-\d{8}T\d{6}(?:-\d{1,9})?$/, 'a version looks like vault-20260102T030405'),
);

export interface SyncState {
  /** null: the config names none, and what is saved stays on this machine. */
  readonly remote: SyncRemote | null;
  /** A run is under way, asked for or not. */
  readonly running: boolean;
  /** When a run last ended well. */
  readonly lastRunAtMs: number | null;
  /** When the version that this machine and the remote agree on was pushed, by whomever. */
  readonly lastPushedAtMs: number | null;
  /**
   * The vault file here is another one than the one that this machine and the remote agreed on last. It is pushed by the next
   * run, which comes while the vault is unlocked, or by `syncNow`.
   */
  readonly unpushed: boolean;
  /**
   * null: none is planned, because the project is not up, its vault is locked, or because of a failure that does not end by
   * itself.
   */
  readonly nextRunAtMs: number | null;
  /** Why the last run failed; null after one that went well. */
  readonly failure: Failure | null;
  /** What a person has to say before anything more is pushed. */
  readonly question: SyncQuestion | null;
  /** Why this remote is pushed to by `syncNow` only; null where it is not. */
  readonly byHandReason: string | null;
  /** As of the last `listHistory`; null before one. */
  readonly history: SyncHistory | null;
  /** Of the last `previewVersion`; null before one. */
  readonly preview: VersionPreview | null;
  /** Sync operations, beside the project's other ones: they hold up none of those. */
  readonly operations: readonly Operation[];
}

export interface SyncRemote {
  readonly type: 's3' | 'folder';
  /** Bucket or path, prefix and endpoint. */
  readonly shown: string;
  /** By the config; single runs are earlier or later by up to a tenth. */
  readonly intervalMs: number;
  /** Copies that stay in the history. */
  readonly retention: number;
}

export interface SyncQuestion {
  /**
   * `offer-pull`: only the remote changed, or there is no vault here. `conflict`: both changed. `ask-adopt`: the remote
   * does not say whose vault it is. `other-vault`: it says that it is another one; nothing can be chosen.
   */
  readonly kind: 'offer-pull' | 'conflict' | 'ask-adopt' | 'other-vault';
  /** null: there is no vault here. */
  readonly mine: SyncVersion | null;
  readonly theirs: SyncVersion & { readonly etag: string };
}

export interface SyncVersion {
  readonly timeMs: number | null;
  /** Host name; null where it was not told. */
  readonly machine: string | null;
  readonly sizeBytes: number;
  /** What it holds, where its key is here; never contents. At most `maxShownMembers`. */
  readonly members: readonly VaultMember[] | null;
}

export interface SyncHistory {
  readonly listedAtMs: number;
  /** Newest first; at most `maxShownVersions`. */
  readonly versions: readonly HistoryVersion[];
  /** How many there are in all. */
  readonly count: number;
}

/** Longest history in a snapshot. */
export const maxShownVersions = 200;

export interface HistoryVersion {
  /** For example `vault-20260102T030405`. */
  readonly name: string;
  readonly timeMs: number;
  readonly sizeBytes: number;
}

export interface VersionPreview {
  readonly name: string;
  readonly machine: string | null;
  /** Files, folders and links in all. */
  readonly memberCount: number;
  readonly usedBytes: number;
  /** The first of them by path, at most `maxShownMembers`; never contents. */
  readonly members: readonly VaultMember[];
}

/** The state before a config was read. */
export const noSync: SyncState = {
  remote: null,
  running: false,
  lastRunAtMs: null,
  lastPushedAtMs: null,
  unpushed: false,
  nextRunAtMs: null,
  failure: null,
  question: null,
  byHandReason: null,
  history: null,
  preview: null,
  operations: [],
};
