import { projectCore, type Core } from '../core.ts';
import { failWith, failureOf } from '../failure.ts';
import { lockVault } from '../operations/lock-vault.ts';
import type { OperationWork } from '../operations/queue.ts';
import { saveNow } from '../operations/save-vault.ts';
import type { VaultKey } from '../vault/key.ts';
import type { VaultStore } from '../vault/store.ts';
import type { AwsFiles } from '../vaults/aws-files.ts';
import { memoryOf, showFile, showTries } from '../vaults/show.ts';
import { afterFailure, triesLeft, waitMs } from '../vaults/tries.ts';

/** What sync needs of a project's vault. */
export interface VaultDoor {
  /** Its files are in the container, or on their way there. */
  isOpen(projectId: string): boolean;
  /** Saves what an unlocked vault holds. @throws as `saveNow` */
  saveIfUnlocked(projectId: string): Promise<void>;
  /** Saves and locks a vault that is open. @throws as `lockVault` */
  close(projectId: string, work: Pick<OperationWork, 'step' | 'notice'>): Promise<void>;
  /** Runs work that replaces the file while nobody can unlock the vault. @throws TazpodError `vault-open` */
  whileClosed<Value>(projectId: string, work: () => Promise<Value>): Promise<Value>;
  /** Lends the key of an unlocked vault; null where it is not here. Must not be wiped or kept. */
  keyOf(projectId: string): VaultKey | null;
  /** The AWS files of an unlocked vault; null where it is not unlocked here. */
  awsFiles(projectId: string): AwsFiles | null;
  /** Runs a try of a passphrase, at the pace that unlocking has too. @throws TazpodError `vault-retry-later` */
  whileTrying<Value>(projectId: string, work: () => Promise<Value>): Promise<Value>;
  /** @throws as `openVaultStore` */
  store(projectId: string): Promise<VaultStore>;
}

/** @param coreOf the core, which has this door as one of its parts */
export function createVaultDoor(coreOf: () => Core): VaultDoor {
  const isOpen = (projectId: string): boolean => {
    const { status } = projectCore(coreOf(), projectId).vault;
    return status !== 'absent' && status !== 'locked';
  };
  const memory = (projectId: string): ReturnType<typeof memoryOf> => memoryOf(coreOf(), projectId);
  return {
    isOpen,
    saveIfUnlocked: async (projectId) => {
      if (memory(projectId).open !== null) await saveNow(coreOf(), projectId, { allowShrink: false });
    },
    close: async (projectId, work) => {
      if (isOpen(projectId)) await lockVault(coreOf(), projectId, work, { endHolders: false, force: false });
    },
    whileClosed: async (projectId, work) =>
      memory(projectId).turns.take(async () => {
        if (isOpen(projectId)) throw failWith('vault-open', { folder: projectCore(coreOf(), projectId).folder });
        const value = await work();
        await showFile(coreOf(), projectId);
        return value;
      }),
    keyOf: (projectId) => memory(projectId).open?.key ?? null,
    awsFiles: (projectId) => {
      const { open, aws } = memory(projectId);
      return open === null ? null : aws;
    },
    whileTrying: async (projectId, work) => {
      const { nowMs } = coreOf().ports;
      const one = memory(projectId);
      const restMs = waitMs(one.tries, nowMs());
      if (restMs > 0) throw failWith('vault-retry-later', { seconds: Math.ceil(restMs / 1000) });
      try {
        return await work();
      } catch (error) {
        if (failureOf(error).code !== 'vault-unreadable') throw error;
        one.tries = afterFailure(one.tries, nowMs());
        showTries(coreOf(), projectId);
        const { folder } = projectCore(coreOf(), projectId);
        throw failWith('vault-unreadable', { folder, triesLeft: triesLeft(one.tries, nowMs()) }, error);
      }
    },
    store: async (projectId) => memory(projectId).store(),
  };
}
