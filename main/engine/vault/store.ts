import { readdir } from 'node:fs/promises';
import type { Failure } from '../../../preload/contract/errors.ts';
import { failWith } from '../failure.ts';
import type { ProjectFolder } from '../project/safe-path.ts';
import { packArchive, readArchive, type Archive } from './archive.ts';
import { open, saltOf, seal } from './cipher.ts';
import { hashBytes } from './content-hash.ts';
import { isLockShared, lockFolder } from './folder-lock.ts';
import type { VaultKey } from './key.ts';
import { isEqual, lengthOf, wipe } from './pace.ts';
import { putVaultFile, type PutResult } from './put-file.ts';
import { readSidecar, readVaultId } from './small-files.ts';
import * as files from './vault-folder.ts';
import { isTemporaryName, vaultFileName } from './vault-names.ts';
import { inStep, toReadFailure } from './write-failure.ts';
export type { ReadFile } from './vault-folder.ts';

/** What the disk has. */
export type VaultFileState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'present';
      /** 32 bytes for `deriveKey`; null where the file is too short to be a vault. */
      readonly salt: Uint8Array | null;
      /** SHA-256 of the file, 64 hex digits. */
      readonly fingerprint: string;
      readonly sizeBytes: number;
      readonly modifiedAtMs: number;
      /** As `last-content.hash` says; null where it is missing or speaks of another file. */
      readonly contentHash: string | null;
      /** 32 hex digits; null for a vault that another tool made and we never saved. */
      readonly vaultId: string | null;
    };

/** What a look at the folder tells without reading the vault. */
export interface VaultGlance {
  readonly file: { readonly sizeBytes: number; readonly modifiedAtMs: number } | null;
  /** Names of conflict and replaced copies in the vault's folder. */
  readonly copies: readonly string[];
}

/** The vault file as it was when we last read or wrote it: what a save builds on. */
export interface VaultVersion {
  readonly fingerprint: string;
  readonly identity: files.FileIdentity;
  readonly contentHash: string;
  /** Hex; a key with another salt is another passphrase, so the file is written anew. */
  readonly salt: string;
  readonly fileCount: number;
  readonly totalBytes: number;
}

/** What a save did. */
export interface SaveResult {
  /** `unchanged`: nothing was written at all. */
  readonly status: 'unchanged' | 'saved';
  /** What the next save builds on. */
  readonly version: VaultVersion;
  /** Files that someone else had put there, kept under these names in the vault's folder. */
  readonly conflictCopies: readonly string[];
  /** The vault is saved, but `last-content.hash` is not. */
  readonly sidecarFailure: Failure | null;
}

export interface SaveRequest {
  readonly key: VaultKey;
  /** Stays the caller's. */
  readonly archive: Archive;
  /** What `read` or the last save gave. */
  readonly base: VaultVersion;
  /** A person confirmed that it may be empty or far smaller than the last. */
  readonly allowShrink: boolean;
}

export interface ReplaceRequest {
  /** A whole vault file, fetched from a remote. */
  readonly bytes: Uint8Array;
  /** As its version there says; null where nobody told it. */
  readonly contentHash: string | null;
  readonly vaultId: string;
  /** Fingerprint of the file that it replaces; null where there is none. Another one is kept as a conflict copy. */
  readonly expected: string | null;
  /** Keep the file that it replaces, under a name with `replaced`. */
  readonly keepCurrent: boolean;
  /** Where the vault is unlocked: what the disk gives back must then open with it. */
  readonly key?: VaultKey;
}

/** A file of the vault's folder and its fingerprint. */
export interface ReadVault extends files.ReadFile {
  readonly fingerprint: string;
}

/**
 * A project's vault on the host's disk. Every access walks the path anew and refuses symlinks; writers of one folder
 * take turns. All may throw TazpodError `config-symlink`, `folder-not-found`, `folder-unreadable`.
 */
export interface VaultStore {
  /** Reads and hashes the file. */
  look(): Promise<VaultFileState>;
  /** Size, time and copies; reads no file. */
  glance(): Promise<VaultGlance>;
  /** The encrypted file, for a push; null where there is none. */
  readFile(): Promise<ReadVault | null>;
  /** @throws TazpodError `vault-missing`, `vault-unreadable`, `vault-archive-refused` */
  read(key: VaultKey): Promise<{ readonly archive: Archive; readonly version: VaultVersion }>;
  /** Makes the vault, with a new id. @throws TazpodError `vault-exists`, and as `save` */
  create(key: VaultKey, archive: Archive): Promise<SaveResult>;
  /**
   * Writes the archive if it differs from `base`, or if the file is no longer the one of `base`.
   * @throws TazpodError `vault-shrunk`, `disk-full`, `folder-not-writable`, `vault-write-failed`, `vault-folder-changed`
   */
  save(request: SaveRequest): Promise<SaveResult>;
  /** Puts a fetched file in place, in the same order as a save. @throws as `save` */
  replace(request: ReplaceRequest): Promise<PutResult>;
  /** Names of conflict and replaced copies in the vault's folder. */
  copies(): Promise<readonly string[]>;
}

/**
 * Opens the store of a project and removes what writers that were killed left behind. Makes nothing.
 * @param folder the project's canonical path
 */
export async function openVaultStore(folder: string, ports: { readonly nowMs: () => number }): Promise<VaultStore> {
  await removeLeftovers(folder);
  const store: Pick<VaultStore, 'readFile' | 'copies'> = {
    readFile: () => within(folder, null, readVault),
    copies: () => within(folder, [], files.listCopies),
  };
  return {
    ...store,
    look: () => within(folder, { status: 'absent' }, look),
    glance: () => within(folder, { file: null, copies: [] }, glance),
    read: async (key) => readWith(key, folder, await store.readFile()),
    create: (key, archive) => writeArchive(folder, ports, { key, archive, base: null }),
    save: async (request) => {
      const { archive, base, key } = request;
      assertNotShrunk(folder, request);
      const isSame = archive.contentHash === base.contentHash && toHex(key.salt) === base.salt;
      if (isSame && (await isStillThere(folder, base))) {
        return { status: 'unchanged', version: base, conflictCopies: [], sidecarFailure: null };
      }
      return await writeArchive(folder, ports, request);
    },
    replace: (request) => replaceFile(folder, ports, request),
  };
}

async function within<Result>(
  folder: string,
  absent: Result,
  work: (inner: ProjectFolder) => Promise<Result>,
): Promise<Result> {
  const inner = await files.openVaultFolder(folder);
  if (inner === null) return absent;
  try {
    return await work(inner);
  } catch (error) {
    throw toReadFailure(inner.shownPath, error);
  } finally {
    await inner.close();
  }
}

async function readVault(inner: ProjectFolder): Promise<ReadVault | null> {
  const file = await files.readWhole(inner, vaultFileName);
  return file === null ? null : { ...file, fingerprint: await hashBytes(file.bytes) };
}

async function look(inner: ProjectFolder): Promise<VaultFileState> {
  const file = await readVault(inner);
  if (file === null) return { status: 'absent' };
  return {
    status: 'present',
    salt: saltOf(file.bytes),
    fingerprint: file.fingerprint,
    sizeBytes: file.bytes.length,
    modifiedAtMs: file.modifiedAtMs,
    contentHash: await readSidecar(inner, file.fingerprint),
    vaultId: await readVaultId(inner),
  };
}

async function glance(inner: ProjectFolder): Promise<VaultGlance> {
  return { file: await files.factsOf(inner, vaultFileName), copies: await files.listCopies(inner) };
}

async function readWith(
  key: VaultKey,
  folder: string,
  file: ReadVault | null,
): Promise<{ readonly archive: Archive; readonly version: VaultVersion }> {
  if (file === null) throw failWith('vault-missing', { folder });
  const archive = await openArchive(key, folder, file.bytes);
  return { archive, version: toVersion(key, archive, file) };
}

async function openArchive(key: VaultKey, folder: string, file: Uint8Array): Promise<Archive> {
  const packed = await open(key, file);
  if (packed === null) throw failWith('vault-unreadable', { folder, triesLeft: null });
  try {
    return await readArchive(packed, folder);
  } finally {
    await wipe([packed]);
  }
}

/** In turns, since a save goes on in the background. */
async function wipeMembers({ members }: Archive): Promise<void> {
  await wipe(members.map(({ bytes }) => bytes));
}

function toVersion(
  key: VaultKey,
  archive: Archive,
  file: { readonly fingerprint: string; readonly identity: files.FileIdentity },
): VaultVersion {
  const { contentHash, fileCount, totalBytes } = archive;
  const { fingerprint, identity } = file;
  return { fingerprint, identity, contentHash, salt: toHex(key.salt), fileCount, totalBytes };
}

/** An emptied tmpfs, or one that was lost, must not replace what was saved. */
function assertNotShrunk(folder: string, { archive, base, allowShrink }: SaveRequest): void {
  const isEmptied = archive.fileCount === 0 && base.fileCount > 0;
  if (allowShrink || !(isEmptied || archive.totalBytes < base.totalBytes / 2)) return;
  throw failWith('vault-shrunk', {
    folder,
    filesBefore: base.fileCount,
    files: archive.fileCount,
    bytesBefore: base.totalBytes,
    bytes: archive.totalBytes,
  });
}

/** Whether the file is the one of `base`; reads it only where its times or links say that something happened. */
async function isStillThere(folder: string, base: VaultVersion): Promise<boolean> {
  return await within(folder, false, async (inner) => {
    if ((await files.identityOf(inner, vaultFileName)) === base.identity) return true;
    return (await readVault(inner))?.fingerprint === base.fingerprint;
  });
}

async function writeArchive(
  folder: string,
  ports: { readonly nowMs: () => number },
  { key, archive, base }: { readonly key: VaultKey; readonly archive: Archive; readonly base: VaultVersion | null },
): Promise<SaveResult> {
  const packed = await inStep(folder, 'pack the files', () => packArchive(archive));
  try {
    const bytes = await seal(key, packed);
    const prove = async (readBack: Uint8Array): Promise<void> => {
      if (!(await holds(key, readBack, packed))) throw new Error('it does not hold what was saved');
    };
    const put = await whileLocked(folder, (inner) =>
      putVaultFile({
        folder,
        inner,
        bytes,
        prove,
        nowMs: ports.nowMs,
        contentHash: archive.contentHash,
        expected: base?.fingerprint ?? null,
        others: base === null ? 'refuse' : 'conflict',
        keepExpected: false,
        vaultId: undefined,
      }),
    );
    const version = toVersion(key, archive, put);
    return { status: 'saved', version, conflictCopies: put.copies, sidecarFailure: put.sidecarFailure };
  } finally {
    await wipe(packed);
  }
}

/** Whether a vault file decrypts to exactly these bytes, which were proven to be the archive when they were packed. */
async function holds(key: VaultKey, file: Uint8Array, packed: readonly Uint8Array[]): Promise<boolean> {
  const plaintext = await open(key, file);
  if (plaintext === null || plaintext.length !== lengthOf(packed)) return false;
  try {
    let at = 0;
    for (const chunk of packed) {
      if (!(await isEqual(plaintext.subarray(at, at + chunk.length), chunk))) return false;
      at += chunk.length;
    }
    return true;
  } finally {
    await wipe([plaintext]);
  }
}

async function replaceFile(
  folder: string,
  ports: { readonly nowMs: () => number },
  { bytes, contentHash, vaultId, expected, keepCurrent, key }: ReplaceRequest,
): Promise<PutResult> {
  const prove = async (readBack: Uint8Array): Promise<void> => {
    if (!(await isEqual(readBack, bytes))) throw new Error('it does not hold what was fetched');
    if (key !== undefined) await wipeMembers(await openArchive(key, folder, readBack));
  };
  const common = { folder, bytes, contentHash, expected, vaultId, prove, nowMs: ports.nowMs };
  return await whileLocked(folder, (inner) =>
    putVaultFile({ ...common, inner, others: 'conflict', keepExpected: keepCurrent }),
  );
}

async function whileLocked<Result>(folder: string, work: (inner: ProjectFolder) => Promise<Result>): Promise<Result> {
  const inner = await files.makeVaultFolder(folder);
  try {
    const release = await lockFolder(await files.identityOfFolder(inner));
    if (release === null) throw failWith('vault-folder-changed', { folder, reason: 'another program is writing it' });
    try {
      return await work(inner);
    } finally {
      await release();
    }
  } finally {
    await inner.close();
  }
}

/** A file with a temporary name belongs to a writer that is gone: living ones hold the lock. */
async function removeLeftovers(folder: string): Promise<void> {
  await within(folder, undefined, async (inner) => {
    const isAnyLeft = (await readdir(inner.pathOf('.'))).some(isTemporaryName);
    if (!isAnyLeft || !isLockShared) return;
    await whileLocked(folder, async (held) => {
      const names = await readdir(held.pathOf('.'));
      for (const name of names) if (isTemporaryName(name)) await files.removeTemporary(held, name);
    });
  });
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
