import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { openCliProfile, upWords, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

beforeEach(async () => {
  profile = await openCliProfile();
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
  await app.close();
  await profile.close();
  await desktop.close();
});

async function launch(options?: Parameters<typeof startDesktop>[0]): Promise<void> {
  desktop = await startDesktop(options);
  app = await launchApp(desktop, profile);
}

test('a desktop without a tray: closing the window minimises it, or quits where that is set', async () => {
  await launch({ tray: false });
  await app.button('Settings').click();
  // The setting says what closing does here.
  await app.page
    .getByText(/minimi[sz]e/iu)
    .first()
    .waitFor();
  await app.page.keyboard.press('Escape');
  const minimised = app.electron.evaluate(
    async ({ BrowserWindow }) =>
      new Promise((resolve) => {
        const [window] = BrowserWindow.getAllWindows();
        window?.once('minimize', () => resolve(window.isMinimized()));
        window?.close();
      }),
  );
  expect(await minimised).toBe(true);
  expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);

  await app.page.evaluate(async () => {
    interface Api {
      request(name: string, change: object): Promise<unknown>;
    }
    await (Reflect.get(globalThis, 'tazpod') as Api).request('changeSettings', { closeToTray: false });
  });
  const ended = new Promise((resolve) => app.electron.process().once('exit', resolve));
  await app.electron
    .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    // The answer may be lost with the app.
    .catch(() => undefined);
  expect(await ended).toBe(0);
});

test('folders dropped faster than the page draws are all registered', async () => {
  await launch();
  const folders = await Promise.all(
    Array.from({ length: 30 }, async (_none, at) => profile.folder(`dropped-${String(at).padStart(2, '0')}`)),
  );
  // One after the other without waiting for what each brings, and one refusal among them.
  for (const folder of [...folders, '/etc']) await app.drop(folder);
  for (const folder of folders) await app.row(path.basename(folder)).waitFor();
  expect(await app.page.getByRole('option').count()).toBe(folders.length);
  await app.page.getByRole('alert').filter({ hasText: '/etc' }).waitFor();
});

test('a session that another window shows says so where it was, and can be brought back', async () => {
  const folder = await profile.folder('taken');
  await mkdir(path.join(folder, '.tazpod'));
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), `image: ${baseImage}\n`);
  expect(await profile.run(upWords(folder))).toMatchObject({ code: 0 });
  await launch();
  await app.row('taken').click();
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  // Another window attaches without the first letting go: what a person does with "bring back" in either.
  const opened = app.electron.waitForEvent('window');
  await app.page.evaluate(async () => {
    interface Api {
      request(
        name: string,
        ...args: unknown[]
      ): Promise<{ snapshot: { projects: { id: string; sessions: { id: string }[] }[] } }>;
    }
    const api = Reflect.get(globalThis, 'tazpod') as Api;
    const { snapshot } = await api.request('subscribe');
    const [project] = snapshot.projects;
    await api.request('openTerminalWindow', project?.id, project?.sessions[0]?.id);
  });
  const other = await opened;
  await other.locator('.xterm-rows').filter({ hasText: prompt }).waitFor();
  const bringBack = app.page.getByRole('button', { name: /here|back/iu });
  await bringBack.first().waitFor();
  await bringBack.first().click();
  await app.terminalShows(prompt);
  await app.type('echo back-$((40 + 2))\n');
  await app.terminalShows('back-42');
  await other
    .getByRole('button', { name: /here|back/iu })
    .first()
    .waitFor();
});
