import { maxShownMembers, type VaultMember } from '../../../preload/contract/vault.ts';
import type { VersionPreview } from '../../../preload/contract/sync.ts';
import { failWith } from '../failure.ts';
import type { VaultFile } from '../sync/version.ts';
import { readArchive, wipeArchive } from '../vault/archive.ts';
import { open, saltOf } from '../vault/cipher.ts';
import { deriveKey, type VaultKey } from '../vault/key.ts';
import { isEqual, wipe } from '../vault/pace.ts';

export interface PreviewKeys {
  /** The unlocked vault's, which stays its owner's. */
  readonly held: VaultKey | null;
  readonly passphrase: string | undefined;
}

/**
 * Names and sizes of what a version holds. Nothing of it is written anywhere, and it is wiped.
 * @param folder the project's, for the words of failures
 * @throws TazpodError `passphrase-needed`, `vault-unreadable`, `vault-archive-refused`
 */
export async function previewVault(
  folder: string,
  name: string,
  { bytes, machine }: VaultFile,
  keys: PreviewKeys,
): Promise<VersionPreview> {
  const salt = saltOf(bytes);
  if (salt === null) throw failWith('vault-unreadable', { folder, triesLeft: null });
  if (keys.passphrase !== undefined) {
    const typed = Buffer.from(keys.passphrase, 'utf8');
    const key = await deriveKey(typed, salt);
    typed.fill(0);
    try {
      return { name, machine, ...(await listMembers(folder, bytes, key)) };
    } finally {
      key.wipe();
    }
  }
  // A salt stays for as long as a passphrase does: with another one this key opens nothing.
  const isSame = keys.held !== null && (await isEqual(keys.held.salt, salt));
  if (keys.held === null || !isSame) throw failWith('passphrase-needed', { folder });
  return { name, machine, ...(await listMembers(folder, bytes, keys.held)) };
}

type Listed = Pick<VersionPreview, 'memberCount' | 'usedBytes' | 'members'>;

async function listMembers(folder: string, bytes: Uint8Array, key: VaultKey): Promise<Listed> {
  const packed = await open(key, bytes);
  if (packed === null) throw failWith('vault-unreadable', { folder, triesLeft: null });
  try {
    const archive = await readArchive(packed, folder);
    const members: readonly VaultMember[] = archive.members
      .slice(0, maxShownMembers)
      .map(({ path, type, bytes: { length } }) => ({ path, kind: type, sizeBytes: length }));
    wipeArchive(archive);
    return { memberCount: archive.members.length, usedBytes: archive.totalBytes, members };
  } finally {
    await wipe([packed]);
  }
}
