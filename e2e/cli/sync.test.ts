import { mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { newTestKey, readVault, saveVault } from '../../main/engine/syncs/testing/test-vault.ts';
import { openVaultStore } from '../../main/engine/vault/store.ts';
import type { SyncHistory, SyncState } from '../../preload/contract/sync.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import type { CliEnd } from '../fixtures/cli-process.ts';
import { expectCode } from '../fixtures/expect-end.ts';

/** Two installations with one project each, and a folder that both push to. */
const key = newTestKey();
let root: string;
let place: string;
let one: Machine;
let two: Machine;

interface Machine {
  readonly profile: CliProfile;
  readonly folder: string;
  run(...words: readonly string[]): Promise<CliEnd>;
  save(content: string): Promise<void>;
  content(): Promise<string | null>;
  sync(): Promise<SyncState>;
}

async function openMachine(): Promise<Machine> {
  const profile = await openCliProfile();
  const folder = await profile.folder('acme');
  await mkdir(path.join(folder, '.tazpod'));
  const config = `image: ${baseImage}\ncontainer_name: acme\nsync: { remote: { type: folder, path: ${place} } }\n`;
  await writeFile(path.join(folder, '.tazpod/config.yaml'), config);
  const vault = await openVaultStore(folder, { nowMs: Date.now });
  return {
    profile,
    folder,
    run: async (word, ...rest) => await profile.run([word ?? '', ...rest, folder]),
    save: async (content) => await saveVault(vault, key, content),
    content: async () => await readVault(vault, key),
    sync: async () => JSON.parse((await profile.run(['sync', 'status', folder, '--json'])).stdout) as SyncState,
  };
}

beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-sync-e2e-')));
  place = path.join(root, 'place');
  await mkdir(place);
  [one, two] = [await openMachine(), await openMachine()];
});
afterAll(async () => {
  await one.profile.close();
  await two.profile.close();
  await rm(root, { recursive: true });
});

test('what nobody trusts is not pushed; what one pushed the other pulls', async () => {
  await one.save('one');
  const refused = await one.run('push');
  expectCode(refused, 3);
  expect(refused.stderr).toContain('not trusted');
  for (const machine of [one, two]) expectCode(await machine.run('trust', '--yes'), 0);
  const pushed = await one.run('push');
  expectCode(pushed, 0);
  expect(pushed.stdout).toMatch(/^Pushed the vault \(\d+ bytes\) to .*place\/tazpod\/projects\/acme\.\n$/u);
  expect(await one.sync()).toMatchObject({ question: null, failure: null, lastPushedAtMs: expect.any(Number) });

  expectCode(await two.run('push'), 3);
  expect((await two.run('sync')).stdout).toContain('"tazpod pull" takes it');
  expectCode(await two.run('pull'), 0);
  expect(await two.content()).toBe('one');
  expect((await two.run('pull')).stdout).toContain('is the same here and at');
});

test('a conflict is shown with both versions, and settled by either side; nothing is lost', async () => {
  await one.save('two');
  expectCode(await one.run('push'), 0);
  await two.save('three');
  const conflict = await two.run('push');
  expectCode(conflict, 3);
  expect(conflict.stderr).toContain('tazpod pull --theirs');
  const shown = (await two.run('sync')).stdout;
  expect(shown).toContain('! vault conflict');
  expect(shown).toMatch(/Here {4}20\d\d-.*\n {2}Remote {2}20\d\d-/u);
  expectCode(await two.run('pull'), 3);
  expect(await two.content()).toBe('three');
  expectCode(await two.run('pull', '--theirs'), 0);
  expect(await two.content()).toBe('two');

  await one.save('four');
  await two.save('five');
  expectCode(await one.run('push'), 0);
  expectCode(await two.run('push'), 3);
  expectCode(await two.run('push', '--mine'), 0);
  expectCode(await one.run('pull'), 0);
  expect(await one.content()).toBe('five');
});

test('every version that was ever there can be brought back', async () => {
  const list = await two.run('history', '--json');
  const history = JSON.parse(list.stdout) as SyncHistory;
  expect(history.count).toBe(history.versions.length);
  const found = new Set<string | null>();
  for (const { name } of history.versions) {
    const asked = await two.profile.run(['restore', name, two.folder]);
    expectCode(asked, 3);
    expect(asked.stderr).toContain('unlocked with the same passphrase');
    expectCode(await two.profile.run(['restore', name, two.folder, '--yes']), 0);
    found.add(await two.content());
  }
  expect(Array.from(found, String).toSorted()).toEqual(['five', 'four', 'one', 'three', 'two']);
  expectCode(await two.run('push'), 0);
  const unknown = await two.profile.run(['restore', 'vault-20010101T000000', two.folder, '--yes']);
  expectCode(unknown, 1);
  expect(unknown.stderr).toContain('has no version');
});

test('a locked project sends nothing, up or down, and says what is not pushed; a place that is away is told, and no other word fails for it', async () => {
  expectCode(await one.run('pull'), 0);
  expectCode(await one.run('up'), 0);
  await one.save('six');
  expectCode(await one.run('down'), 0);
  expect(await one.sync()).toMatchObject({ unpushed: true, nextRunAtMs: null });
  expect((await two.run('pull')).stdout).toContain('is the same here and at');
  expectCode(await one.run('push'), 0);
  expect(await one.sync()).toMatchObject({ unpushed: false });
  expectCode(await two.run('pull'), 0);
  expect(await two.content()).toBe('six');

  await rename(place, `${place}-away`);
  expectCode(await one.run('up'), 0);
  await one.save('seven');
  const failed = await one.run('push');
  expectCode(failed, 1);
  expect(failed.stderr).toContain('Mount its disk');
  expect((await one.run('status')).stdout).toMatch(/Sync +push failed/u);
  expectCode(await one.run('down'), 0);
  await rename(`${place}-away`, place);
  expectCode(await one.run('push'), 0);
  expectCode(await two.run('pull'), 0);
  expect(await two.content()).toBe('seven');
  const log = await readFile(path.join(one.profile.stateFolder, 'sync.log'), 'utf8');
  expect(log).toContain('sync-folder-missing');
});
