import { pack, type Header } from 'tar-stream';

/** Archives that a vault with the right passphrase may hold and that have to be refused as a whole. */

export type Entry = Partial<Header> & { readonly name: string; readonly body?: string };

/** A tar of these entries, as tar-stream packs it. */
export async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
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

/** A member that nothing is wrong with. */
export const plain = { name: 'good', body: 'fine' };
export const link = (name: string, linkname: string): Entry => ({ name, type: 'symlink', linkname });
const pax = (name: string, records: Readonly<Record<string, string>>): Entry => ({ name, body: 'x', pax: records });
const zeros = (size: number): Buffer => Buffer.alloc(size);

/** Archives of members that no vault may hold: what it is, its entries, and what the refusal says. */
export const hostileEntries: readonly (readonly [what: string, entries: readonly Entry[], reason: string])[] = [
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
export const hostileTars: readonly (readonly [what: string, tar: () => Promise<Buffer>, reason: string])[] = [
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
