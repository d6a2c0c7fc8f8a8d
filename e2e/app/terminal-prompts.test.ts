import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, reopened, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  const folder = await profile.folder('prompts');
  await writeFile(path.join(folder, 'short.txt'), 'one\ntwo\n');
  expect(await profile.up(folder)).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile);
  await app.openTerminal('prompts');
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
});

test('bash marks its prompts with how each command ended, and they are there again after a reload', async () => {
  await app.type('false; echo failed-$?; false\ncat short.txt\n');
  await app.terminalShows(/failed-1[^]*one\s*two/u);
  const states = async (): Promise<readonly (string | undefined)[]> =>
    app.page.locator('.prompt-mark').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['state']));
  await expect.poll(states).toEqual(['failed', 'ok', '']);
  const [mark, text] = [app.page.locator('.prompt-mark').first(), app.page.locator('.xterm-rows')];
  const [markX, textX] = [(await mark.boundingBox())?.x ?? NaN, (await text.boundingBox())?.x ?? NaN];
  expect(markX, 'a mark covers no letter').toBeLessThanOrEqual(textX - 4);
  await app.page.reload();
  app = await reopened(app);
  await app.row('prompts').click();
  await expect.poll(states).toEqual(['failed', 'ok', '']);
  await app.page.locator('.xterm-helper-textarea').focus();
});

test('keys lead to the prompt before and select what its command printed', async () => {
  const { keyboard } = app.page;
  await app.type('seq 1000 1300\n');
  await app.terminalShows(/1300[^]*\/workspace[$#]/u);
  expect(await app.terminalText()).not.toContain('short.txt');
  await keyboard.press('Control+Shift+ArrowUp');
  await app.terminalShows('seq 1000 1300');
  await keyboard.press('Control+Shift+ArrowUp');
  await app.terminalShows('cat short.txt');
  await keyboard.press('Control+Shift+O');
  await keyboard.press('Control+Shift+C');
  const copied = async (): Promise<string> => app.electron.evaluate(async ({ clipboard }) => clipboard.readText());
  await expect.poll(async () => (await copied()).trim()).toBe('one\ntwo');
  await keyboard.press('Control+Shift+ArrowDown');
  await keyboard.press('Control+Shift+ArrowDown');
  await app.terminalShows(/1300[^]*\/workspace[$#]/u);
});
