import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { newTestKey, readVault, saveVault } from '../../main/engine/syncs/testing/test-vault.ts';
import { openVaultStore, type VaultStore } from '../../main/engine/vault/store.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { openTray, type TrayClient } from '../fixtures/tray.ts';
import { eventually } from '../fixtures/processes.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

/** The app with a folder remote, and a second installation that pushes to the same place. */
const key = newTestKey();
let desktop: TestDesktop;
let profile: CliProfile;
let other: CliProfile;
let place: string;
let folder: string;
let otherFolder: string;
let vault: VaultStore;
let otherVault: VaultStore;
let app: TazpodApp;
let tray: TrayClient;

async function makeProject(one: CliProfile): Promise<string> {
  const made = await one.folder('acme');
  await mkdir(path.join(made, '.tazpod'));
  const config = `image: ${baseImage}\ncontainer_name: acme\nsync: { remote: { type: folder, path: ${place} } }\n`;
  await writeFile(path.join(made, '.tazpod/config.yaml'), config);
  expect(await one.run(['trust', '--yes', made])).toMatchObject({ code: 0 });
  return made;
}

beforeAll(async () => {
  desktop = await startDesktop();
  [profile, other] = [await openCliProfile(), await openCliProfile()];
  place = path.join(profile.root, 'place');
  await mkdir(place);
  [folder, otherFolder] = [await makeProject(profile), await makeProject(other)];
  vault = await openVaultStore(folder, { nowMs: Date.now });
  otherVault = await openVaultStore(otherFolder, { nowMs: Date.now });
  await saveVault(vault, key, 'first');
  app = await launchApp(desktop, profile);
  tray = await openTray(desktop.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  await app.row('acme').click();
  await app.page.getByRole('tab', { name: 'Sync' }).click();
});
afterAll(async () => {
  tray.close();
  await app.close();
  await other.close();
  await profile.close();
  await desktop.close();
});

const heading = async (name: string): Promise<void> => app.page.getByRole('heading', { name }).waitFor();
const otherRun = async (...words: readonly string[]): Promise<void> => {
  expect(await other.run([...words, otherFolder])).toMatchObject({ code: 0 });
};
const expectAccessible = async (): Promise<void> => {
  const { violations } = await new AxeBuilder({ page: app.page }).include('[role=tabpanel]').setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
};

test('Sync now pushes; a conflict shows both versions and is settled by a press; a version is brought back', async () => {
  onTestFailed(async () => keepEvidence(app, 'sync'));
  await heading('Not pushed yet');
  await app.button('Sync now').click();
  await heading('In sync');

  await otherRun('pull');
  await saveVault(otherVault, key, 'from elsewhere');
  await otherRun('push');
  await saveVault(vault, key, 'from here');
  await app.button('Sync now').click();
  await heading('The vault changed here and at the remote');
  await app.row('acme').getByText('vault conflict').waitFor();
  for (const name of ['On this machine', 'At the remote']) {
    const version = app.page.getByRole('group', { name });
    await version.getByText('Machine', { exact: true }).waitFor();
    expect(await version.getByText(/^\d+ B$/u).count()).toBe(1);
  }
  await expectAccessible();
  await app.button('Take this one').click();
  await heading('In sync');
  expect(await readVault(vault, key)).toBe('from elsewhere');

  await app.button('List versions').click();
  const versions = app.page.getByRole('list', { name: 'Versions' });
  await versions.getByRole('listitem').nth(2).waitFor();
  expect(await versions.getByRole('listitem').count()).toBe(3);
  await versions.getByRole('button').last().click();
  await expectAccessible();
  await app.button('Look inside').click();
  await app.page.getByLabel('Passphrase of this version').waitFor();
  await app.button('Restore this version').click();
  await app.page.getByText('Restored.').waitFor();
  await heading('Not pushed yet');
  expect(await readVault(vault, key)).toBe('first');
});

test('a place that is away is told where one looks, and goes away with the next push', async () => {
  onTestFailed(async () => keepEvidence(app, 'sync-away'));
  await rename(place, `${place}-away`);
  await app.button('Sync now').click();
  await heading('Not pushed');
  await app.page.getByRole('alert').getByText('is not there').waitFor();
  await rename(`${place}-away`, place);
  await tray.click('acme', 'Sync now');
  await heading('In sync');
  await eventually(async () => (await app.page.getByRole('alert').count()) === 0, 'no failure in view', 5_000);
  await otherRun('pull');
  expect(await readVault(otherVault, key)).toBe('first');
});

test('a folder without a vault is offered the one that its remote has before its first terminal, then to unlock it', async () => {
  onTestFailed(async () => keepEvidence(app, 'sync-offer'));
  const later = await profile.folder('later');
  await mkdir(path.join(later, '.tazpod'));
  const sync = `{ prefix: tazpod/projects/acme, remote: { type: folder, path: ${place} } }`;
  await writeFile(path.join(later, '.tazpod/config.yaml'), `image: ${baseImage}\nsync: ${sync}\n`);
  for (const words of [['trust', '--yes'], ['up']]) {
    expect(await profile.run([...words, later])).toMatchObject({ code: 0 });
  }
  await app.row('later').click();
  await app.page.getByRole('tab', { name: 'Terminal' }).click();
  await app.page.getByRole('region', { name: 'Pull the vault first' }).waitFor();
  await expectAccessible();
  await app.button('Pull the vault').click();
  await app.page.getByRole('region', { name: 'Unlock the vault first' }).waitFor();
  expect(await readVault(await openVaultStore(later, { nowMs: Date.now }), key)).not.toBeNull();
  await app.button('Go on without it').click();
  await app.terminalShows(prompt);
  expect(await profile.run(['down', later])).toMatchObject({ code: 0 });
});
