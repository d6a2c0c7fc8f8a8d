import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { SettingsChange } from '../../preload/contract/settings.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

/** The page's own world, as far as it is used here. */
interface PageWorld {
  readonly tazpod: {
    request(name: 'changeSettings', change: SettingsChange): Promise<unknown>;
    on(name: 'settingsChange', listener: () => void): void;
  };
}

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  expect(await profile.up(await profile.folder('habits'))).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile);
  await app.row('habits').click();
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await app.page.locator('.xterm-helper-textarea').focus();
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
const clipboard = async (): Promise<string> => app.electron.evaluate(async ({ clipboard: one }) => one.readText());

/** The settings of the window, once it has them. */
async function changeSettings(change: SettingsChange): Promise<void> {
  await app.page.evaluate(async (part) => {
    const { tazpod } = globalThis as unknown as PageWorld;
    const told = new Promise<void>((resolve) => {
      tazpod.on('settingsChange', () => resolve());
    });
    await tazpod.request('changeSettings', part);
    await told;
  }, change);
}

async function doubleClick(word: string): Promise<void> {
  const box = await app.page.locator('.xterm-rows > div').filter({ hasText: word }).last().boundingBox();
  if (box === null) throw new Error(`${word} is not in view`);
  await app.page.mouse.dblclick(box.x + 10, box.y + box.height / 2);
}

test('what is selected is copied where that is set, and else only when asked for', async () => {
  await app.electron.evaluate(async ({ clipboard: one }) => one.writeText('mine'));
  await app.type('clear; echo pick"m"e\n');
  await app.terminalShows('pickme');
  await doubleClick('pickme');
  await app.page.keyboard.press('Control+Shift+C');
  await expect.poll(clipboard).toBe('pickme');
  await app.type('clear; echo tak"e"me\n');
  await app.terminalShows('takeme');
  await doubleClick('takeme');
  await app.type('echo sti"l"l\n');
  await app.terminalShows('still');
  expect(await clipboard()).toBe('pickme');
  await changeSettings({ copyOnSelect: true });
  await doubleClick('takeme');
  await expect.poll(clipboard).toBe('takeme');
});

test('the bell flashes the terminal in view, and marks the tab of one behind', async () => {
  const flash = app.page.evaluate(
    async () =>
      new Promise<boolean>((resolve) => {
        const host = document.querySelector('.terminal-host');
        const observer = new MutationObserver(() => {
          if (host?.classList.contains('bell-rings') === true) resolve(true);
        });
        if (host !== null) observer.observe(host, { attributes: true, attributeFilter: ['class'] });
      }),
  );
  await app.type(`printf '\\a'\n`);
  expect(await flash).toBe(true);
  expect(await terminalTabs().first().getAttribute('aria-label')).not.toContain('bell');
  await app.type(`read _; printf '\\a'; read _\n`);
  // Rings once the other tab is in front.
  await app.type(`\u0003(sleep 1; printf '\\a') &\n`);
  await app.page.keyboard.press('Control+Shift+T');
  await terminalTabs().nth(1).waitFor();
  await expect.poll(async () => terminalTabs().first().getAttribute('aria-label')).toContain('bell rang');
  await app.page.keyboard.press('Control+Shift+1');
  await expect.poll(async () => terminalTabs().first().getAttribute('aria-label')).not.toContain('bell rang');
});

test('a program’s title is cut at a hundred characters and holds no control characters', async () => {
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type(`printf '\\033]0;%0500d\\007' 7; read _\n`);
  await expect.poll(async () => terminalTabs().first().innerText()).toBe(`${'0'.repeat(99)}…`);
  await app.type(`\nprintf '\\033]0;a\\u202eb\\007'; read _\n`);
  await expect.poll(async () => terminalTabs().first().innerText()).toBe('a b');
  await app.type('\n');
});

test('what was cleared stays away when the page comes back', async () => {
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('clear; seq -f "old %g" 200; echo to"o"\n');
  await app.terminalShows('too');
  await app.page.locator('[data-terminal]').click({ button: 'right' });
  await app.page.getByRole('menuitem', { name: 'Clear' }).click();
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('echo ne"w"\n');
  await app.terminalShows('new');
  await app.page.reload();
  await app.terminalShows('new');
  expect(await app.terminalText()).not.toContain('old');
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.page.keyboard.press('Shift+Home');
  await app.terminalShows('new');
  expect(await app.terminalText()).not.toContain('old');
});

test('the wheel scrolls from where the output ended, and a key leads back there', async () => {
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type('clear; seq -f "line %g" 500; echo en"d"\n');
  await app.terminalShows('end');
  const box = await app.page.locator('.xterm-rows').boundingBox();
  if (box === null) throw new Error('no terminal is in view');
  await app.page.mouse.move(box.x + 50, box.y + 50);
  await app.page.mouse.wheel(0, -300);
  await expect.poll(async () => app.terminalText()).not.toContain('end');
  expect(await app.terminalText()).toMatch(/line 4[0-9][0-9]/u);
  await app.type(' ');
  await app.terminalShows('end');
});

test('boxes are drawn in the bundled font, and rows of their lines are as wide as rows of letters', async () => {
  await app.page.locator('.xterm-helper-textarea').focus();
  await app.type(`clear; printf '%s\\n' $(printf '─%.0s' {1..60}) $(printf 'm%.0s' {1..60}); echo dr"a"wn\n`);
  await app.terminalShows('drawn');
  const widthOf = async (text: string): Promise<number> =>
    app.page
      .locator('.xterm-rows span')
      .evaluateAll(
        (spans, wanted) => spans.find((span) => span.textContent === wanted)?.getBoundingClientRect().width ?? 0,
        text,
      );
  const letters = await widthOf('m'.repeat(60));
  expect(letters).toBeGreaterThan(0);
  expect(Math.abs((await widthOf('─'.repeat(60))) - letters)).toBeLessThan(0.5);
  const isLoaded = await app.page.evaluate(() =>
    [...document.fonts].some(({ family, status }) => family.includes('Symbols') && status === 'loaded'),
  );
  expect(isLoaded).toBe(true);
});
