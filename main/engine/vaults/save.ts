import type { Core } from '../core.ts';
import { projectCore } from '../core.ts';
import { attempt } from '../projects.ts';
import { failWith, failureOf } from '../failure.ts';
import { readContainerTar, wipeArchive, type Archive } from '../vault/archive.ts';
import { wipe } from '../vault/pace.ts';
import type { SaveResult } from '../vault/store.ts';
import type { OpenVault, VaultMemory } from './memory.ts';
import { readStart, type VaultRoom } from './room.ts';
import { markLost } from './lost.ts';
import { showFile, showVault, toVaultContent } from './show.ts';

export interface SaveChoice {
  /** Also where the vault is empty or has less than half of what it had. */
  readonly allowShrink: boolean;
}

/** An open vault and where it is open. */
export interface OpenRoom {
  readonly memory: VaultMemory;
  readonly open: OpenVault;
  readonly room: VaultRoom;
}

/**
 * Packs what is in the container and proves that it is of the run that the vault was opened in: what a later run holds
 * is none of ours. Whoever asked wipes the archive.
 * @throws vault-lost, vault-pack-failed, vault-member-unsavable, and of the engine
 */
export async function packOpenVault(core: Core, projectId: string, { memory, open, room }: OpenRoom): Promise<Archive> {
  const { folder } = projectCore(core, projectId);
  const archive = await packRoom(room, folder).catch(async (error: unknown) => {
    // Closed under our hands: its run is over, or somebody else took it out.
    if (failureOf(error).code === 'vault-not-unlocked' || !(await isSameRun(room, open))) return null;
    throw error;
  });
  // Asked after packing: the start of a run only ever grows, so all that was packed is of this run.
  if (archive !== null && (await isSameRun(room, open))) return archive;
  if (archive !== null) wipeArchive(archive);
  throw markLost(core, projectId, memory);
}

/** What is in the container's tmpfs, checked as a whole. */
export async function packRoom(room: VaultRoom, folder: string): Promise<Archive> {
  const chunks = await room.session.pack();
  try {
    return await readContainerTar(eachOf(chunks), folder);
  } finally {
    await wipe(chunks);
  }
}

async function isSameRun(room: VaultRoom, open: OpenVault): Promise<boolean> {
  if (room.container.id !== open.containerId) return false;
  return (await readStart(room.client, open.containerId)) === open.startedAt;
}

/**
 * Saves an open vault: packs, checks, writes where something changed, verifies. The caller holds the vault's turn.
 * @throws as `packOpenVault` and `VaultStore.save`; the file on disk is then the one before
 */
export async function saveOpenVault(
  core: Core,
  projectId: string,
  opened: OpenRoom,
  choice: SaveChoice,
): Promise<SaveResult> {
  const { memory, open } = opened;
  const { nowMs } = core.ports;
  const checkedAtMs = nowMs();
  showVault(core, projectId, { saving: true });
  try {
    const archive = await packOpenVault(core, projectId, opened);
    try {
      memory.aws.keep(archive);
      const store = await memory.store();
      if (archive.contentHash !== open.base.contentHash) {
        await recordBase(core, projectId, memory, archive.contentHash);
      }
      const result = await store.save({ key: open.key, archive, base: open.base, ...choice });
      memory.open = { ...open, base: result.version };
      const saved = { content: toVaultContent(archive), lastCheckedAtMs: checkedAtMs, dirtySinceMs: null };
      showVault(core, projectId, saved);
      await recordBase(core, projectId, memory);
      await tellOfSave(core, projectId, archive, result);
      return result;
    } finally {
      wipeArchive(archive);
    }
  } finally {
    showVault(core, projectId, { saving: false });
  }
}

/**
 * Writes down which file the open vault builds on; that it can't is no reason to call a save failed.
 * @param saving hash of the content that is about to take that file's place
 */
export async function recordBase(core: Core, projectId: string, { open }: VaultMemory, saving?: string): Promise<void> {
  if (open === null) return;
  const { containerId, startedAt, base } = open;
  const record = {
    containerId,
    startedAt,
    fingerprint: base.fingerprint,
    ...(saving === undefined ? {} : { saving }),
  };
  await attempt(core, 'vault record', async () => core.vaultRecords.set(projectId, record));
}

/** What a person should know of a save beside that it went well, and the file as it is now. */
export async function tellOfSave(core: Core, projectId: string, archive: Archive, result: SaveResult): Promise<void> {
  for (const { path, reason } of archive.skipped) {
    notice(core, projectId, `The vault was saved without ${JSON.stringify(path)}: ${reason}.`);
  }
  for (const copy of result.conflictCopies) {
    notice(core, projectId, failWith('vault-conflict', { copy }).failure.message);
  }
  if (result.sidecarFailure !== null) notice(core, projectId, result.sidecarFailure.message);
  if (result.status === 'unchanged') return;
  await showFile(core, projectId);
  core.vaults.fileChanged(projectId);
}

function notice(core: Core, projectId: string, text: string): void {
  const entry = { atMs: core.ports.nowMs(), kind: 'notice', outcome: 'notice', text } as const;
  core.store.dispatch({ type: 'activityAdded', projectId, entry });
}

async function* eachOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
