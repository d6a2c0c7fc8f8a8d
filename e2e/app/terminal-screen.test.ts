import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, prompt, reopened, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  const folder = await profile.folder('screens');
  const lines = Array.from({ length: 300 }, (_, at) => `line ${at + 1} 日本語 of the book`);
  await writeFile(path.join(folder, 'book.txt'), lines.join('\n'));
  expect(await profile.up(folder)).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile);
  await openTerminal();
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
});

async function openTerminal(): Promise<void> {
  await app.row('screens').click();
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await focus();
}

const focus = async (): Promise<void> => app.page.locator('.xterm-helper-textarea').focus();

/** The page goes and comes back; its terminals were kept by the app. */
async function reload(): Promise<void> {
  await app.page.reload();
  app = await reopened(app);
  await app.row('screens').click();
}

test('a full-screen program is there again after a reload, and so is what is behind it', async () => {
  await app.type('clear; printf "before: wide 日本語 and \\033[31mred\\033[0m\\n"; less -S book.txt\n');
  await app.terminalShows('line 1 日本語 of the book');
  await app.page.keyboard.press('G');
  await app.terminalShows('line 300');
  const before = await app.terminalText();
  await reload();
  await app.terminalShows('line 300');
  expect(await app.terminalText()).toBe(before);
  await focus();
  await app.page.keyboard.press('q');
  await app.terminalShows('before: wide 日本語 and red');
  expect(await app.terminalText()).not.toContain('of the book');
});

test('a program still gets the mouse after a reload, and in the way it asked for', async () => {
  await app.type('clear; printf "\\033[?1000h\\033[?1006h"; echo mouse o"n"; cat -v\n');
  await app.terminalShows('mouse on');
  await reload();
  await app.terminalShows('mouse on');
  await app.page.locator('.xterm-screen').click({ position: { x: 100, y: 100 } });
  await focus();
  await app.page.keyboard.press('Enter');
  await app.terminalShows(/\^\[\[<0;\d+;\d+M\^\[\[<0;\d+;\d+m/u);
  await app.page.keyboard.press('Control+C');
  await app.type('printf "\\033[?1000l\\033[?1006l"; clear\n');
});

test('the shell has the window’s size, also after a reload at another one', async () => {
  const shownRows = async (): Promise<number> => app.page.locator('.xterm-rows > div').count();
  await app.page.setViewportSize({ width: 900, height: 500 });
  await reload();
  await app.terminalShows(prompt);
  await focus();
  const rows = await shownRows();
  await app.type(`clear; while [ "$(stty size | cut -d' ' -f1)" != ${rows} ]; do sleep 0.1; done; echo fi"tted"\n`);
  await app.terminalShows('fitted');
  await app.page.setViewportSize({ width: 1100, height: 720 });
  await expect.poll(shownRows).toBeGreaterThan(rows);
  const larger = await shownRows();
  await app.type(`while [ "$(stty size | cut -d' ' -f1)" != ${larger} ]; do sleep 0.1; done; echo gr"own"\n`);
  await app.terminalShows('grown');
});

test('Ctrl-C ends a flood, and 100 MB come to their end', async () => {
  await app.type('clear; yes 0123456789012345678901234567890123456789012345678901234567890123456789\n');
  await app.terminalShows(/(?:0123456789){70}/u);
  await app.page.keyboard.press('Control+C');
  await app.terminalShows(/\^C[^]*\/workspace[$#]/u);
  await app.type('clear; yes "$(printf %099d 7)" | head -c 100000000; echo flood e"nd"s\n');
  await app.page.locator('.xterm-rows').filter({ hasText: 'flood ends' }).waitFor({ timeout: 120_000 });
  await reload();
  await app.terminalShows('flood ends');
}, 180_000);
