import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import { readContainerTar } from './archive.ts';
import { seal } from './cipher.ts';
import { deriveKey, newSalt, type VaultKey } from './key.ts';
import { openVaultStore, type VaultStore } from './store.ts';
import { hostileEntries, hostileTars, link, plain, tarOf, type Entry } from './testing/hostile-archives.ts';

/** Vaults whose passphrase is right and whose content is not: refused as a whole, nothing written, the file untouched. */

let key: VaultKey;
let folder = '';
let store: VaultStore;
const file = () => path.join(folder, '.tazpod', 'vault', 'vault.tar.aes');

beforeAll(async () => {
  key = await deriveKey(Buffer.from('a long passphrase'), newSalt());
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-hostile-')));
  await mkdir(path.dirname(file()), { recursive: true });
  store = await openVaultStore(folder, { nowMs: () => 0 });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const refusalOf = async (packed: Uint8Array): Promise<{ readonly code: string; readonly text: string }> => {
  await writeFile(file(), await seal(key, [packed]));
  const before = await readFile(file());
  const failure = await store.read(key).then(
    () => null,
    (error: unknown) => failureOf(error),
  );
  expect(await readFile(file())).toEqual(before);
  expect(await readdir(path.dirname(file()))).toEqual(['vault.tar.aes']);
  return { code: failure?.code ?? 'opened', text: failure?.message ?? '' };
};

test.each(hostileEntries)('%s is refused', async (_what, entries, reason) => {
  const refusal = await refusalOf(gzipSync(await tarOf(entries)));
  expect(refusal.code).toBe('vault-archive-refused');
  expect(refusal.text).toContain(reason);
});

test.each(hostileTars)('%s is refused', async (_what, tar, reason) => {
  const refusal = await refusalOf(gzipSync(await tar(), { level: 1 }));
  expect(refusal.code).toBe('vault-archive-refused');
  expect(refusal.text).toContain(reason);
});

test('a tar without gzip, and a gzip that is cut off at any length, are refused', async () => {
  const tar = await tarOf([plain]);
  expect((await refusalOf(tar)).code).toBe('vault-archive-refused');
  const packed = gzipSync(tar);
  for (let length = 0; length < packed.length; length += 1) {
    expect((await refusalOf(packed.subarray(0, length))).code, `length ${length}`).toBe('vault-archive-refused');
  }
});

test('set-user-id, set-group-id and sticky bits are stripped; a link that stays inside is kept', async () => {
  const entries: Entry[] = [{ ...plain, mode: 0o7755 }, link('d/l', '../good'), { name: '.vault_pass', body: 'x' }];
  await writeFile(file(), await seal(key, [gzipSync(await tarOf(entries))]));
  const { members } = (await store.read(key)).archive;
  expect(members.map(({ path: at, type, mode }) => [at, type, mode])).toEqual([
    ['d', 'directory', 0o700],
    ['d/l', 'symlink', 0o777],
    ['good', 'file', 0o755],
  ]);
});

test(
  'a vault cut off at any length is refused, and so is one with any of 1,000 bits flipped',
  { timeout: 60_000 },
  async () => {
    const whole = Buffer.from(await seal(key, [gzipSync(await tarOf([plain]))]));
    const codeOf = async (bytes: Uint8Array): Promise<string> => {
      await writeFile(file(), bytes);
      const code = await store.read(key).then(
        () => 'opened',
        (error: unknown) => failureOf(error).code,
      );
      expect(await readFile(file())).toEqual(Buffer.from(bytes));
      return code;
    };
    expect(await codeOf(whole)).toBe('opened');
    for (let length = 0; length < whole.length; length += 1) {
      expect(await codeOf(whole.subarray(0, length)), `length ${length}`).toBe('vault-unreadable');
    }
    // The salt goes into the key, which a flipped salt changes: that one is proven below.
    const bits = (whole.length - 32) * 8;
    for (let n = 0; n < 1000; n += 1) {
      const bit = 32 * 8 + Math.floor((n * bits) / 1000);
      const flipped = Buffer.from(whole);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(await codeOf(flipped), `bit ${bit}`).toBe('vault-unreadable');
    }
    const flippedSalt = Buffer.from(whole);
    flippedSalt[5] = (flippedSalt[5] ?? 0) ^ 1;
    const salted = await deriveKey(Buffer.from('a long passphrase'), flippedSalt.subarray(0, 32));
    await writeFile(file(), flippedSalt);
    await expect(store.read(salted)).rejects.toMatchObject({ failure: { code: 'vault-unreadable' } });
  },
);

test("a container's tar: what can't be kept is left out and named, a hard link becomes a file", async () => {
  const tar = await tarOf([
    { name: './', type: 'directory' },
    plain,
    { name: 'again', type: 'link', linkname: 'good' },
    { name: 'pipe', type: 'fifo' },
    link('out', '/workspace'),
  ]);
  async function* chunks() {
    yield tar;
  }
  const archive = await readContainerTar(chunks(), folder);
  expect(archive.members.map(({ path: at, bytes }) => [at, Buffer.from(bytes).toString()])).toEqual([
    ['again', 'fine'],
    ['good', 'fine'],
  ]);
  expect(archive.skipped).toEqual([
    { path: 'pipe', reason: "a FIFO can't be kept" },
    { path: 'out', reason: 'a symbolic link leads out of the vault' },
  ]);
});

test("a container's tar that is cut off at any length is no archive", async () => {
  const tar = await tarOf([plain, { name: 'second', body: 'x'.repeat(700) }]);
  for (let length = 0; length < tar.length; length += 1) {
    async function* chunks() {
      yield tar.subarray(0, length);
    }
    const code = await readContainerTar(chunks(), folder).then(
      () => 'taken',
      (error: unknown) => failureOf(error).code,
    );
    expect(code, `length ${length}`).toBe('vault-pack-failed');
  }
});
