import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readArchive, wipeArchive, type Archive } from '../../main/engine/vault/archive.ts';
import { open } from '../../main/engine/vault/cipher.ts';
import { VaultKey } from '../../main/engine/vault/key.ts';
import { openVaultStore, type VaultStore, type VaultVersion } from '../../main/engine/vault/store.ts';
import { archiveOf } from '../../main/engine/vault/testing/archive-of.ts';
import { copyKindOf } from '../../main/engine/vault/vault-names.ts';

/** The member whose text says which save a vault comes from. */
const labelMember = 'label';

/** A key of no passphrase: deriving one for each process would take longer than all else. */
export function faultKey(): VaultKey {
  return new VaultKey(new Uint8Array(32).fill(7), new Uint8Array(32).fill(9));
}

/** An archive that says which save it is, with so many bytes that nothing compresses. */
export async function labelledArchive(label: string, sizeBytes: number): Promise<Archive> {
  return await archiveOf({ [labelMember]: label, noise: randomBytes(sizeBytes) });
}

/** Which save a vault file holds; null where it can't be opened or checked. */
export async function labelOf(file: Uint8Array, key = faultKey()): Promise<string | null> {
  const packed = await open(key, file);
  if (packed === null) return null;
  try {
    const archive = await readArchive(packed, '/faults');
    const label = archive.members.find((member) => member.path === labelMember);
    const text = label === undefined ? null : Buffer.from(label.bytes).toString();
    wipeArchive(archive);
    return text;
  } catch {
    // Authentic, but not what any save packs: as bad as unreadable.
    return null;
  }
}

/** A project with a vault. */
export interface FaultProject {
  readonly folder: string;
  readonly store: VaultStore;
  /** What the first save builds on; its label is `first`. */
  readonly version: VaultVersion;
}

export const vaultFolderOf = (folder: string): string => path.join(folder, '.tazpod', 'vault');
export const vaultFileOf = (folder: string): string => path.join(vaultFolderOf(folder), 'vault.tar.aes');

/** Makes a vault in an empty folder. */
export async function makeVault(folder: string, sizeBytes: number): Promise<FaultProject> {
  await mkdir(path.join(folder, '.tazpod'));
  const store = await openVaultStore(folder, { nowMs: Date.now });
  const { version } = await store.create(faultKey(), await labelledArchive('first', sizeBytes));
  return { folder, store, version };
}

/** Runs something in a folder of its own, and removes that folder. */
export async function inFolder<Result>(work: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-faults-')));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Which save stands in the vault's place; null where there is none that can be read. */
export async function currentLabel(folder: string): Promise<string | null> {
  return await labelOf(await readFile(vaultFileOf(folder)).catch(() => new Uint8Array()));
}

/** Labels of the vault and of every copy beside it, with null for each that can't be read. */
export async function allLabels(vaultFolder: string): Promise<readonly (string | null)[]> {
  const names = await readdir(vaultFolder);
  const wanted = names.filter((name) => name === 'vault.tar.aes' || copyKindOf(name) !== null);
  return await Promise.all(wanted.map(async (name) => await labelOf(await readFile(path.join(vaultFolder, name)))));
}
