import path from 'node:path';
import { openBaseFile } from '../../main/engine/sync/base-file.ts';
import { openFolderRemote } from '../../main/engine/sync/remotes/folder.ts';
import type { SyncPorts } from '../../main/engine/sync/run.ts';
import { createLocalVault } from '../../main/engine/syncs/local-vault.ts';
import { openVaultStore } from '../../main/engine/vault/store.ts';

/** A project's vault and the folder that it is pushed to, as the host process puts them together. */
export async function openPushed(folder: string, place: string): Promise<SyncPorts> {
  const remote = openFolderRemote({ path: place, prefix: 'tazpod/projects/faults', nowMs: Date.now });
  const store = await openVaultStore(folder, { nowMs: Date.now });
  const vault = createLocalVault({ folder, store, machine: 'faults', whileClosed: async (work) => await work() });
  const base = openBaseFile(path.join(path.dirname(folder), 'state', 'sync.json'), remote.shown);
  return { vault, remote, base, retention: 50 };
}
