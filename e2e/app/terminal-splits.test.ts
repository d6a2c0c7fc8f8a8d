import type { Locator } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from '../fixtures/axe.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { processesIn } from '../fixtures/processes-in-container.ts';
import { keepEvidence, launchApp, prompt, reopened, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  expect(await profile.up(await profile.folder('halves'))).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile);
  await app.row('halves').click();
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

/** The panes in view, in the order they lie in. */
const panes = (): Locator => app.page.locator('[data-pane-key]');
const paneShows = async (index: number, text: string | RegExp): Promise<void> =>
  panes().nth(index).locator('.xterm-rows').filter({ hasText: text }).waitFor();
const press = async (key: string): Promise<void> => app.page.keyboard.press(key);
/** Which pane the keys go to. */
const focused = async (): Promise<number> =>
  panes().evaluateAll((all) => all.findIndex((one) => one.contains(document.activeElement)));
const widthOf = async (index: number): Promise<number> => {
  const box = await panes().nth(index).locator('.xterm-screen').boundingBox();
  return Math.round(box?.width ?? 0);
};

/** The columns that `stty size` told a pane's shell last; 0 where it told none. */
const toldColumns = async (index: number): Promise<number> => {
  const text = await panes().nth(index).locator('.xterm-rows').innerText();
  return Number([...text.matchAll(/^\d+ (\d+)\s*$/gmu)].at(-1)?.[1] ?? 0);
};

test('a tab is split to the right and downwards by keys, each pane is a shell of its own at its own size', async () => {
  await app.type('name=left; clear\n');
  await press('Control+Shift+D');
  await expect.poll(async () => panes().count()).toBe(2);
  await paneShows(1, prompt);
  await expect.poll(focused).toBe(1);
  await app.type('clear; echo "[$name] $(stty size)"\n');
  await paneShows(1, /\[\] \d+ \d+/u);
  await press('Control+Shift+E');
  await expect.poll(async () => panes().count()).toBe(3);
  await paneShows(2, prompt);
  await expect.poll(focused).toBe(2);
  await app.type('clear; echo "third $(stty size)"\n');
  await paneShows(2, /third \d+ \d+/u);
  const sizes = await app.page.locator('.xterm-rows').evaluateAll((all) => all.map((one) => one.children.length));
  for (const index of [1, 2]) {
    const text = await panes().nth(index).locator('.xterm-rows').innerText();
    // The second was measured before it was split in two.
    if (index === 2) expect(Number(/third (\d+)/u.exec(text)?.[1])).toBe(sizes[index]);
  }
  expect((sizes[1] ?? 0) + (sizes[2] ?? 0)).toBeLessThanOrEqual(sizes[0] ?? 0);
  expect(await app.page.getByRole('tablist', { name: 'Terminals' }).getByRole('tab').count()).toBe(1);
});

test('keys and clicks lead from pane to pane', async () => {
  await press('Control+Shift+ArrowRight');
  await expect.poll(focused).toBe(0);
  await app.type('echo "still $name"\n');
  await paneShows(0, 'still left');
  await press('Control+Shift+ArrowLeft');
  await expect.poll(focused).toBe(2);
  await panes().nth(1).locator('.xterm-screen').click();
  await expect.poll(focused).toBe(1);
  // Through the palette too, which gives the focus back first.
  await press('Control+Shift+P');
  await app.type('previous pane');
  await press('Enter');
  await expect.poll(focused).toBe(0);
});

test('all panes in view are told to be, and none of them behind another tab', async () => {
  await app.electron.evaluate(({ ipcMain }) => {
    const told: (readonly [string, boolean])[] = [];
    Reflect.set(globalThis, 'toldInView', told);
    ipcMain.on('tazpod:tellInView', (_event, id: string, isInView: boolean) => told.push([id, isInView]));
  });
  /** How many sessions were told last to be in view, and how many not to be. */
  const told = async (): Promise<readonly number[]> =>
    app.electron.evaluate(() => {
      const last = new Map(Reflect.get(globalThis, 'toldInView') as (readonly [string, boolean])[]);
      const inView = [...last.values()].filter(Boolean).length;
      return [inView, last.size - inView];
    });
  await press('Control+Shift+T');
  await expect.poll(async () => panes().count()).toBe(1);
  await paneShows(0, prompt);
  await expect.poll(told).toEqual([0, 3]);
  await press('Control+Shift+1');
  await expect.poll(async () => panes().count()).toBe(3);
  await expect.poll(told).toEqual([3, 1]);
  await press('Control+Shift+2');
  await expect.poll(focused).toBe(0);
  await press('Control+Shift+W');
  await expect.poll(async () => panes().count()).toBe(3);
  await expect.poll(focused).toBe(0);
});

test('a divider is moved by keys and by the mouse, and shells learn their new size', async () => {
  const divider = app.page.getByRole('separator', { name: 'Width of what is at the left' });
  expect(await divider.getAttribute('aria-valuenow')).toBe('50');
  await app.type('clear; stty size\n');
  await expect.poll(async () => toldColumns(0)).toBeGreaterThan(0);
  const before = await widthOf(0);
  const cell = before / (await toldColumns(0));
  await divider.focus();
  await press('ArrowLeft');
  await press('ArrowLeft');
  await expect.poll(async () => divider.getAttribute('aria-valuenow')).toBe('46');
  await expect.poll(async () => widthOf(0)).toBeLessThan(before);
  await panes().nth(0).locator('.xterm-screen').click();
  await press('Control+Shift+BracketRight');
  await expect.poll(async () => divider.getAttribute('aria-valuenow')).toBe('51');
  const box = await divider.boundingBox();
  const area = await app.page.locator('[data-region="terminal"]').boundingBox();
  if (box === null || area === null) throw new Error('the divider is not in view');
  await app.page.mouse.move(box.x + box.width / 2, box.y + 20);
  await app.page.mouse.down();
  await app.page.mouse.move(area.x + area.width * 0.3, box.y + 40, { steps: 8 });
  await app.page.mouse.up();
  await expect.poll(async () => divider.getAttribute('aria-valuenow')).toBe('30');
  await app.type('clear; while read -r _; do stty size; done\n');
  await press('Enter');
  await expect.poll(async () => widthOf(0)).toBeLessThan(before * 0.7);
  const fitting = Math.round((await widthOf(0)) / cell);
  await expect
    .poll(async () => {
      await press('Enter');
      return toldColumns(0);
    })
    .toBe(fitting);
  await press('Control+C');
  await expectAccessible(app.page, '[data-region="terminal"]');
});

test('tab, panes, their sizes and the name are there again after a reload', async () => {
  await app.page.getByRole('tab').filter({ hasText: /3$/u }).focus();
  await press('F2');
  await app.type('work');
  await press('Enter');
  await app.page.getByRole('tab', { name: 'work, 3 panes' }).waitFor();
  await app.page.reload();
  app = await reopened(app);
  await app.row('halves').click();
  await app.page.getByRole('tab', { name: 'work, 3 panes' }).waitFor();
  await expect.poll(async () => panes().count()).toBe(3);
  await paneShows(2, /third \d+ \d+/u);
  const divider = app.page.getByRole('separator', { name: 'Width of what is at the left' });
  expect(await divider.getAttribute('aria-valuenow')).toBe('30');
  await press('Control+Enter');
  await expect.poll(focused).toBe(0);
});

test('a pane that ended says so beside the others, and is connected anew or closed', async () => {
  await panes().nth(2).locator('.xterm-screen').click();
  await app.type('exit 3\n');
  const ended = panes().nth(2).getByRole('status');
  await ended.getByText('Ended with exit code 3.').waitFor();
  await expectAccessible(app.page, '[data-region="terminal"]');
  await ended.getByRole('button', { name: 'Reconnect' }).click();
  await ended.waitFor({ state: 'detached' });
  await expect.poll(focused).toBe(2);
  // The new shell's prompt, below what has scrolled away.
  await expect.poll(async () => panes().nth(2).locator('.xterm-rows').innerText()).toMatch(/^\S+:\/workspace[$#]\s*$/u);
  await app.type('echo ag"ai"n; exit 4\n');
  await paneShows(2, 'again');
  await ended.getByRole('button', { name: 'Close pane' }).click();
  await expect.poll(async () => panes().count()).toBe(2);
});

/** What the closed pane left running in the container. */
async function sleepers(): Promise<readonly string[]> {
  const [container] = await profile.containers();
  const commands = await processesIn(profile.client, container?.Id ?? '');
  return commands.filter((command) => command.includes('sleep 4321'));
}

test('closing a pane ends its session and gives its room back; the last one is a plain tab', async () => {
  await panes().nth(1).locator('.xterm-screen').click();
  await app.type('sleep 4321 & echo beg"u"n\n');
  await paneShows(1, 'begun');
  expect(await sleepers()).toHaveLength(1);
  await press('Control+Shift+W');
  await expect.poll(async () => panes().count()).toBe(1);
  await expect.poll(focused).toBe(0);
  await expect.poll(async () => (await sleepers()).length).toBe(0);
  expect(await app.page.getByRole('separator', { name: 'Width of what is at the left' }).count()).toBe(0);
  await app.page.getByRole('tab', { name: 'work', exact: true }).waitFor();
  await app.type('echo "alone, $name"\n');
  await paneShows(0, 'alone, left');
});
