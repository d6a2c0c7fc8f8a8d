import { projectCore, type Core } from '../core.ts';
import { failWith } from '../failure.ts';
import { wipeArchive } from '../vault/archive.ts';
import type { SaveResult } from '../vault/store.ts';
import { requireRoom } from '../vaults/room.ts';
import { packOpenVault, saveOpenVault, type OpenRoom, type SaveChoice } from '../vaults/save.ts';
import { memoryOf, showFile, showingFailure, showVault, toVaultContent } from '../vaults/show.ts';
import { checkMount } from '../vaults/watch.ts';
import type { OperationWork } from './queue.ts';

/** Saves the open vault. @throws vault-not-unlocked, vault-key-missing, and as `saveOpenVault` */
export async function saveVault(
  core: Core,
  projectId: string,
  work: OperationWork,
  choice: SaveChoice,
): Promise<string> {
  work.step('packing-vault');
  const { status } = await saveNow(core, projectId, choice);
  return status === 'saved' ? 'Saved the vault.' : 'The vault is saved already: nothing changed.';
}

/**
 * Saves a project's vault if it is unlocked, without an operation of its own: what the sync loop does first.
 * @throws vault-not-unlocked, vault-key-missing, and as `saveOpenVault`; each failure also shows in the vault's state
 */
export async function saveNow(core: Core, projectId: string, choice: SaveChoice): Promise<SaveResult> {
  return memoryOf(core, projectId).turns.take(async () =>
    showingFailure(core, projectId, async () =>
      saveOpenVault(core, projectId, await requireOpen(core, projectId), choice),
    ),
  );
}

/** The open vault in its running container. @throws vault-not-unlocked, vault-key-missing, and as `requireRoom` */
export async function requireOpen(core: Core, projectId: string): Promise<OpenRoom> {
  const { folder, vault } = projectCore(core, projectId);
  const memory = memoryOf(core, projectId);
  const { open } = memory;
  if (open === null) {
    throw failWith(vault.status === 'mounted' ? 'vault-key-missing' : 'vault-not-unlocked', { folder });
  }
  return { memory, open, room: await requireRoom(core, projectId) };
}

/** Looks at the file, and where the vault is unlocked at what it holds and whether the file holds the same. */
export async function inspectVault(core: Core, projectId: string): Promise<void> {
  const memory = memoryOf(core, projectId);
  await showFile(core, projectId);
  if (memory.open === null) return checkMount(core, projectId);
  return memory.turns.take(async () => {
    if (memory.open === null) return;
    const opened = await requireOpen(core, projectId);
    const checkedAtMs = core.ports.nowMs();
    const archive = await packOpenVault(core, projectId, opened);
    try {
      const isSaved = archive.contentHash === opened.open.base.contentHash;
      const { vault } = projectCore(core, projectId);
      showVault(core, projectId, {
        content: toVaultContent(archive),
        dirtySinceMs: isSaved ? null : (vault.dirtySinceMs ?? checkedAtMs),
        ...(isSaved ? { lastCheckedAtMs: checkedAtMs } : {}),
      });
    } finally {
      wipeArchive(archive);
    }
  });
}
