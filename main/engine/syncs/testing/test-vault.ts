import { randomBytes } from 'node:crypto';
import { readContainerTar, type Archive, type ArchiveMember } from '../../vault/archive.ts';
import { VaultKey } from '../../vault/key.ts';
import type { VaultStore, VaultVersion } from '../../vault/store.ts';
import { writeTar } from '../../vault/tar-write.ts';

/** A key that many installations share, as people do who type the same passphrase and pulled the same file. */
export function newTestKey(): VaultKey {
  return new VaultKey(Uint8Array.from(randomBytes(32)), Uint8Array.from(randomBytes(32)));
}

/** A file of a vault. */
export function toMember(path: string, content: string): ArchiveMember {
  const bytes = Uint8Array.from(Buffer.from(content));
  return { path, type: 'file', mode: 0o600, mtimeSeconds: 5, bytes, target: '' };
}

/** The file that an unlocked vault with this content would be saved as. */
export async function archiveOf(content: string): Promise<Archive> {
  const member = toMember('note.txt', content);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield* writeTar([member], { uid: 1000, gid: 1000 });
  }
  return await readContainerTar(chunks(), '/project');
}

/** Saves a vault with this content, as an unlocked one would. */
export async function saveVault(vault: VaultStore, key: VaultKey, content: string): Promise<void> {
  const archive = await archiveOf(content);
  const state = await vault.look();
  if (state.status === 'absent') await vault.create(key, archive);
  else await vault.save({ key, archive, base: await versionOf(vault, key), allowShrink: true });
}

async function versionOf(vault: VaultStore, key: VaultKey): Promise<VaultVersion> {
  return (await vault.read(key)).version;
}

/** What a vault file holds; null where there is none. */
export async function readVault(vault: VaultStore, key: VaultKey): Promise<string | null> {
  if ((await vault.look()).status === 'absent') return null;
  const { archive } = await vault.read(key);
  return Buffer.from(archive.members[0]?.bytes ?? []).toString();
}
