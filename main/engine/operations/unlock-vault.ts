import { projectCore, type Core } from '../core.ts';
import { failWith, failureOf } from '../failure.ts';
import { emptyArchive, toTar, wipeArchive, type Archive } from '../vault/archive.ts';
import { deriveKey, newSalt, type VaultKey } from '../vault/key.ts';
import type { VaultFileState, VaultVersion } from '../vault/store.ts';
import { vaultLimitBytes } from '../../../preload/contract/vault.ts';
import type { VaultMemory } from '../vaults/memory.ts';
import { readStart, requireRoom, type VaultRoom } from '../vaults/room.ts';
import { packRoom, recordBase, tellOfSave } from '../vaults/save.ts';
import {
  memoryOf,
  restingStatus,
  showFile,
  showingFailure,
  showTries,
  showVault,
  toVaultContent,
} from '../vaults/show.ts';
import { afterFailure, noTries, triesLeft, waitMs } from '../vaults/tries.ts';
import { ensurePrepared } from './prepare.ts';
import type { OperationWork } from './queue.ts';

export interface UnlockChoice {
  /** UTF-8 bytes as typed; the caller wipes them. */
  readonly passphrase: Uint8Array;
  /** Make a vault; there must be none. */
  readonly create: boolean;
}

/** What is mounted belongs to the config's user in the end, whatever the tar says. */
const anyOwner = { uid: 1000, gid: 1000 };

/**
 * Opens the vault in the running container, or takes over one that is mounted there already once the passphrase has
 * opened the file.
 * @throws container-not-running, vault-missing, vault-exists, vault-retry-later, vault-unreadable, vault-archive-refused,
 * vault-tools-missing, vault-mount-failed, and of the disk and the engine
 */
export async function unlockVault(
  core: Core,
  projectId: string,
  work: OperationWork,
  choice: UnlockChoice,
): Promise<string> {
  const { folder } = projectCore(core, projectId);
  const memory = memoryOf(core, projectId);
  return memory.turns.take(async () => {
    if (memory.open !== null) {
      if (choice.create) throw failWith('vault-exists', { folder });
      return 'The vault is unlocked already.';
    }
    return showingFailure(core, projectId, async () => {
      const before = projectCore(core, projectId).vault;
      showVault(core, projectId, { status: 'unlocking' });
      try {
        return await unlock(core, projectId, work, memory, choice);
      } catch (error) {
        showVault(core, projectId, {
          status: restingStatus(memory, { ...before, fileBytes: fileBytesOf(core, projectId) }),
        });
        throw error;
      }
    });
  });
}

const fileBytesOf = (core: Core, projectId: string): number | null => projectCore(core, projectId).vault.fileBytes;

async function unlock(
  core: Core,
  projectId: string,
  work: OperationWork,
  memory: VaultMemory,
  choice: UnlockChoice,
): Promise<string> {
  const { folder } = projectCore(core, projectId);
  const looking = memory.store().then(async (store) => store.look());
  // Told below; until then the engine may have something to say first.
  looking.catch(() => undefined);
  const room = await requireRoom(core, projectId);
  const [file, startedAt] = await Promise.all([looking, readStart(room.client, room.container.id)]);
  if (choice.create && file.status === 'present') throw failWith('vault-exists', { folder });
  if (!choice.create && file.status === 'absent') throw failWith('vault-missing', { folder });
  if (startedAt === null) throw failWith('container-not-running', { folder });
  await ensurePrepared(core, room.client, projectId, room.container.id);
  work.step('deriving-key');
  const reading = readOrMake(core, projectId, choice.passphrase, file);
  // The container gets ready meanwhile; it mounts nothing before the passphrase is proven.
  const opening = room.session.open(
    room.user,
    reading.then(({ archive: read }) => toTar(read, anyOwner)),
  );
  const found = await reading.catch(async (error: unknown) => {
    await opening.catch(() => undefined);
    throw error;
  });
  const { key, archive, version } = found;
  let mounted: Archive | null = null;
  try {
    work.step('opening-vault');
    mounted = await finishOpening(room, folder, archive, opening);
    const run = { containerId: room.container.id, startedAt };
    const base =
      version === null
        ? await createFile(core, projectId, memory, room, { key, archive: mounted ?? archive, isNew: mounted === null })
        : toBase(core, projectId, run, version, mounted !== null);
    memory.open = { key, ...run, base };
    memory.aws.keep(mounted ?? archive);
    await Promise.all([recordBase(core, projectId, memory), showUnlocked(core, projectId, mounted ?? archive, base)]);
  } catch (error) {
    if (memory.open === null) key.wipe();
    throw error;
  } finally {
    wipeArchive(archive);
    if (mounted !== null) wipeArchive(mounted);
  }
  return version === null ? 'Made a vault and unlocked it.' : 'Unlocked the vault.';
}

interface ReadVault {
  readonly key: VaultKey;
  readonly archive: Archive;
  /** null: there is no file yet. */
  readonly version: VaultVersion | null;
}

/** What the passphrase opens; nothing yet for a vault that is to be made. @throws as `readWithPassphrase` */
async function readOrMake(
  core: Core,
  projectId: string,
  passphrase: Uint8Array,
  file: VaultFileState,
): Promise<ReadVault> {
  if (file.status === 'present') return readWithPassphrase(core, projectId, passphrase, file);
  return { key: await deriveKey(passphrase, newSalt()), archive: await emptyArchive(), version: null };
}

/**
 * What the next save builds on. A file that took another one's place while the vault was mounted is not what is in the
 * container: the save then keeps it as a conflict copy.
 */
function toBase(
  core: Core,
  projectId: string,
  run: { readonly containerId: string; readonly startedAt: string },
  version: VaultVersion,
  wasMounted: boolean,
): VaultVersion {
  const record = core.vaultRecords.of(projectId);
  const isSameRun = record?.containerId === run.containerId && record.startedAt === run.startedAt;
  if (!wasMounted || record === null || !isSameRun) return version;
  // The host process before was killed between putting its save in place and writing that down.
  const isOurs = record.fingerprint === version.fingerprint || record.saving === version.contentHash;
  if (isOurs) return version;
  return { ...version, fingerprint: record.fingerprint, identity: '' };
}

/** The vault's files are where they belong: shows what it holds, and whether the file holds the same. */
async function showUnlocked(core: Core, projectId: string, archive: Archive, base: VaultVersion): Promise<void> {
  const nowMs = core.ports.nowMs();
  const isSaved = archive.contentHash === base.contentHash;
  showVault(core, projectId, {
    status: 'unlocked',
    content: toVaultContent(archive),
    lastCheckedAtMs: isSaved ? nowMs : null,
    dirtySinceMs: isSaved ? null : nowMs,
    lostSinceMs: null,
    limitBytes: vaultLimitBytes,
  });
  await showFile(core, projectId);
}

/**
 * Derives the key and opens the file with it; a wrong passphrase uses up a try.
 * @throws vault-retry-later, vault-unreadable
 */
export async function readWithPassphrase(
  core: Core,
  projectId: string,
  passphrase: Uint8Array,
  file: Extract<VaultFileState, { status: 'present' }>,
): Promise<{ readonly key: VaultKey; readonly archive: Archive; readonly version: VaultVersion }> {
  const { folder } = projectCore(core, projectId);
  const memory = memoryOf(core, projectId);
  const { nowMs } = core.ports;
  const restMs = waitMs(memory.tries, nowMs());
  if (restMs > 0) throw failWith('vault-retry-later', { seconds: Math.ceil(restMs / 1000) });
  // A file too short to be a vault takes as long as a wrong passphrase, and reads the same.
  const key = await deriveKey(passphrase, file.salt ?? newSalt());
  try {
    const read = await (await memory.store()).read(key);
    memory.tries = noTries;
    showTries(core, projectId);
    return { key, ...read };
  } catch (error) {
    key.wipe();
    if (failureOf(error).code !== 'vault-unreadable') throw error;
    memory.tries = afterFailure(memory.tries, nowMs());
    showTries(core, projectId);
    throw failWith('vault-unreadable', { folder, triesLeft: triesLeft(memory.tries, nowMs()) }, error);
  }
}

/**
 * Mounts the vault and unpacks it; one that is mounted already stays, unless it is empty: that is what a lock left that
 * could not be finished.
 * @returns what was mounted already; null where the archive was unpacked
 */
async function finishOpening(
  room: VaultRoom,
  folder: string,
  archive: Archive,
  opening: ReturnType<VaultRoom['session']['open']>,
): Promise<Archive | null> {
  if ((await opening) !== null) return null;
  const mounted = await packRoom(room, folder);
  if (mounted.fileCount > 0) return mounted;
  await room.session.close();
  if ((await room.session.open(room.user, toTar(archive, anyOwner))) !== null) return null;
  throw failWith('vault-mount-failed', { reason: 'something else mounted it meanwhile' });
}

/** Writes a new vault's file. Where that fails nothing stays mounted of what we mounted. */
async function createFile(
  core: Core,
  projectId: string,
  memory: VaultMemory,
  room: VaultRoom,
  { key, archive, isNew }: { readonly key: VaultKey; readonly archive: Archive; readonly isNew: boolean },
): Promise<VaultVersion> {
  try {
    const result = await (await memory.store()).create(key, archive);
    await tellOfSave(core, projectId, archive, result);
    return result.version;
  } catch (error) {
    if (isNew) await room.session.close();
    throw error;
  }
}
