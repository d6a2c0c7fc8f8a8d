/**
 * Keeps passphrases in this device's key store, one per project. The host that has a desktop brings a real one; what it
 * writes to disk opens only with that key store.
 */
export interface PassphraseKeeper {
  /** Why none can be kept here, as the end of a sentence; null where they can. */
  refusal(): Promise<string | null>;
  has(projectId: string): Promise<boolean>;
  /** UTF-8 bytes, which the caller wipes; null where none is kept or the key store no longer opens it. */
  load(projectId: string): Promise<Uint8Array | null>;
  /** @throws where the key store or the disk refuses */
  keep(projectId: string, passphrase: Uint8Array): Promise<void>;
  /** Nothing kept: nothing done. */
  forget(projectId: string): Promise<void>;
}

/** Where there is no desktop, whose key store it is. */
export const noPassphraseKeeper: PassphraseKeeper = {
  refusal: () => Promise.resolve('only the app reaches the key store of this desktop, and it is not running'),
  has: () => Promise.resolve(false),
  load: () => Promise.resolve(null),
  keep: () => Promise.reject(new Error('there is no key store here')),
  forget: () => Promise.resolve(),
};
