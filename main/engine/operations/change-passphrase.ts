import { projectCore, type Core } from '../core.ts';
import { failWith } from '../failure.ts';
import { wipeArchive, type Archive } from '../vault/archive.ts';
import { deriveKey, newSalt, type VaultKey } from '../vault/key.ts';
import type { VaultVersion } from '../vault/store.ts';
import type { VaultMemory } from '../vaults/memory.ts';
import { packOpenVault, recordBase, tellOfSave } from '../vaults/save.ts';
import { memoryOf, showingFailure, showVault, toVaultContent } from '../vaults/show.ts';
import type { OperationWork } from './queue.ts';
import { requireOpen } from './save-vault.ts';
import { readWithPassphrase } from './unlock-vault.ts';

export interface PassphraseChange {
  /** UTF-8 bytes as typed; the caller wipes both. */
  readonly passphrase: Uint8Array;
  readonly newPassphrase: Uint8Array;
}

/**
 * Proves the old passphrase against the file, then writes the vault anew under a key of the new one. The new file is
 * read back and opened before it takes the old one's place. An unlocked vault is saved by it and stays unlocked.
 * @throws vault-missing, passphrase-unchanged, vault-retry-later, vault-unreadable, and as a save
 */
export async function changeVaultPassphrase(
  core: Core,
  projectId: string,
  work: OperationWork,
  change: PassphraseChange,
): Promise<string> {
  const { folder } = projectCore(core, projectId);
  const memory = memoryOf(core, projectId);
  if (Buffer.compare(change.passphrase, change.newPassphrase) === 0) throw failWith('passphrase-unchanged', { folder });
  return memory.turns.take(async () =>
    showingFailure(core, projectId, async () => {
      const file = await (await memory.store()).look();
      if (file.status === 'absent') throw failWith('vault-missing', { folder });
      if (memory.open === null && projectCore(core, projectId).vault.status === 'mounted') {
        throw failWith('vault-key-missing', { folder });
      }
      work.step('deriving-key');
      const old = await readWithPassphrase(core, projectId, change.passphrase, file);
      old.key.wipe();
      try {
        const key = await deriveKey(change.newPassphrase, newSalt());
        await writeUnderNewKey(core, projectId, work, memory, { ...old, key });
      } finally {
        wipeArchive(old.archive);
      }
      return 'Changed the passphrase of the vault.';
    }),
  );
}

async function writeUnderNewKey(
  core: Core,
  projectId: string,
  work: OperationWork,
  memory: VaultMemory,
  next: { readonly key: VaultKey; readonly archive: Archive; readonly version: VaultVersion },
): Promise<void> {
  const { key } = next;
  const opened = memory.open === null ? null : await requireOpen(core, projectId);
  work.step('packing-vault');
  const checkedAtMs = core.ports.nowMs();
  const packed = opened === null ? null : await packOpenVault(core, projectId, opened);
  const archive = packed ?? next.archive;
  try {
    work.step('saving-vault');
    const base = opened?.open.base ?? next.version;
    const result = await (await memory.store()).save({ key, archive, base, allowShrink: false });
    if (opened === null) key.wipe();
    else {
      memory.open = { ...opened.open, key, base: result.version };
      opened.open.key.wipe();
      showVault(core, projectId, {
        content: toVaultContent(archive),
        lastCheckedAtMs: checkedAtMs,
        dirtySinceMs: null,
      });
    }
    await recordBase(core, projectId, memory);
    await tellOfSave(core, projectId, archive, result);
  } catch (error) {
    if (memory.open?.key !== key) key.wipe();
    throw error;
  } finally {
    if (packed !== null) wipeArchive(packed);
  }
}
