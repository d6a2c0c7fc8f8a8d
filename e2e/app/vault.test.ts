import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { openTray, type TrayClient } from '../fixtures/tray.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

const passphrase = 'marble yonder kiosk plum';
const newPassphrase = 'velvet harbor onion tram';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;
let tray: TrayClient;
let folder: string;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  folder = await profile.folder('kept');
  expect(await profile.up(folder)).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile);
  tray = await openTray(desktop.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  await app.row('kept').click();
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  tray.close();
  await app.close();
  await profile.close();
  await desktop.close();
});

const tab = async (name: string): Promise<void> => app.page.getByRole('tab', { name, exact: true }).click();
const vaultTab = () => app.page.getByRole('tabpanel', { name: 'Vault' });
const shows = async (state: string): Promise<void> => vaultTab().getByRole('heading', { name: state }).waitFor();
const inside = async (script: string) => profile.run(['enter', folder, '--', 'sh', '-c', script]);
const field = (name: string) => app.page.getByLabel(name, { exact: true });
/** Waits for the prompt of a terminal that is not the one that showed this. */
const newTerminal = async (shown: string): Promise<void> =>
  app.page.locator('.xterm-rows').filter({ hasNotText: shown }).filter({ hasText: prompt }).waitFor();
const axe = async (): Promise<void> => {
  const { violations } = await new AxeBuilder({ page: app.page }).include('[role=tabpanel]').setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
};

test('a vault is made in the window, written to in the terminal, saved, locked, and opened again with its file', async () => {
  await app.button('Create a vault…').click();
  await shows('No vault yet');
  await field('New passphrase').fill('password');
  await vaultTab()
    .getByText(/^Weak: /u)
    .waitFor();
  await axe();
  await field('New passphrase').fill(passphrase);
  await vaultTab()
    .getByText(/^Strong: /u)
    .waitFor();
  await field('New passphrase, again').fill('another one');
  expect(await app.button('Create vault').isDisabled()).toBe(true);
  await field('New passphrase, again').fill(passphrase);
  await field('New passphrase, again').press('Enter');
  await shows('Unlocked');

  await tab('Terminal');
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await app.type('umask 077; echo canary > ~/secrets/token; echo wrote-$((1 + 1))\n');
  await app.terminalShows('wrote-2');
  await tab('Vault');
  await vaultTab().getByText('token', { exact: true }).waitFor();
  await vaultTab()
    .getByText(/^Unsaved changes/u)
    .waitFor();
  await app.button('Save now').click();
  await vaultTab()
    .getByText(/^Saved/u)
    .waitFor();
  await axe();
  await app.button('Lock').click();
  await shows('Locked');
  expect((await inside('cat ~/secrets/token')).code).not.toBe(0);
  expect(await app.page.content()).not.toContain(passphrase);
  await axe();

  await field('Passphrase').fill('typo');
  await app.button('Unlock').click();
  await app.page
    .getByText(/wrong passphrase or damaged vault/u)
    .first()
    .waitFor();
  await shows('Locked');
  await field('Passphrase').fill(passphrase);
  await field('Passphrase').press('Enter');
  await shows('Unlocked');
  await app.page
    .getByText(/wrong passphrase or damaged vault/u)
    .first()
    .waitFor({ state: 'detached' });
  expect((await inside('cat ~/secrets/token')).stdout).toBe('canary\n');
});

test('a shell that stands in it keeps it open until it is ended by the button that says so', async () => {
  await tab('Terminal');
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('cd ~/secrets && echo stands-$((1 + 1))\n');
  await app.terminalShows('stands-2');
  await tab('Vault');
  await app.button('Lock').click();
  await vaultTab()
    .getByText(/^These programs have it open: /u)
    .waitFor();
  await shows('Unlocked');
  await axe();
  await app.button('End them and lock').click();
  await shows('Locked');
});

test('the passphrase is changed with the old one, and only the new one opens it', async () => {
  await field('Passphrase').fill(passphrase);
  await app.button('Unlock').click();
  await shows('Unlocked');
  await app.button('Change passphrase…').click();
  await field('Present passphrase').fill(passphrase);
  await field('New passphrase').fill(newPassphrase);
  await field('New passphrase, again').fill(newPassphrase);
  await app.button('Change passphrase').click();
  await app.button('Change passphrase…').waitFor();
  await tray.click('kept', 'Lock vault');
  await shows('Locked');
  await field('Passphrase').fill(passphrase);
  await app.button('Unlock').click();
  await app.page
    .getByText(/wrong passphrase or damaged vault/u)
    .first()
    .waitFor();
  await tab('Terminal');
  await tray.click('kept', 'Unlock vault…');
  await shows('Locked');
  await field('Passphrase').fill(newPassphrase);
  await app.button('Unlock').click();
  await shows('Unlocked');
  await app.button('Lock').click();
  await shows('Locked');
});

test('Open terminal offers to unlock first, and opens it then; it can be left locked', async () => {
  expect((await profile.run(['restart', folder])).code).toBe(0);
  await tab('Terminal');
  await app.button('Open terminal').click();
  await app.page.getByRole('region', { name: 'Unlock the vault first' }).waitFor();
  await axe();
  await field('Passphrase').fill(newPassphrase);
  await field('Passphrase').press('Enter');
  await newTerminal('stands-2');
  await app.type('cat ~/secrets/token\n');
  await app.terminalShows('canary');
  await app.type('exit\n');
  expect((await profile.run(['lock', '--end-holders', folder])).code).toBe(0);
  expect((await profile.run(['restart', folder])).code).toBe(0);
  await app.button('Open terminal').click();
  await app.button('Go on without it').click();
  await newTerminal('canary');
});
