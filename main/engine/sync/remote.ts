import type { PushCondition } from './plan.ts';
import type { HistoryEntry, RemoteVersion, VaultFile } from './version.ts';

/** Where vaults are pushed. Every failure is a TazpodError with a code of its own. */
export interface Remote {
  /** For people: bucket or path and prefix, never credentials. */
  readonly shown: string;
  /** One request where the remote is a service. */
  head(signal: AbortSignal): Promise<RemoteVersion | null>;
  /** The latest version's bytes; null where there is none. */
  readLatest(signal: AbortSignal): Promise<FetchedVault | null>;
  /** @throws version-unknown */
  readHistory(name: string, signal: AbortSignal): Promise<VaultFile>;
  /** Newest first. */
  listHistory(signal: AbortSignal): Promise<readonly HistoryEntry[]>;
  /** Adds a copy beside the others and checks that it arrived whole. The latest does not move. */
  keep(vault: VaultFile, signal: AbortSignal): Promise<void>;
  /**
   * History first, verified; then the latest moves if it is still what the condition says.
   * @returns the new version; null where somebody else was faster: then nothing was replaced
   */
  push(vault: VaultFile, condition: PushCondition, signal: AbortSignal): Promise<RemoteVersion | null>;
  removeHistory(names: readonly string[], signal: AbortSignal): Promise<void>;
  /** null where conditions hold; else why pushes are made by hand only. */
  byHandReason(signal: AbortSignal): Promise<string | null>;
}

export interface FetchedVault {
  readonly version: RemoteVersion;
  readonly vault: VaultFile;
}
