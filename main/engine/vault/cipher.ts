import { createCipheriv, createDecipheriv, randomBytes, type Decipheriv } from 'node:crypto';
import { saltBytes, type VaultKey } from './key.ts';
import { lengthOf, slicesOf, startPace } from './pace.ts';

/**
 * The vault file's layout, shared with the Go tool: 32 bytes salt, 12 bytes nonce, AES-256-GCM ciphertext, 16 bytes tag.
 */

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const headerBytes = saltBytes + nonceBytes;

/** Bytes of a vault file beyond its plaintext. */
export const overheadBytes = headerBytes + tagBytes;

/**
 * Encrypts with a fresh nonce.
 * @param plaintext chunks, in order
 * @returns the whole vault file
 */
export async function seal(key: VaultKey, plaintext: readonly Uint8Array[]): Promise<Uint8Array> {
  const file = new Uint8Array(lengthOf(plaintext) + overheadBytes);
  const nonce = randomBytes(nonceBytes);
  file.set(key.salt);
  file.set(nonce, saltBytes);
  const cipher = key.use((bytes) => createCipheriv(algorithm, bytes, nonce, { authTagLength: tagBytes }));
  const pace = startPace();
  let at = headerBytes;
  for (const chunk of plaintext) {
    for (const slice of slicesOf(chunk)) {
      file.set(cipher.update(slice), at);
      at += slice.length;
      await pace();
    }
  }
  cipher.final();
  file.set(cipher.getAuthTag(), at);
  return file;
}

/**
 * Decrypts. A wrong passphrase, a damaged and a truncated file are the same: nothing tells them apart.
 * @returns the plaintext, which the caller wipes; null where the tag does not fit, and then no byte of it was given out
 */
export async function open(key: VaultKey, file: Uint8Array): Promise<Uint8Array | null> {
  if (file.length < overheadBytes) return null;
  const tagAt = file.length - tagBytes;
  const plaintext = new Uint8Array(tagAt - headerBytes);
  const nonce = file.subarray(saltBytes, headerBytes);
  const decipher = key.use((bytes) => createDecipheriv(algorithm, bytes, nonce, { authTagLength: tagBytes }));
  decipher.setAuthTag(file.subarray(tagAt));
  const pace = startPace();
  let at = 0;
  for (const slice of slicesOf(file.subarray(headerBytes, tagAt))) {
    const part = decipher.update(slice);
    plaintext.set(part, at);
    part.fill(0);
    at += slice.length;
    await pace();
  }
  if (isAuthentic(decipher)) return plaintext;
  plaintext.fill(0);
  return null;
}

/** The salt that a vault file begins with; null where the file is too short to be one. */
export function saltOf(file: Uint8Array): Uint8Array | null {
  return file.length < overheadBytes ? null : file.slice(0, saltBytes);
}

function isAuthentic(decipher: Decipheriv): boolean {
  try {
    decipher.final();
    return true;
  } catch {
    // `final` has this one way to say that the tag does not fit.
    return false;
  }
}
