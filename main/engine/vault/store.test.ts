import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import { hasPython, pythonMember, runPythonVault, whyNoPython } from '../testing/python-vault.ts';
import type { Archive } from './archive.ts';
import { deriveKey, newSalt, type VaultKey } from './key.ts';
import { openVaultStore, type VaultStore } from './store.ts';
import { archiveOf } from './testing/archive-of.ts';

const nowMs = () => Date.UTC(2026, 0, 31, 12);
const passphrase = Buffer.from('a long passphrase');
let key: VaultKey;
let folder = '';
let store: VaultStore;

beforeAll(async () => {
  key = await deriveKey(passphrase, newSalt());
});

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-store-')));
  await mkdir(path.join(folder, '.tazpod'));
  store = await openVaultStore(folder, { nowMs });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const inVault = (...parts: string[]): string => path.join(folder, '.tazpod', 'vault', ...parts);
const file = () => inVault('vault.tar.aes');
const names = async () => (await readdir(inVault())).toSorted();
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => failureOf(error).code,
  );

const textsOf = (archive: Archive) =>
  Object.fromEntries(
    archive.members.filter(({ type }) => type === 'file').map((m) => [m.path, Buffer.from(m.bytes).toString()]),
  );

test('a vault that was made opens with its passphrase, and says what it is without it', async () => {
  expect(await store.look()).toEqual({ status: 'absent' });
  const made = await store.create(key, await archiveOf({ 'a/b': 'one', c: 'two' }));
  expect(await names()).toEqual(['id', 'last-content.hash', 'vault.tar.aes']);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  const state = await store.look();
  expect(state).toMatchObject({
    status: 'present',
    salt: key.salt,
    fingerprint: made.version.fingerprint,
    contentHash: made.version.contentHash,
    vaultId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  const again = await deriveKey(passphrase, key.salt);
  const { archive, version } = await store.read(again);
  expect(textsOf(archive)).toEqual({ 'a/b': 'one', c: 'two' });
  expect(version).toEqual(made.version);
});

test('a second vault is not made over the first', async () => {
  const archive = await archiveOf({ a: 'one' });
  await store.create(key, archive);
  const before = await readFile(file());
  expect(await codeOf(store.create(key, archive))).toBe('vault-exists');
  expect(await readFile(file())).toEqual(before);
  expect(await names()).toEqual(['id', 'last-content.hash', 'vault.tar.aes']);
});

test('another passphrase and a damaged file read the same', async () => {
  await store.create(key, await archiveOf({ a: 'one' }));
  const other = await deriveKey(Buffer.from('another'), key.salt);
  expect(await codeOf(store.read(other))).toBe('vault-unreadable');
  await appendFile(file(), 'x');
  expect(await codeOf(store.read(key))).toBe('vault-unreadable');
});

test('an unchanged vault is not written at all', async () => {
  const { version } = await store.create(key, await archiveOf({ a: 'one' }));
  const before = await Promise.all((await names()).map((name) => stat(inVault(name), { bigint: true })));
  const folderBefore = await stat(inVault(), { bigint: true });
  const save = await store.save({ key, archive: await archiveOf({ a: 'one' }), base: version, allowShrink: false });
  expect(save).toMatchObject({ status: 'unchanged', version });
  const after = await Promise.all((await names()).map((name) => stat(inVault(name), { bigint: true })));
  expect(after.map(({ ino, mtimeNs, ctimeNs }) => [ino, mtimeNs, ctimeNs])).toEqual(
    before.map(({ ino, mtimeNs, ctimeNs }) => [ino, mtimeNs, ctimeNs]),
  );
  expect((await stat(inVault(), { bigint: true })).ctimeNs).toBe(folderBefore.ctimeNs);
});

test('a changed mode is a change, and a new key writes the same content anew', async () => {
  const { version } = await store.create(key, await archiveOf({ a: 'one' }));
  const second = await store.save({
    key,
    archive: await archiveOf({ a: 'one' }, 0o644),
    base: version,
    allowShrink: false,
  });
  expect(second.status).toBe('saved');
  const otherKey = await deriveKey(Buffer.from('another'), newSalt());
  const archive = await archiveOf({ a: 'one' }, 0o644);
  const third = await store.save({ key: otherKey, archive, base: second.version, allowShrink: false });
  expect(third.status).toBe('saved');
  expect(await codeOf(store.read(key))).toBe('vault-unreadable');
  expect(textsOf((await store.read(otherKey)).archive)).toEqual({ a: 'one' });
});

test('what someone else wrote meanwhile is kept beside ours, also where ours did not change', async () => {
  const { version } = await store.create(key, await archiveOf({ a: 'one' }));
  const theirs = Buffer.from('written by another tool');
  await writeFile(file(), theirs);
  const save = await store.save({ key, archive: await archiveOf({ a: 'one' }), base: version, allowShrink: false });
  expect(save).toMatchObject({ status: 'saved', conflictCopies: ['vault-conflict-20260131T120000.tar.aes'] });
  expect(await readFile(inVault('vault-conflict-20260131T120000.tar.aes'))).toEqual(theirs);
  await writeFile(file(), 'once more');
  const again = await store.save({
    key,
    archive: await archiveOf({ a: 'two' }),
    base: save.version,
    allowShrink: false,
  });
  expect(again.conflictCopies).toEqual(['vault-conflict-20260131T120000-2.tar.aes']);
  expect(await store.copies()).toHaveLength(2);
  expect(textsOf((await store.read(key)).archive)).toEqual({ a: 'two' });
});

test('a vault that vanished is written again', async () => {
  const { version } = await store.create(key, await archiveOf({ a: 'one' }));
  await rm(inVault(), { recursive: true });
  const save = await store.save({ key, archive: await archiveOf({ a: 'one' }), base: version, allowShrink: false });
  expect(save).toMatchObject({ status: 'saved', conflictCopies: [] });
  expect(textsOf((await store.read(key)).archive)).toEqual({ a: 'one' });
});

test('an emptied or halved vault needs a yes', async () => {
  const { version } = await store.create(key, await archiveOf({ a: 'x'.repeat(100) }));
  for (const archive of [await archiveOf({}), await archiveOf({ a: 'x'.repeat(49) })]) {
    expect(await codeOf(store.save({ key, archive, base: version, allowShrink: false }))).toBe('vault-shrunk');
    expect(await store.look()).toMatchObject({ fingerprint: version.fingerprint });
  }
  const save = await store.save({ key, archive: await archiveOf({}), base: version, allowShrink: true });
  expect(save.status).toBe('saved');
});

test('a symlink in place of the file or of its folder is refused, and what it points to stays', async () => {
  const { version } = await store.create(key, await archiveOf({ a: 'one' }));
  await writeFile(path.join(folder, 'outside'), 'precious');
  await rm(file());
  await symlink(path.join(folder, 'outside'), file());
  const archive = await archiveOf({ a: 'two' });
  expect(await codeOf(store.read(key))).toBe('config-symlink');
  expect(await codeOf(store.save({ key, archive, base: version, allowShrink: false }))).toBe('config-symlink');
  await rename(inVault(), path.join(folder, 'elsewhere'));
  await symlink(path.join(folder, 'elsewhere'), inVault());
  expect(await codeOf(store.save({ key, archive, base: version, allowShrink: false }))).toBe('config-symlink');
  expect(await readFile(path.join(folder, 'outside'), 'utf8')).toBe('precious');
  expect(await readdir(path.join(folder, 'elsewhere'))).not.toContain(expect.stringContaining('.tmp'));
});

test("the next opening removes a killed writer's file and no other", async () => {
  await store.create(key, await archiveOf({ a: 'one' }));
  await writeFile(inVault('vault.tar.aes.0123456789ab.tmp'), 'half');
  await writeFile(inVault('vault.tar.aes.backup.tmp'), 'mine');
  await openVaultStore(folder, { nowMs });
  expect(await names()).toEqual(['id', 'last-content.hash', 'vault.tar.aes', 'vault.tar.aes.backup.tmp']);
});

test('two writers with the same base: one is the vault, the other a conflict copy', async () => {
  const { version } = await store.create(key, await archiveOf({ a: 'base' }));
  const other = await openVaultStore(folder, { nowMs });
  const saves = await Promise.all([
    store.save({ key, archive: await archiveOf({ a: 'first' }), base: version, allowShrink: false }),
    other.save({ key, archive: await archiveOf({ a: 'second' }), base: version, allowShrink: false }),
  ]);
  expect(saves.flatMap(({ conflictCopies }) => conflictCopies)).toHaveLength(1);
  const fingerprints = saves.map((save) => save.version.fingerprint);
  const state = await store.look();
  expect(fingerprints).toContain(state.status === 'present' ? state.fingerprint : '');
});

test('a fetched file takes the place of ours, which is kept as asked', async () => {
  const { version } = await store.create(key, await archiveOf({ a: 'old' }));
  const bytes = await readFile(file());
  const next = await store.save({ key, archive: await archiveOf({ a: 'new' }), base: version, allowShrink: false });
  const vaultId = 'f'.repeat(32);
  const { contentHash } = version;
  const request = { bytes, contentHash, vaultId, expected: next.version.fingerprint, keepCurrent: true, key };
  expect(await store.replace(request)).toMatchObject({ copies: ['vault-replaced-20260131T120000.tar.aes'] });
  expect(await store.look()).toMatchObject({ fingerprint: version.fingerprint, contentHash, vaultId });
  expect(textsOf((await store.read(key)).archive)).toEqual({ a: 'old' });
  const damaged = { ...request, bytes: Buffer.from(bytes).fill(0, 60, 61), expected: version.fingerprint };
  expect(await codeOf(store.replace({ ...damaged, bytes: Buffer.concat([bytes, Buffer.alloc(1)]) }))).toBe(
    'vault-unreadable',
  );
  expect(await store.look()).toMatchObject({ fingerprint: version.fingerprint });
});

test('any files come back with the same bytes and modes', { timeout: 60_000 }, async () => {
  const name = fc.stringMatching(/^[a-z0-9é ]{1,12}$/).filter((text) => text.trim() === text);
  const tree = fc.dictionary(name, fc.uint8Array({ maxLength: 5000 }), { maxKeys: 8 });
  await fc.assert(
    fc.asyncProperty(tree, fc.integer({ min: 0, max: 0o777 }), async (contents, mode) => {
      await rm(inVault(), { recursive: true, force: true });
      const archive = await archiveOf(contents, mode);
      await store.create(key, archive);
      const back = (await store.read(key)).archive;
      expect(back.members).toEqual(archive.members);
      expect(back.members.every((member) => member.mode === mode)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

const runPython = (way: 'open' | 'make') => runPythonVault(way, file(), passphrase.toString());

test.skipIf(!hasPython)(`a program in Python opens our vault${whyNoPython}`, async () => {
  await store.create(key, await archiveOf({ 'a/é': 'one', [`long/${'x'.repeat(150)}`]: 'two' }));
  expect(runPython('open').trim().split('\n')).toEqual([
    'a 0o700 -',
    'a/é 0o600 one',
    'long 0o700 -',
    `long/${'x'.repeat(150)} 0o600 two`,
  ]);
});

test.skipIf(!hasPython)(`we open a vault that a program in Python made${whyNoPython}`, async () => {
  await mkdir(inVault());
  runPython('make');
  const state = await store.look();
  if (state.status !== 'present' || state.salt === null) throw new Error('no vault');
  expect(state.vaultId).toBeNull();
  const theirs = await deriveKey(passphrase, state.salt);
  const { archive } = await store.read(theirs);
  expect(textsOf(archive)).toEqual({ [pythonMember.path]: pythonMember.text });
  expect(archive.members.map(({ mode }) => mode)).toEqual([0o700, 0o640]);
});
