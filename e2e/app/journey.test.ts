import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { openTray, type TrayClient } from '../fixtures/tray.ts';
import { keepEvidence, launchApp, reopened, type TazpodApp, prompt } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;
let tray: TrayClient;
let journeyFolder: string;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  app = await launchApp(desktop, profile);
  tray = await openTray(desktop.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '');
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

async function project(name: string): Promise<string> {
  const folder = await profile.folder(name);
  await mkdir(path.join(folder, '.tazpod'));
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), `image: ${baseImage}\n`);
  return folder;
}

const containerNames = async (): Promise<readonly string[]> =>
  (await profile.containers()).map((container) => (container.Names[0] ?? '').slice(1));

test('drop a folder, trust it, start it, type in its terminal, stop it from the tray', async () => {
  journeyFolder = await project('journey');
  await app.drop(journeyFolder);
  await app.row('journey').click();

  // The trust question: what it gets, and Start only when it was read to the end.
  await app.page.getByRole('region', { name: 'What the container gets' }).waitFor();
  expect(await containerNames()).toEqual([]);
  await app.page.getByRole('region', { name: 'What the container gets' }).press('End');
  await app.button('Trust and start').click();
  await app.page
    .getByText(/^Running/u)
    .first()
    .waitFor();
  expect(await containerNames()).toEqual(['journey-lab']);

  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await app.type('echo the answer is $((6 * 7)) && stty size\n');
  await app.terminalShows('the answer is 42');
  expect(await app.terminalText()).toMatch(/\d+ \d+/u);

  const menu = await tray.menu();
  expect(menu[0]?.label).toBe('journey');
  expect(menu[0]?.children[0]).toMatchObject({ label: 'Running', enabled: false });
  await tray.click('journey', 'Stop and remove container');
  await app.row('journey').filter({ hasNotText: 'tab' }).waitFor();
  await app.page
    .getByText(/^Not running/u)
    .first()
    .waitFor();
  expect(await containerNames()).toEqual([]);
});

test('a terminal goes on while its window is closed, and shows what it printed meanwhile', async () => {
  await tray.click('journey', 'Start');
  await app.page
    .getByText(/^Running/u)
    .first()
    .waitFor();
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await app.type('for i in 1 2 3 4 5; do sleep 0.3; echo tick-$i; done; echo all-done\n');
  await app.terminalShows('tick-1');
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(false);
  await tray.click('Show window');
  await app.terminalShows('all-done');

  await app.page.reload();
  app = await reopened(app);
  await app.row('journey').click();
  await app.terminalShows('all-done');
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('echo still-$((1 + 1))-here\n');
  await app.terminalShows('still-2-here');
});

test('a window that stays closed lets go of its page, and the next one has list and terminal as they were', async () => {
  const released = app.page.waitForEvent('close');
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await released;
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0);
  const opened = app.electron.waitForEvent('window');
  await tray.click('Show window');
  await opened;
  app = await reopened(app);
  await app.row('journey').click();
  await app.terminalShows('still-2-here');
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('echo again-$((2 + 2))-here\n');
  await app.terminalShows('again-4-here');
});

test('what others do to the container shows, in window, tray and command line alike', async () => {
  const [container] = await profile.containers();
  expect(container).toBeDefined();
  await profile.client.getContainer(container?.Id ?? '').stop({ t: 0 });
  await app.page
    .getByText(/^Stopped/u)
    .first()
    .waitFor();
  expect((await tray.menu())[0]?.children[0]?.label).toBe('Stopped');
  const status = await profile.run(['status', '--json', journeyFolder]);
  expect(status.code).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({ container: { status: 'stopped' } });
  await profile.run(['down', journeyFolder]);
  await app.page
    .getByText(/^Not running/u)
    .first()
    .waitFor();
});

test('a refused folder says why on the spot, and several can be dropped at once', async () => {
  const [one, two] = [await project('first of two'), await project('second, "quoted" & more')];
  await app.drop(one, two, '/etc');
  await app.page.getByRole('alert').filter({ hasText: '/etc' }).waitFor();
  await app.row('first of two').waitFor();
  await app.row('second, "quoted" & more').waitFor();
});
