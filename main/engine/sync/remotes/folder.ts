import { randomInt } from 'node:crypto';
import { unlink } from 'node:fs/promises';
import path from 'node:path';
import { failWith, failureOf, hasCode, reasonOf, TazpodError } from '../../failure.ts';
import { openProjectFolder, readProjectFile, type ProjectFolder } from '../../project/safe-path.ts';
import { historyTimeOf, sortHistory, toHistoryName } from '../history.ts';
import type { PushCondition } from '../plan.ts';
import type { FetchedVault, Remote } from '../remote.ts';
import type { RemoteVersion, VaultFile } from '../version.ts';
import * as versions from './folder-versions.ts';
import { historyFolder, latestName, toHistoryFile } from './names.ts';
import { putFile } from './put-file.ts';

/** A folder on this machine, and by which clock. */
export interface FolderPlace {
  /** Canonical path. Must be there: the mount point of a disk that is not mounted must not be filled. */
  readonly path: string;
  /** Without slashes at its ends. */
  readonly prefix: string;
  readonly nowMs: () => number;
}

const maxVaultBytes = 1024 ** 3;

/** The two folders of a place, held open. */
interface Held {
  readonly outer: ProjectFolder;
  readonly history: ProjectFolder;
}

/**
 * Vaults in a folder, perhaps one that another program carries between machines. It has no compare-and-swap: versions
 * never change and name what they follow, so that two pushes that did not see each other are two heads, and both stay.
 */
export function openFolderRemote(place: FolderPlace): Remote {
  const shown = path.join(place.path, place.prefix);
  const at = async <Result>(
    signal: AbortSignal,
    action: string,
    work: (held: Held) => Promise<Result>,
  ): Promise<Result> => {
    if (signal.aborted) throw failWith('cancelled', { action });
    try {
      return await whileHeld(place, work);
    } catch (error) {
      throw toFault(place, action, error);
    }
  };
  return {
    shown,
    head: (signal) => at(signal, 'look at the vault', async (held) => await headOf(place, held)),
    readLatest: (signal) => at(signal, 'read the vault', async (held) => await readLatest(place, held)),
    readHistory: (name, signal) => at(signal, 'read a version', async (held) => await readVersion(place, held, name)),
    listHistory: (signal) =>
      at(signal, 'list the versions', async (held) =>
        sortHistory(
          (await all(held)).map(({ name, sizeBytes }) => ({
            name,
            sizeBytes,
            timeMs: historyTimeOf(name) ?? 0,
          })),
        ),
      ),
    keep: (vault, signal) =>
      at(signal, 'keep a version', async (held) => {
        await add(place, held, { vault, parents: [], isVersion: false });
      }),
    push: (vault, condition, signal) =>
      at(signal, 'push the vault', async (held) => await push(place, held, vault, condition)),
    removeHistory: (names, signal) => at(signal, 'remove old versions', async (held) => await remove(held, names)),
    byHandReason: async () => null,
  };
}

async function whileHeld<Result>(
  { path: root, prefix }: FolderPlace,
  work: (held: Held) => Promise<Result>,
): Promise<Result> {
  const parts = prefix.split('/');
  const outer = await openProjectFolder(root, parts, { create: true });
  try {
    const history = await openProjectFolder(root, [...parts, historyFolder], { create: true });
    try {
      return await work({ outer, history });
    } finally {
      await history.close();
    }
  } finally {
    await outer.close();
  }
}

function toFault({ path: folder }: FolderPlace, action: string, error: unknown): TazpodError {
  if (error instanceof TazpodError) {
    return error.failure.code === 'folder-not-found' ? failWith('sync-folder-missing', { folder }, error) : error;
  }
  const reason = reasonOf(error);
  if (hasCode(error, 'ENOSPC', 'EDQUOT')) return failWith('disk-full', { action, reason }, error);
  if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return failWith('folder-not-writable', { folder }, error);
  return failWith('sync-unreachable', { remote: folder, reason }, error);
}

const historyParts = ({ prefix }: FolderPlace): readonly string[] => [...prefix.split('/'), historyFolder];

async function all({ history }: Held): Promise<readonly versions.FolderVersion[]> {
  return await versions.readVersions(history);
}

async function headOf(place: FolderPlace, held: Held): Promise<RemoteVersion | null> {
  const version = versions.toRemoteVersion(versions.headsOf(await all(held)));
  return version ?? (await readBare(place))?.version ?? null;
}

async function readLatest(place: FolderPlace, held: Held): Promise<FetchedVault | null> {
  const heads = versions.headsOf(await all(held));
  const version = versions.toRemoteVersion(heads);
  const newest = heads.at(-1);
  if (version === null || newest === undefined) return await readBare(place);
  return { version, vault: await readVersion(place, held, newest.name) };
}

/** A `vault.tar.aes` that somebody put there without versions. */
async function readBare(place: FolderPlace): Promise<FetchedVault | null> {
  const bytes = await readFile(place, [...place.prefix.split('/'), latestName]);
  if (bytes === null) return null;
  const facts = { contentHash: null, vaultId: null, machine: null };
  const etag = `file:${versions.hashOf(bytes)}`;
  const version = { ...facts, etag, sizeBytes: bytes.length, timeMs: place.nowMs(), parents: [], isForked: false };
  return { version, vault: { bytes, ...facts } };
}

async function readFile({ path: root }: FolderPlace, parts: readonly string[]): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await readProjectFile(root, parts, maxVaultBytes));
  } catch (error) {
    if (failureOf(error).code === 'config-missing') return null;
    throw error;
  }
}

async function readVersion(place: FolderPlace, held: Held, name: string): Promise<VaultFile> {
  const note = (await all(held)).find((version) => version.name === name);
  const bytes = note === undefined ? null : await readFile(place, [...historyParts(place), toHistoryFile(name)]);
  if (note === undefined || bytes === null) throw failWith('version-unknown', { remote: place.path, name });
  if (versions.hashOf(bytes) !== note.fileHash) throw failWith('sync-copy-damaged', { remote: place.path, name });
  const { contentHash, vaultId, machine } = note;
  return { bytes, contentHash, vaultId, machine };
}

async function push(
  place: FolderPlace,
  held: Held,
  vault: VaultFile,
  condition: PushCondition,
): Promise<RemoteVersion | null> {
  const before = await headOf(place, held);
  const expected = condition.kind === 'absent' ? null : condition.etag;
  if ((before?.etag ?? null) !== expected) return null;
  const parents = expected === null ? [] : versions.toParents(expected);
  await keepStranger(place, held);
  const name = await add(place, held, { vault, parents, isVersion: true });
  const after = await headOf(place, held);
  // Somebody pushed at the same time: both versions are there, and the next look calls it a conflict.
  if (after === null || after.etag !== name) return null;
  await putFile(held.outer, latestName, vault.bytes);
  return after;
}

/** Another tool may have written `vault.tar.aes`: what is in none of the versions is kept before it is replaced. */
async function keepStranger(place: FolderPlace, held: Held): Promise<void> {
  const bare = await readBare(place);
  if (bare === null) return;
  const fileHash = versions.hashOf(bare.vault.bytes);
  if ((await all(held)).some((version) => version.fileHash === fileHash)) return;
  await add(place, held, { vault: bare.vault, parents: [], isVersion: false });
}

interface Addition {
  readonly vault: VaultFile;
  readonly parents: readonly string[];
  readonly isVersion: boolean;
}

/** Writes the file, reads it back, and then its note: without the note it is not there. */
async function add(place: FolderPlace, { history }: Held, { vault, parents, isVersion }: Addition): Promise<string> {
  const timeMs = place.nowMs();
  // A clock that is behind must not make a version look older than what it follows.
  const afterParentsMs =
    Math.max(0, ...parents.map((parent) => historyTimeOf(parent) ?? 0)) + (parents.length > 0 ? 1000 : 0);
  // Machines that can't see each other yet must not choose the same name.
  const name = toHistoryName(Math.max(timeMs, afterParentsMs), randomInt(2, 1_000_000_000));
  const { bytes, contentHash, vaultId, machine } = vault;
  const fileHash = versions.hashOf(bytes);
  await putFile(history, toHistoryFile(name), bytes);
  const back = await readFile(place, [...historyParts(place), toHistoryFile(name)]);
  if (back === null || versions.hashOf(back) !== fileHash)
    throw failWith('sync-copy-damaged', { remote: place.path, name });
  const note: versions.VersionNote = {
    version: 1,
    contentHash,
    vaultId,
    machine,
    timeMs,
    parents: [...parents],
    sizeBytes: bytes.length,
    fileHash,
    isVersion,
  };
  await putFile(history, versions.toNoteFile(name), Buffer.from(`${JSON.stringify(note)}\n`));
  return name;
}

/** A head is never removed, whatever the list says. */
async function remove(held: Held, names: readonly string[]): Promise<void> {
  const known = await all(held);
  const heads = new Set(versions.headsOf(known).map(({ name }) => name));
  for (const name of names) {
    if (heads.has(name) || !known.some((version) => version.name === name)) continue;
    await unlink(held.history.pathOf(toHistoryFile(name)));
    await unlink(held.history.pathOf(versions.toNoteFile(name)));
  }
}
