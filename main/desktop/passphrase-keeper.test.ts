import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPassphraseKeeper, type KeeperOptions } from './passphrase-keeper.ts';

const projectId = '0123456789abcdef';
const passphrase = Buffer.from('a passphrase, with ü');

/** Stands for a key store: what it gives is not what it got. */
const storage = (backend: ReturnType<KeeperOptions['storage']['getSelectedStorageBackend']>, available = true) => ({
  isEncryptionAvailable: () => available,
  getSelectedStorageBackend: () => backend,
  encryptString: (text: string) => Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0x5a)),
  decryptString: (bytes: Buffer) => Buffer.from([...bytes].map((byte) => byte ^ 0x5a)).toString(),
});

async function keeperWith(options: Partial<KeeperOptions>) {
  const root = await mkdtemp(path.join(tmpdir(), 'tazpod-keeper-'));
  onTestFinished(async () => rm(root, { recursive: true }));
  const folder = path.join(root, 'kept');
  const common = { ready: Promise.resolve(), platform: 'linux', log: () => undefined } as const;
  return {
    folder,
    keeper: createPassphraseKeeper({ storage: storage('gnome_libsecret'), folder, ...common, ...options }),
  };
}

test('a passphrase is kept encrypted, for its owner only, and comes back until it is forgotten', async () => {
  const { keeper, folder } = await keeperWith({});
  expect([await keeper.refusal(), await keeper.has(projectId), await keeper.load(projectId)]).toEqual([
    null,
    false,
    null,
  ]);
  await keeper.keep(projectId, passphrase);
  expect(await keeper.has(projectId)).toBe(true);
  expect(Buffer.from((await keeper.load(projectId)) ?? [])).toEqual(passphrase);
  const file = path.join(folder, projectId);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).not.toContain(passphrase.toString());
  await keeper.forget(projectId);
  await keeper.forget(projectId);
  expect([await keeper.has(projectId), await readdir(folder)]).toEqual([false, []]);
});

test.each([
  ['plain text', storage('basic_text')],
  ['does not answer', storage('unknown')],
  ['does not answer', storage('kwallet5', false)],
])('is refused where it would be of no use: %s', async (reason, refusing) => {
  const { keeper, folder } = await keeperWith({ storage: refusing });
  expect(await keeper.refusal()).toContain(reason);
  await expect(keeper.keep(projectId, passphrase)).rejects.toThrow(reason);
  expect([await keeper.has(projectId), await keeper.load(projectId)]).toEqual([false, null]);
  await expect(readdir(folder)).rejects.toThrow('ENOENT');
});

test('what the key store no longer opens is as good as none, and is told to the log', async () => {
  const lines: string[] = [];
  const { keeper } = await keeperWith({
    log: (line) => lines.push(line),
    storage: {
      ...storage('gnome_libsecret'),
      decryptString: () => {
        throw new Error('another key');
      },
    },
  });
  await keeper.keep(projectId, passphrase);
  expect(await keeper.load(projectId)).toBeNull();
  expect(lines).toEqual(['the key store does not open what it kept: another key']);
});
