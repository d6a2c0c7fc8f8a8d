import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

const escape = '\u001B';
const totalBytes = 1_000_000;
/** What a page may stand still, in milliseconds; the same amount of plain text tells what this machine does to it anyway. */
const maxStallMs = 200;

/** Each does something that a program in a container must not be able to do, or asks for work without end. */
const hostile: readonly string[] = [
  `x${escape}[2147483647b`,
  `${escape}[2147483647S${escape}[2147483647T`,
  `${escape}[2147483647L${escape}[2147483647M${escape}[2147483647@${escape}[2147483647P${escape}[2147483647X`,
  `${escape}[2147483647I${escape}[2147483647Z`,
  `${escape}[2147483647;1b${escape}[2147483647:1S`,
  `${escape}[2147483647 @${escape}[2147483647 A`,
  `${escape}]52;c;c3RvbGVu\u0007${escape}]52;c;?\u0007`,
  `${escape}P$qm${escape}\\${escape}P$q"p${escape}\\`,
  `${escape}[?2004$p${escape}[4$p`,
  `${escape}[21t${escape}[20t${escape}[14t${escape}[18t${escape}[8;500;500t`,
  `${escape}]8;;https://example.com/opened${escape}\\link${escape}]8;;${escape}\\`,
  `${escape}]133;A\u0007${escape}]133;C\u0007${escape}]133;D;999999999999\u0007`,
  `${escape}]0;${'T'.repeat(500)}\u0007`,
  `${escape}]0;a\u202Eb\u0000c\u0007`,
  `${escape}[${'9;'.repeat(500)}m`,
  `${escape}P${'q'.repeat(2_000)}${escape}\\`,
  `${escape}_${'a'.repeat(2_000)}${escape}\\${escape}^${'b'.repeat(2_000)}${escape}\\`,
  '\u009B99999b\u0090$qm\u009C',
  '\uFFFD\u0000\u0001\u000E\u000F',
];

/** Those that ask for work without end: alone, nothing cheap stands between them. */
const endless = hostile.slice(0, 4);

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  const folder = await profile.folder('hostile');
  const once = hostile.join('\r\n');
  await writeFile(path.join(folder, 'hostile.bin'), once.repeat(Math.ceil(totalBytes / once.length)));
  for (const [at, line] of endless.entries()) {
    await writeFile(path.join(folder, `endless-${at}.bin`), line.repeat(Math.ceil(totalBytes / line.length)));
  }
  await writeFile(
    path.join(folder, 'plain.txt'),
    `${'plain text of a build '.repeat(4)}\n`.repeat(Math.ceil(totalBytes / 89)),
  );
  expect(await profile.up(folder)).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile);
  await app.openTerminal('hostile');
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
});

/** Prints a file, and tells the page's longest task meanwhile and how many bytes the terminal answered. */
async function show(file: string): Promise<{ readonly longestMs: number; readonly answered: number }> {
  await app.page.evaluate(() => {
    const stalls = { longestMs: 0 };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) stalls.longestMs = Math.max(stalls.longestMs, duration);
    }).observe({ type: 'longtask' });
    Reflect.set(globalThis, 'stalls', stalls);
  });
  const name = path.parse(file).name;
  await app.type(
    `stty raw -echo; cat ${file}; printf '\\033c'; timeout 2 cat >${name}.answers; stty sane; clear; echo ${name} answered $(wc -c <${name}.answers) by"tes"\n`,
  );
  // With its name: the line of the file before may still be on the screen.
  const line = new RegExp(String.raw`${name} answered (?<count>\d+) bytes`, 'u');
  const rows = app.page.locator('.xterm-rows').filter({ hasText: line });
  const answered = Number(line.exec((await rows.textContent({ timeout: 60_000 })) ?? '')?.groups?.['count']);
  const longestMs = await app.page.evaluate(
    () => (Reflect.get(globalThis, 'stalls') as { longestMs: number }).longestMs,
  );
  return { longestMs, answered };
}

/** How often a file is shown again that seems to stall the page. */
const attempts = 3;

/**
 * The page's longest task while a file is shown, in milliseconds: the least of a few where it is too long. What the bytes
 * themselves bring about comes back each time; what other programs do to the machine does not.
 */
async function longestStall(file: string, maxMs: number): Promise<number> {
  let leastMs = Number.POSITIVE_INFINITY;
  for (let count = 0; count < attempts && leastMs > maxMs; count += 1) {
    leastMs = Math.min(leastMs, (await show(file)).longestMs);
  }
  return leastMs;
}

test('a megabyte of hostile bytes stalls nothing, copies nothing, answers nothing and opens nothing', async () => {
  await app.electron.evaluate(async ({ clipboard, shell }) => {
    await clipboard.writeText('mine');
    const opened: string[] = [];
    Reflect.set(globalThis, 'opened', opened);
    shell.openExternal = async (url) => void opened.push(url);
  });
  const plain = await show('plain.txt');
  const bad = await show('hostile.bin');
  expect(plain.answered).toBe(0);
  expect(bad.answered).toBe(0);
  const maxMs = Math.max(maxStallMs, 2 * plain.longestMs);
  const longestMs = bad.longestMs > maxMs ? await longestStall('hostile.bin', maxMs) : bad.longestMs;
  expect(longestMs).toBeLessThanOrEqual(maxMs);
  expect(await app.electron.evaluate(async ({ clipboard }) => clipboard.readText())).toBe('mine');
  expect(await app.electron.evaluate(() => Reflect.get(globalThis, 'opened') as string[])).toEqual([]);
  const title = await app.page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab').first().innerText();
  expect(Array.from(title).length).toBeLessThanOrEqual(100);
  await app.type('echo still-$((1 + 1))-here\n');
  await app.terminalShows('still-2-here');
}, 180_000);

test('a megabyte of nothing but endless counts stalls nothing', async () => {
  const plain = await show('plain.txt');
  const maxMs = Math.max(maxStallMs, 2 * plain.longestMs);
  const longestMs: number[] = [];
  for (const at of endless.keys()) longestMs.push(await longestStall(`endless-${at}.bin`, maxMs));
  expect(longestMs.filter((ms) => ms > maxMs)).toEqual([]);
}, 240_000);
