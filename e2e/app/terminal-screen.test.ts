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
  await writeFile(path.join(folder, 'draws.sh'), drawsItsSize);
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
  await app.openTerminal('screens');
}

const focus = async (): Promise<void> => app.page.locator('.xterm-helper-textarea').focus();

/** Draws its whole screen, to the last cell, whenever the terminal has another size; each row tells which size it was drawn for. */
const drawsItsSize = `#!/bin/bash
printf '\\033[?1049h'
trap "printf '\\033[?1049l'; exit" INT
while :; do
  set -- $(stty size)
  if [ "$1x$2" != "$drawn" ]; then
    drawn=$1x$2
    printf '\\033[2J'
    for ((row = 1; row <= $1; row++)); do printf '\\033[%d;1H%s%*s' $row "$row" $(($2 - \${#row})) "of $drawn"; done
  fi
  sleep 0.02
done
`;

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

test('after a storm of resizes the screen is as the program drew it for the last size', async () => {
  await focus();
  await app.type('clear; bash draws.sh\n');
  await app.terminalShows(/1\s*of \d+x\d+/u);
  const smallest = { width: 700, height: 420 };
  const largest = { width: 1960, height: 1460 };
  for (let step = 0; step < 60; step += 1) {
    const at = Math.abs(((step * 7) % 20) - 10) / 10;
    const between = (from: number, to: number): number => Math.round(from + (to - from) * at);
    await app.page.setViewportSize({
      width: between(smallest.width, largest.width),
      height: between(smallest.height, largest.height),
    });
  }
  await app.page.setViewportSize(largest);
  /** The rows as they should be for the size that the last row tells; null while it tells none, or another than is shown. */
  const isRight = async (): Promise<string> => {
    const rows = (await app.terminalText()).split('\n');
    const [, height, width] = /of (\d+)x(\d+)\s*$/u.exec(rows.at(-1) ?? '') ?? [];
    if (Number(height) !== rows.length) return `${rows.length} rows, drawn for ${height}`;
    const wrong = rows.findIndex((row, index) => {
      const number = String(index + 1);
      return row !== `${number}${`of ${height}x${width}`.padStart(Number(width) - number.length)}`;
    });
    return wrong === -1
      ? `right at ${Number(height) >= 60 && Number(width) >= 200}`
      : `row ${wrong + 1}: ${rows[wrong]}`;
  };
  await expect.poll(isRight).toBe('right at true');
  await app.page.keyboard.press('Control+C');
  await app.page.setViewportSize({ width: 1100, height: 720 });
  await app.terminalShows(prompt);
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
