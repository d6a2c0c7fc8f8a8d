import type { SafeStorage } from 'electron';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { hasCode, reasonOf } from '../engine/failure.ts';
import type { PassphraseKeeper } from '../engine/passphrase-keeper.ts';
import { writeFileAtomically } from '../engine/project/atomic-write.ts';

export interface KeeperOptions {
  readonly storage: Pick<
    SafeStorage,
    'isEncryptionAvailable' | 'getSelectedStorageBackend' | 'encryptString' | 'decryptString'
  >;
  /** Resolves when the app is ready: before that the key store can't be asked. */
  readonly ready: Promise<unknown>;
  readonly platform: NodeJS.Platform;
  /** Holds one small file per kept passphrase, encrypted by the key store. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

/** Passphrases in the desktop's key store (Keychain, DPAPI, libsecret, KWallet), through Electron's `safeStorage`. */
export function createPassphraseKeeper({ storage, ready, platform, folder, log }: KeeperOptions): PassphraseKeeper {
  const fileOf = (projectId: string): string => path.join(folder, projectId);
  const refusal = async (): Promise<string | null> => {
    await ready;
    // Asked only on Linux: elsewhere Electron has no such method.
    const backend = platform === 'linux' ? storage.getSelectedStorageBackend() : 'system';
    if (backend === 'basic_text') return 'this desktop has no key store, so it would be kept as plain text';
    if (backend === 'unknown' || !storage.isEncryptionAvailable())
      return 'the key store of this desktop does not answer';
    return null;
  };
  const read = async (projectId: string): Promise<Buffer | null> => {
    try {
      return await readFile(fileOf(projectId));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    }
  };
  return {
    refusal,
    has: async (projectId) => (await refusal()) === null && (await read(projectId)) !== null,
    load: async (projectId) => {
      if ((await refusal()) !== null) return null;
      const file = await read(projectId);
      if (file === null) return null;
      try {
        return Buffer.from(storage.decryptString(Buffer.from(file.toString('latin1'), 'base64')), 'utf8');
      } catch (error) {
        log(`the key store does not open what it kept: ${reasonOf(error)}`);
        return null;
      }
    },
    keep: async (projectId, passphrase) => {
      const reason = await refusal();
      if (reason !== null) throw new Error(reason);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const sealed = storage.encryptString(Buffer.from(passphrase).toString('utf8'));
      await writeFileAtomically(fileOf(projectId), sealed.toString('base64'));
    },
    forget: async (projectId) => rm(fileOf(projectId), { force: true }),
  };
}
