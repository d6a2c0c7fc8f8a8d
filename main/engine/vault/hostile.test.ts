import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import { readContainerTar } from './archive.ts';
import { seal } from './cipher.ts';
import { deriveKey, newSalt, type VaultKey } from './key.ts';
import { openVaultStore, type VaultStore } from './store.ts';

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

type Entry = Partial<Header> & { readonly name: string; readonly body?: string };

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { body = '', ...header } of entries) tar.entry(header, body);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Changes the bytes of a tar's first header and mends its checksum. */
function patched(tar: Buffer, at: number, bytes: string): Buffer {
  const copy = Buffer.from(tar);
  copy.write(bytes, at, 'latin1');
  copy.fill(' ', 148, 156);
  const sum = copy.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  copy.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return copy;
}

const plain = { name: 'good', body: 'fine' };
const link = (name: string, linkname: string): Entry => ({ name, type: 'symlink', linkname });
const pax = (name: string, records: Readonly<Record<string, string>>): Entry => ({ name, body: 'x', pax: records });
const zeros = (size: number): Buffer => Buffer.alloc(size);

/** Name, entries, and what the refusal says. */
const byEntries: readonly (readonly [what: string, entries: readonly Entry[], reason: string])[] = [
  ['a traversal', [{ name: '../evil', body: 'x' }], '".."'],
  ['a traversal in the middle', [{ name: 'a/../../evil', body: 'x' }], '".."'],
  ['a traversal that comes back', [{ name: 'a/../b', body: 'x' }], '".."'],
  ['an absolute name', [{ name: '/etc/passwd', body: 'x' }], 'absolute'],
  ['an absolute symlink', [link('l', '/etc/passwd')], 'leads out'],
  ['an outward symlink', [link('a/l', '../../x')], 'leads out'],
  ['an empty symlink', [link('l', '')], 'leads out'],
  ['symlinks that lead out together', [link('d/up', '..'), link('m', 'd/up/../..')], 'leads out'],
  ['a loop of symlinks', [link('a', 'b'), link('b', 'a')], 'leads out'],
  [
    'a file below a symlink',
    [link('a', 'b'), { name: 'b', type: 'directory' }, { name: 'a/x', body: 'x' }],
    'not a folder',
  ],
  ['a file below a file', [plain, { name: 'good/x', body: 'x' }], 'not a folder'],
  ['a hard link', [plain, { name: 'h', type: 'link', linkname: 'good' }], 'hard link'],
  ['a hard link to outside', [{ name: 'h', type: 'link', linkname: '/etc/shadow' }], 'hard link'],
  ['a character device', [{ name: 'n', type: 'character-device', devmajor: 1, devminor: 3 }], 'device'],
  ['a block device', [{ name: 'n', type: 'block-device' }], 'device'],
  ['a FIFO', [{ name: 'f', type: 'fifo' }], 'FIFO'],
  ['a contiguous file', [{ name: 'f', type: 'contiguous-file' }], 'not allowed'],
  ['a NUL in a name', [pax('n', { path: 'a\0b' })], 'NUL'],
  ['a traversal in a PAX name', [pax('n', { path: '../../evil' })], '".."'],
  ['a sparse file', [pax('n', { 'GNU.sparse.major': '1' })], 'sparse'],
  ['a name twice', [plain, plain], 'twice'],
  ['a name twice, written otherwise', [plain, { name: './/good', body: 'x' }], 'twice'],
  ['case twins', [plain, { name: 'GOOD', body: 'x' }], 'only by case'],
  [
    'case twins among folders',
    [
      { name: 'a/x', body: 'x' },
      { name: 'A/y', body: 'x' },
    ],
    'only by case',
  ],
  [
    'twins of composition',
    [
      { name: 'caf\u00e9', body: 'x' },
      { name: 'cafe\u0301', body: 'x' },
    ],
    'only by case',
  ],
  ['a member under .tazpod', [{ name: '.tazpod/config.yaml', body: 'x' }], '.tazpod'],
  ['a member under .TazPod', [{ name: './.TazPod/config.yaml', body: 'x' }], '.tazpod'],
  ['a name too long', [{ name: 'n'.repeat(256), body: 'x' }], 'too long'],
  ['a path too long', [{ name: `${'n'.repeat(200)}/`.repeat(20) + 'x'.repeat(90), body: 'x' }], 'too long'],
  ['the root as a symlink', [link('.', 'a')], 'own folder'],
];

/** Tars that no packer makes. */
const byBytes: readonly (readonly [what: string, tar: () => Promise<Buffer>, reason: string])[] = [
  ['no tar at all', async () => Buffer.from('x'.repeat(2048)), ''],
  ['nothing', async () => Buffer.alloc(0), 'cut off'],
  ['an unknown type', async () => patched(await tarOf([plain]), 156, 'Z'), 'not allowed'],
  ['a size that is no number', async () => patched(await tarOf([plain]), 124, 'zzzzzzzzzzz'), 'damaged'],
  ['a header with a wrong sum', async () => Buffer.from(await tarOf([plain])).fill(7, 0, 1), 'damaged'],
  ['a size beyond 64 MiB', async () => patched(await tarOf([plain]), 124, '77777777777'), '64 MiB'],
  ['a name that is not UTF-8', async () => patched(await tarOf([plain]), 0, '\xff\xfe'), 'UTF-8'],
  ['no end marker', async () => (await tarOf([plain])).subarray(0, 1024), 'cut off'],
  ['half a block', async () => (await tarOf([plain])).subarray(0, 700), 'cut off'],
  ['a bomb of zeros', async () => zeros(120 * 1024 * 1024), 'too large'],
  [
    'a bomb of members',
    async () => tarOf(Array.from({ length: 10_001 }, (_, i) => ({ name: `f${i}` }))),
    '10000 members',
  ],
  [
    'small files that fill more than 64 MiB of pages',
    async () => tarOf(Array.from({ length: 8500 }, (_, i) => ({ name: `f${i}`, body: 'x'.repeat(4097) }))),
    '64 MiB',
  ],
];

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

test.each(byEntries)('%s is refused', async (_what, entries, reason) => {
  const refusal = await refusalOf(gzipSync(await tarOf(entries)));
  expect(refusal.code).toBe('vault-archive-refused');
  expect(refusal.text).toContain(reason);
});

test.each(byBytes)('%s is refused', async (_what, tar, reason) => {
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

test('a vault cut off at any length is refused, and so is one with any of 1,000 bits flipped', async () => {
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
});

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
