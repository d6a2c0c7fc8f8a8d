import { maxShownMembers, type VaultContent, type VaultState } from '../../../preload/contract/vault.ts';
import { projectCore, type Core } from '../core.ts';
import { failureOf, TazpodError } from '../failure.ts';
import type { Archive } from '../vault/archive.ts';
import { copyKindOf } from '../vault/vault-names.ts';
import type { VaultMemory } from './memory.ts';
import { triesLeft, waitMs } from './tries.ts';

type VaultCore = Pick<Core, 'store' | 'ports' | 'vaults'>;

/** What this process knows of a project's vault. @throws project-unknown */
export function memoryOf(core: Pick<Core, 'store' | 'vaults'>, projectId: string): VaultMemory {
  return core.vaults.of(projectId, projectCore(core, projectId).folder);
}

/** Changes what the snapshot shows of a project's vault. A project that was forgotten meanwhile shows nothing. */
export function showVault(core: Pick<Core, 'store'>, projectId: string, change: Partial<VaultState>): void {
  const project = core.store.state().projects.get(projectId);
  if (project === undefined) return;
  core.store.dispatch({ type: 'vaultChanged', projectId, vault: { ...project.vault, ...change } });
}

/** The state that a vault is in when nothing is under way with it: with a key, mounted without one, or at rest. */
export function restingStatus(memory: VaultMemory, vault: VaultState): VaultState['status'] {
  if (memory.open !== null) return 'unlocked';
  if (vault.status === 'mounted') return 'mounted';
  return vault.fileBytes === null ? 'absent' : 'locked';
}

/** Shows what the disk has of a project's vault: whether it is there, how large, how old, which copies. */
export async function showFile(core: VaultCore, projectId: string): Promise<void> {
  const memory = memoryOf(core, projectId);
  const found = await (await memory.store()).glance();
  const { vault } = projectCore(core, projectId);
  const facts = {
    fileBytes: found.file?.sizeBytes ?? null,
    lastSavedAtMs: found.file?.modifiedAtMs ?? null,
    conflictCopies: found.copies.filter((name) => copyKindOf(name) === 'conflict'),
  };
  const isAtRest = vault.status === 'absent' || vault.status === 'locked';
  const status = isAtRest ? restingStatus(memory, { ...vault, ...facts }) : vault.status;
  showVault(core, projectId, { ...facts, status });
}

/** Shows the files of all projects, or of those named. A folder that can't be read keeps what was shown. */
export async function showFiles(core: VaultCore, projectIds?: readonly string[]): Promise<void> {
  const ids = projectIds ?? [...core.store.state().projects.keys()];
  await Promise.all(
    ids.map(async (id) => {
      try {
        await showFile(core, id);
      } catch (error) {
        core.ports.log(`vault of ${id}: ${failureOf(error).message}`);
      }
    }),
  );
}

/** Shows how many tries are left, and shows it again when the wait is over. */
export function showTries(core: VaultCore, projectId: string): void {
  const memory = memoryOf(core, projectId);
  const now = core.ports.nowMs();
  const restMs = waitMs(memory.tries, now);
  const retryAtMs = restMs > 0 ? memory.tries.retryAtMs : null;
  showVault(core, projectId, { triesLeft: triesLeft(memory.tries, now), retryAtMs });
  if (memory.retryTimer !== null) clearTimeout(memory.retryTimer);
  memory.retryTimer = restMs > 0 ? setTimeout(() => showTries(core, projectId), restMs).unref() : null;
}

/** What a vault holds, for the snapshot: names and sizes. */
export function toVaultContent(archive: Archive): VaultContent {
  const members = archive.members.slice(0, maxShownMembers).map(({ path, type, bytes }) => ({
    path,
    kind: type,
    sizeBytes: bytes.length,
  }));
  return { usedBytes: archive.totalBytes, memberCount: archive.members.length, members };
}

/** Runs a part of unlocking, saving or locking; its failure shows in the vault's state until one goes well. */
export async function showingFailure<Value>(
  core: Pick<Core, 'store'>,
  projectId: string,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    const value = await work();
    showVault(core, projectId, { failure: null, holders: [] });
    return value;
  } catch (error) {
    if (error instanceof TazpodError) showVault(core, projectId, { failure: error.failure });
    throw error;
  }
}
