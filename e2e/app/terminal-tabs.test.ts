import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;
let folder: string;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  folder = await profile.folder('tabbed');
  expect(await profile.up(folder)).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile);
  await app.row('tabbed').click();
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
});

const terminalTabs = () => app.page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab');

test('a tab is renamed with F2 and moved by keyboard', async () => {
  const { keyboard } = app.page;
  await terminalTabs().first().focus();
  await keyboard.press('F2');
  await keyboard.type('build');
  await keyboard.press('Enter');
  await app.page.getByRole('tab', { name: 'build' }).waitFor();
  await app.button('New tab').click();
  await terminalTabs().nth(1).waitFor();
  await app.terminalShows(prompt);
  await app.page.locator('.xterm-helper-textarea').focus();
  await keyboard.press('Control+Shift+PageUp');
  await expect.poll(async () => terminalTabs().nth(1).innerText()).toBe('build');
  await keyboard.press('Control+Shift+2');
  await expect.poll(async () => terminalTabs().nth(1).getAttribute('aria-selected')).toBe('true');
});

test('find counts what it finds, and heeds case', async () => {
  const { keyboard } = app.page;
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('printf "%s\\n" ne""edle NE""EDLE ne""edle\n');
  await app.terminalShows('NEEDLE');
  await keyboard.press('Control+Shift+F');
  await keyboard.type('needle');
  const find = app.page.getByRole('search');
  await find.getByText(/^\d of 3$/u).waitFor();
  await app.button('Match case').click();
  await find.getByText(/^\d of 2$/u).waitFor();
  await app.button('Close find').click();
});

test('many lines are pasted only after a yes', async () => {
  const { keyboard } = app.page;
  const text = Array.from({ length: 8 }, (_, at) => `echo pasted-$((${at} * 3))`).join('\n');
  await app.electron.evaluate(async ({ clipboard }, copied) => clipboard.writeText(copied), text);
  await app.page.locator('.xterm-helper-textarea').focus();
  await keyboard.press('Control+Shift+V');
  const question = app.page.getByRole('alertdialog', { name: 'Paste 8 lines?' });
  await question.waitFor();
  await keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  expect(await app.terminalText()).not.toContain('echo pasted');
  await app.page.locator('.xterm-helper-textarea').focus();
  await keyboard.press('Control+Shift+V');
  await question.getByRole('button', { name: 'Paste', exact: true }).click();
  await app.terminalShows('echo pasted-$((7 * 3))');
  await question.waitFor({ state: 'detached' });
  await app.page.locator('.xterm-helper-textarea').focus();
  await keyboard.press('Enter');
  await app.terminalShows('pasted-21');
});

test('open terminals take the colours of the theme at once, and the palette finds loosely', async () => {
  const background = async (): Promise<string> =>
    app.page
      .locator('.xterm .xterm-scrollable-element')
      .first()
      .evaluate((one) => getComputedStyle(one).backgroundColor);
  const before = await background();
  const { keyboard } = app.page;
  await keyboard.press('Control+Shift+P');
  await keyboard.type('settngs');
  await keyboard.press('Enter');
  await app.page.getByRole('searchbox', { name: 'Search settings' }).fill('theme');
  expect(await app.page.getByRole('radiogroup').count()).toBe(1);
  const isDark = await app.page.evaluate(() => document.documentElement.dataset['theme'] === 'dark');
  await app.page.getByText(isDark ? 'Light' : 'Dark', { exact: true }).click();
  await app.button('Close settings').click();
  await expect.poll(background).not.toBe(before);
});

test('a file of the project that is dropped on its terminal becomes its path in the container', async () => {
  await writeFile(path.join(folder, "it's a file.txt"), 'dropped content\n');
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('clear; cat ');
  await app.drop(path.join(folder, "it's a file.txt"));
  await app.terminalShows('cat ');
  await app.page.keyboard.press('Enter');
  await app.terminalShows('dropped content');
});

/** Does what the palette finds first for a few letters. */
async function choose(typed: string): Promise<void> {
  await app.page.keyboard.press('Control+Shift+P');
  await app.page.getByRole('searchbox', { name: 'Commands' }).waitFor();
  await app.page.keyboard.type(typed);
  await app.page.keyboard.press('Enter');
}

test('the palette clears the terminal and renames its tab', async () => {
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('echo sta"l"e\n');
  await app.terminalShows('stale');
  await choose('clear the terminal');
  await expect.poll(async () => app.terminalText()).not.toContain('stale');
  await choose('rename tab');
  await app.page.keyboard.type('from the palette');
  await app.page.keyboard.press('Enter');
  await app.page.getByRole('tab', { name: 'from the palette' }).waitFor();
});

test('a terminal moves to a window of its own, and back', async () => {
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('echo mov"e"d\n');
  await app.terminalShows('moved');
  const opening = app.electron.waitForEvent('window');
  await choose('own window');
  const own = await opening;
  const shown = own.locator('.xterm-rows');
  await shown.filter({ hasText: 'moved' }).waitFor();
  await app.page.getByText('Shown in another window').waitFor();
  await own.locator('.xterm-helper-textarea').focus();
  await own.keyboard.type('echo typed th"e"re\n');
  await shown.filter({ hasText: 'typed there' }).waitFor();
  await app.button('Show it here').click();
  await app.terminalShows('typed there');
  await own.getByText('Shown in another window').waitFor();
});
