import { failWith, failureOf, TazpodError } from '../failure.ts';
import type { Failure } from '../../../preload/contract/errors.ts';
import type { ProjectFolder } from '../project/safe-path.ts';
import { hashBytes } from './content-hash.ts';
import { newVaultId, readVaultId, writeSidecar, writeVaultId } from './small-files.ts';
import * as files from './vault-folder.ts';
import { vaultFileName, type CopyKind } from './vault-names.ts';
import { inStep } from './write-failure.ts';

/** A vault file on its way to the disk. */
export interface NewVaultFile {
  readonly folder: string;
  readonly inner: ProjectFolder;
  readonly bytes: Uint8Array;
  /** null where it is not known: then `last-content.hash` goes on speaking of another file. */
  readonly contentHash: string | null;
  /** Throws where what the disk gives back is not what was meant. */
  readonly prove: (readBack: Uint8Array) => Promise<void>;
  /** SHA-256 of the file that may be replaced without a copy; null where none may be there. */
  readonly expected: string | null;
  /** What becomes of a file with another fingerprint: kept as a copy of this kind. `refuse` throws `vault-exists`. */
  readonly others: CopyKind | 'refuse';
  /** Also keep the expected one. */
  readonly keepExpected: boolean;
  /** Undefined: the one that is there, else a new one. */
  readonly vaultId: string | undefined;
  readonly nowMs: () => number;
}

/** What was written. */
export interface PutResult {
  readonly fingerprint: string;
  readonly identity: files.FileIdentity;
  /** Names of copies that were kept beside the vault, in the vault's folder. */
  readonly copies: readonly string[];
  /** Why `last-content.hash` could not be written; the vault itself is safe. */
  readonly sidecarFailure: Failure | null;
}

/** Someone who writes the file over and over would keep us for ever. */
const maxTries = 20;

/**
 * Writes a vault file in the one safe order: new file, flush, read back, rename, flush of the folder, sidecar. The caller
 * holds the folder's lock. Until the rename the old file is as it was; from then on the new one is there.
 * @throws TazpodError `disk-full`, `folder-not-writable`, `vault-write-failed`, `vault-folder-changed`, `vault-exists`
 */
export async function putVaultFile(file: NewVaultFile): Promise<PutResult> {
  const { folder, inner, bytes } = file;
  const temporary = await files.writeNewFile(folder, inner, vaultFileName, bytes, file.prove);
  let copies: readonly string[];
  try {
    await keepVaultId(file);
    copies = await putInPlace(file, temporary);
  } catch (error) {
    await files.removeTemporary(inner, temporary);
    throw error;
  }
  await files.flushFolder(folder, inner);
  await files.assertSameFolder(folder, inner);
  const fingerprint = await hashBytes(bytes);
  const { contentHash } = file;
  const sidecarFailure =
    contentHash === null ? null : await toFailure(writeSidecar(folder, inner, contentHash, fingerprint));
  const identity = await inStep(folder, 'flush the folder', () => files.identityOf(inner, vaultFileName));
  return { fingerprint, identity: identity ?? '', copies, sidecarFailure };
}

/** The id comes before the vault it names, so that no vault of ours is ever without one. */
async function keepVaultId({ folder, inner, vaultId, expected }: NewVaultFile): Promise<void> {
  const known = await inStep(folder, "read the vault's id", () => readVaultId(inner));
  const isNewVault = expected === null;
  const id = vaultId ?? (known === null || isNewVault ? newVaultId() : known);
  if (id !== known) await writeVaultId(folder, inner, id);
}

async function putInPlace(file: NewVaultFile, temporary: string): Promise<readonly string[]> {
  const { folder, inner, expected } = file;
  const copies: string[] = [];
  let kept: files.FileIdentity | null = null;
  for (let tries = 0; tries < maxTries; tries += 1) {
    const current = await inStep(folder, 'put the new file in place', () => files.readWhole(inner, vaultFileName));
    if (current !== null && current.identity !== kept) {
      const isExpected = (await hashBytes(current.bytes)) === expected;
      if (!isExpected && file.others === 'refuse') throw failWith('vault-exists', { folder });
      if (!isExpected || file.keepExpected) {
        const kind = isExpected || file.others === 'refuse' ? 'replaced' : file.others;
        const name = await files.keepCopy(folder, inner, vaultFileName, kind, file.nowMs());
        if (name !== null) copies.push(name);
        // A second name changes the identity; the next round finds it, and whether it is still the same file.
        kept = await files.identityOf(inner, name ?? vaultFileName);
        continue;
      }
    }
    const isInPlace = await inStep(folder, 'put the new file in place', async () =>
      files.renameOver(inner, temporary, vaultFileName, current?.identity ?? null),
    );
    if (isInPlace) return copies;
  }
  throw failWith('vault-folder-changed', { folder, reason: 'another program writes the vault all the time' });
}

async function toFailure(work: Promise<void>): Promise<Failure | null> {
  try {
    await work;
    return null;
  } catch (error) {
    if (error instanceof TazpodError || (error instanceof Error && 'syscall' in error)) return failureOf(error);
    throw error;
  }
}
