import { link, mkdir, mkdtemp, readFile, readlink, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import type { ProjectFolder } from '../project/safe-path.ts';
import { putVaultFile } from './put-file.ts';
import { assertSameFolder, openVaultFolder, writeNewFile } from './vault-folder.ts';
import { toTemporaryName } from './vault-names.ts';

let folder = '';
let inner: ProjectFolder;
const temporary = toTemporaryName('vault.tar.aes');
const planted = () => path.join(folder, '.tazpod', 'vault', temporary);
const outside = () => path.join(folder, 'outside');

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-vault-folder-')));
  await mkdir(path.join(folder, '.tazpod', 'vault'), { recursive: true });
  await writeFile(outside(), 'theirs');
  const opened = await openVaultFolder(folder);
  if (opened === null) throw new Error('no folder');
  inner = opened;
});

afterEach(async () => {
  await inner.close();
  await rm(folder, { recursive: true, force: true });
});

const write = async () =>
  await writeNewFile(folder, inner, 'vault.tar.aes', Buffer.from('ours'), async () => {}, temporary).then(
    () => 'written',
    (error: unknown) => failureOf(error).code,
  );

test('a new file is written under its temporary name', async () => {
  expect(await write()).toBe('written');
  expect(await readFile(planted(), 'utf8')).toBe('ours');
});

/** The container may guess a name, or see one made and be faster the next time. */
test.each([
  ['a symlink to a file', () => symlink(outside(), planted())],
  ['a symlink to nothing', () => symlink(path.join(folder, 'new'), planted())],
  ['a second name of a file', () => link(outside(), planted())],
  ['a file', () => writeFile(planted(), 'theirs')],
])('%s that stands under that name is not written through', async (what, plant) => {
  await plant();
  expect(await write()).toBe('vault-write-failed');
  expect(await readFile(outside(), 'utf8')).toBe('theirs');
  await expect(readFile(path.join(folder, 'new'))).rejects.toThrow('ENOENT');
  if (what.startsWith('a symlink')) expect(await readlink(planted())).toContain(folder);
  else expect(await readFile(planted(), 'utf8')).toBe('theirs');
});

const vaultFolder = () => path.join(folder, '.tazpod', 'vault');
const moveAway = async () => await rename(vaultFolder(), path.join(folder, '.tazpod', 'moved'));

test.each([
  ['the same one', async () => {}, 'same'],
  ['moved away', moveAway, 'vault-folder-changed'],
  ['replaced', async () => (await moveAway(), await mkdir(vaultFolder())), 'vault-folder-changed'],
  [
    'replaced by a link to it',
    async () => (await moveAway(), await symlink('moved', vaultFolder())),
    'vault-folder-changed',
  ],
  [
    'there again',
    async () => (await moveAway(), await rename(path.join(folder, '.tazpod', 'moved'), vaultFolder())),
    'same',
  ],
])('whether the path still leads to the folder that is held open: %s', async (_what, change, expected) => {
  await change();
  const found = await assertSameFolder(folder, inner).then(
    () => 'same',
    (error: unknown) => failureOf(error).code,
  );
  expect(found).toBe(expected);
});

test.skipIf(process.platform !== 'linux')(
  'a save whose folder is moved away under it is not told as done',
  async () => {
    const save = async (prove: () => Promise<void>) =>
      await putVaultFile({
        folder,
        inner,
        prove,
        bytes: Buffer.from('ours'),
        contentHash: null,
        nowMs: Date.now,
        expected: null,
        others: 'refuse',
        keepExpected: false,
        vaultId: undefined,
      }).then(
        () => 'saved',
        (error: unknown) => failureOf(error).code,
      );
    expect(await save(moveAway)).toBe('vault-folder-changed');
  },
);
