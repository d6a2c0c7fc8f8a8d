import { createHash } from 'node:crypto';
import { failWith } from '../failure.ts';
import type { LocalVault } from '../sync/run.ts';
import type { LocalVersion, VaultFile } from '../sync/version.ts';
import type { ReadVault, VaultFileState, VaultStore } from '../vault/store.ts';

export interface LocalVaultOptions {
  /** The project's canonical path, for the words of failures. */
  readonly folder: string;
  readonly store: VaultStore;
  /** Host name, told to the remote with each version. */
  readonly machine: string;
  /** Runs work while the vault's files are nowhere but in its file. @throws TazpodError `vault-open` */
  readonly whileClosed: <Value>(work: () => Promise<Value>) => Promise<Value>;
}

/** The vault file of a project, as sync wants it. */
export interface LocalVaultFile extends LocalVault {
  /** When the file was last written, as of the last look; null where there was none. */
  modifiedAtMs(): number | null;
}

/** A writer who replaces the file over and over would keep us for ever. */
const maxTries = 20;

export function createLocalVault({ folder, store, machine, whileClosed }: LocalVaultOptions): LocalVaultFile {
  let seen: VaultFileState = { status: 'absent' };
  const look = async (): Promise<LocalVersion | null> => {
    seen = await store.look();
    return toLocalVersion(seen);
  };
  const readSame = async (): Promise<{ readonly file: ReadVault; readonly version: LocalVersion } | null> => {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const file = await store.readFile();
      const state = await store.look();
      const version = toLocalVersion(state);
      if (file === null || version === null) return null;
      if (state.status === 'present' && state.fingerprint === file.fingerprint) return { file, version };
    }
    throw failWith('vault-folder-changed', { folder, reason: 'another program writes the vault all the time' });
  };
  return {
    look,
    modifiedAtMs: () => (seen.status === 'present' ? seen.modifiedAtMs : null),
    read: async () => {
      const found = await readSame();
      if (found === null) return null;
      const { contentHash, vaultId } = found.version;
      return { bytes: found.file.bytes, contentHash, vaultId, machine };
    },
    replace: async (fetched, expected) =>
      await whileClosed(async () => {
        // What was looked at when the choice was made; another file that stands there by now is kept as a conflict copy.
        const fingerprint = expected === null || seen.status === 'absent' ? null : seen.fingerprint;
        await store.replace({
          bytes: fetched.bytes,
          contentHash: toPlainHash(fetched.contentHash),
          vaultId: fetched.vaultId ?? expected?.vaultId ?? toVaultId(fetched),
          expected: fingerprint,
          keepCurrent: true,
        });
        const now = await look();
        if (now === null) throw failWith('vault-folder-changed', { folder, reason: 'the new file was removed' });
        return now;
      }),
  };
}

function toLocalVersion(state: VaultFileState): LocalVersion | null {
  if (state.status === 'absent') return null;
  const { contentHash, fingerprint, vaultId, sizeBytes } = state;
  return { contentHash: contentHash ?? `file:${fingerprint}`, vaultId, sizeBytes };
}

/** A hash of the encrypted file says nothing of what it holds. */
function toPlainHash(contentHash: string | null): string | null {
  return contentHash === null || contentHash.startsWith('file:') ? null : contentHash;
}

/** The Go tool's vaults have no id. Two machines that pull the same one must not give it two. */
function toVaultId({ bytes }: VaultFile): string {
  return createHash('sha256').update('tazpod vault id').update(bytes).digest('hex').slice(0, 32);
}
