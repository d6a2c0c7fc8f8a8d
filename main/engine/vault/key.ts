import { pbkdf2, randomBytes } from 'node:crypto';
import { inspect, promisify } from 'node:util';

const derive = promisify(pbkdf2);

/** Key derivation of the file layout that the Go tool shares; none of these may change. */
export const saltBytes = 32;
const keyBytes = 32;
const iterations = 100_000;

const redacted = '[vault key]';

/**
 * The key of one vault, with the salt it was derived with. It lives in this process's memory only: it never turns into
 * text, JSON or a log line, and nothing of it is left after `wipe`.
 */
export class VaultKey {
  readonly #salt: Uint8Array;
  readonly #bytes: Uint8Array;
  #isWiped = false;

  /** Takes both buffers over; `wipe` overwrites `bytes`. */
  constructor(salt: Uint8Array, bytes: Uint8Array) {
    if (salt.length !== saltBytes || bytes.length !== keyBytes) throw new TypeError('a vault key has 32 and 32 bytes');
    this.#salt = salt;
    this.#bytes = bytes;
  }

  /** The 32 bytes that the file begins with. Not confidential; a copy. */
  get salt(): Uint8Array {
    return Uint8Array.from(this.#salt);
  }

  get isWiped(): boolean {
    return this.#isWiped;
  }

  /**
   * Lends the key's own 32 bytes for the time of the call. They must not be kept or copied.
   * @throws Error after `wipe`
   */
  use<Result>(work: (bytes: Uint8Array) => Result): Result {
    if (this.#isWiped) throw new Error('the vault key was wiped');
    return work(this.#bytes);
  }

  /** Overwrites the key. Harmless a second time. */
  wipe(): void {
    this.#bytes.fill(0);
    this.#isWiped = true;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}

/**
 * Derives the key: PBKDF2-HMAC-SHA256, 100,000 iterations, 32 bytes. Runs on the thread pool.
 * @param passphrase UTF-8 bytes as typed; stays the caller's, who wipes it
 * @param salt 32 bytes: the vault file's, or `newSalt()` for a new passphrase
 */
export async function deriveKey(passphrase: Uint8Array, salt: Uint8Array): Promise<VaultKey> {
  if (salt.length !== saltBytes) throw new TypeError('a salt has 32 bytes');
  const bytes = await derive(passphrase, salt, iterations, keyBytes, 'sha256');
  return new VaultKey(Uint8Array.from(salt), bytes);
}

/** A salt for a new passphrase. */
export function newSalt(): Uint8Array {
  return Uint8Array.from(randomBytes(saltBytes));
}

/**
 * The key as 64 bytes, salt first, for the one host process that takes over from another. The caller sends them over
 * the socket that only this user can open, and wipes them.
 */
export function toHandover(key: VaultKey): Uint8Array {
  return key.use((bytes) => Uint8Array.from([...key.salt, ...bytes]));
}

/** The other end of `toHandover`. Overwrites `handover`. */
export function fromHandover(handover: Uint8Array): VaultKey {
  if (handover.length !== saltBytes + keyBytes) throw new TypeError('a key on its way has 64 bytes');
  // Copies: the slice of a Buffer would share its memory, and be wiped with it.
  const copy = Uint8Array.from(handover);
  const key = new VaultKey(copy.slice(0, saltBytes), copy.slice(saltBytes));
  copy.fill(0);
  handover.fill(0);
  return key;
}
