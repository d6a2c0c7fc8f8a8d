import { expect, test } from 'vitest';
import { deriveKey, fromHandover, newSalt, toHandover } from './key.ts';

const bytesOf = (key: Awaited<ReturnType<typeof deriveKey>>) => key.use((bytes) => Buffer.from(bytes).toString('hex'));

test('a key comes out of its handover as it went in, from a Buffer too, and the handover is wiped', async () => {
  const key = await deriveKey(Buffer.from('a passphrase'), newSalt());
  for (const handover of [toHandover(key), Buffer.from(toHandover(key))]) {
    const taken = fromHandover(handover);
    expect(bytesOf(taken)).toBe(bytesOf(key));
    expect(taken.salt).toEqual(key.salt);
    expect(handover.every((byte) => byte === 0)).toBe(true);
  }
});

test('a wiped key is of no use', async () => {
  const key = await deriveKey(Buffer.from('a passphrase'), newSalt());
  key.wipe();
  expect(() => bytesOf(key)).toThrow('wiped');
  expect(`${key.toString()} ${JSON.stringify(key)}`).not.toMatch(/[0-9a-f]{16}/u);
});
