import type { VaultKey } from '../vault/key.ts';
import { openVaultStore, type VaultStore, type VaultVersion } from '../vault/store.ts';
import { AwsFiles } from './aws-files.ts';
import { noTries, type Tries } from './tries.ts';
import { createTurns, type Turns } from './turns.ts';

/** A vault whose key is here. It lives in one run of one container: with that run its files are gone. */
export interface OpenVault {
  readonly key: VaultKey;
  readonly containerId: string;
  /** When this run of the container began, as the engine says it. */
  readonly startedAt: string;
  /** The file that the next save builds on. */
  readonly base: VaultVersion;
}

/** What this process knows of one project's vault beside what the snapshot shows. Never leaves it. */
export class VaultMemory {
  /** Unlock, lock, save and looks take turns, whoever asks. */
  readonly turns: Turns = createTurns();
  readonly #folder: string;
  readonly #nowMs: () => number;
  #store: Promise<VaultStore> | null = null;
  open: OpenVault | null = null;
  /** Of the vault that is open; another one for each time that it is. */
  aws = new AwsFiles();
  tries: Tries = noTries;
  /** Wakes when the wait after wrong passphrases is over. */
  retryTimer: NodeJS.Timeout | null = null;
  /** An operation of ours ends the container, and what the vault holds is saved. */
  isEnding = false;
  /** Saved and emptied, but something keeps the empty tmpfs mounted. */
  isEmptied = false;

  constructor(folder: string, nowMs: () => number) {
    this.#folder = folder;
    this.#nowMs = nowMs;
  }

  /** @throws as `openVaultStore`; the next call tries again */
  async store(): Promise<VaultStore> {
    const opening = (this.#store ??= openVaultStore(this.#folder, { nowMs: this.#nowMs }));
    opening.catch(() => (this.#store = null));
    return opening;
  }

  /** Wipes the key, and what was kept of the vault's files. */
  forgetKey(): void {
    this.open?.key.wipe();
    this.open = null;
    this.aws.end();
    this.aws = new AwsFiles();
  }
}

/** The vaults of all projects, and who wants to hear of them. */
export interface Vaults {
  /** @param folder the project's canonical path */
  of(projectId: string, folder: string): VaultMemory;
  /** Ids of the projects whose key is here. */
  unlocked(): readonly string[];
  /** Tells whoever subscribed that a project's vault file was written by us. */
  fileChanged(projectId: string): void;
  /** Called after each write of a vault file by a save, a new vault or a new passphrase; returns the way to stop. */
  onFileChanged(listener: (projectId: string) => void): () => void;
  forget(projectId: string): void;
  /** Wipes all keys. */
  close(): void;
}

export function createVaults(nowMs: () => number): Vaults {
  const memories = new Map<string, VaultMemory>();
  const listeners = new Set<(projectId: string) => void>();
  const drop = (memory: VaultMemory | undefined): void => {
    memory?.forgetKey();
    if (memory?.retryTimer) clearTimeout(memory.retryTimer);
  };
  return {
    of: (projectId, folder) => {
      const memory = memories.get(projectId) ?? new VaultMemory(folder, nowMs);
      memories.set(projectId, memory);
      return memory;
    },
    unlocked: () => [...memories].flatMap(([id, { open }]) => (open === null ? [] : [id])),
    fileChanged: (projectId) => {
      for (const listener of listeners) listener(projectId);
    },
    onFileChanged: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forget: (projectId) => {
      drop(memories.get(projectId));
      memories.delete(projectId);
    },
    close: () => {
      for (const memory of memories.values()) drop(memory);
      memories.clear();
    },
  };
}
