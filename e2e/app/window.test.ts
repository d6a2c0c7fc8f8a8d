import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, type TazpodApp, prompt } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  app = await launchApp(desktop, profile);
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
});

async function project(name: string, config = `image: ${baseImage}\n`): Promise<string> {
  const folder = await profile.folder(name);
  await mkdir(path.join(folder, '.tazpod'));
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), config);
  return folder;
}

describe('a page of the app', () => {
  test('can’t ask for what the contract does not have, nor with other arguments than it says', async () => {
    const refused = await app.page.evaluate(async () => {
      interface Api {
        request(name: string, ...args: unknown[]): Promise<unknown>;
      }
      const api = Reflect.get(globalThis, 'tazpod') as Api;
      const calls: [string, ...unknown[]][] = [
        ['quitApp'],
        ['__proto__'],
        ['openFolder', '../../etc'],
        ['openLink', 'file:///etc/passwd', 'more'],
        ['copyText', { toString: 'x' }],
        ['openTerminal', '0123456789abcdef', { rows: -1, columns: 1e9 }],
        ['changeSettings', { theme: 'pink' }],
      ];
      const outcomes = await Promise.all(
        calls.map(async ([name, ...args]) =>
          api.request(name, ...args).then(
            () => 'accepted',
            () => 'refused',
          ),
        ),
      );
      const execute = await api.request('execute', { type: 'startProject', projectId: 'x', more: 1 });
      return { outcomes, execute };
    });
    expect(new Set(refused.outcomes)).toEqual(new Set(['refused']));
    expect(refused.execute).toMatchObject({ accepted: false, failure: { code: 'invalid-command' } });
  });
});

test('the list is shown without what only terminals and plots need', async () => {
  await app.page.getByRole('contentinfo', { name: 'Status' }).waitFor();
  const scripts = await app.page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name.slice(name.lastIndexOf('/') + 1))
      .filter((name) => name.endsWith('.js')),
  );
  // What comes once the list is drawn: the pages beside it.
  expect(scripts.map((name) => name.replace(/-[\w-]{8}\.js$/u, '')).toSorted()).toEqual(['index', 'main-page']);
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test('axe finds nothing serious in any view', async () => {
    const folders = [
      await project(`to-trust-${theme}`),
      await project(`broken-${theme}`, 'image: 7\nprivileged: true\n'),
      await profile.folder(`no-config-${theme}`),
    ];
    await app.electron.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
    await app.drop(...folders);
    for (const name of ['to-trust', 'broken', 'no-config'].map((one) => `${one}-${theme}`)) {
      await app.row(name).click();
      for (const tab of ['Terminal', 'Config', 'Activity']) {
        await app.page.getByRole('tab', { name: new RegExp(`^${tab}`, 'u') }).click();
        await expectAccessible(`${name}, ${tab}`);
      }
    }
    await app.button('Settings').click();
    await expectAccessible('settings');
    await app.page.keyboard.press('Escape');
  });
});

async function expectAccessible(where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page: app.page }).setLegacyMode(true).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${where}: ${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
}

test('the whole way goes by keyboard alone', async () => {
  await app.drop(await project('by-keyboard'));
  await app.row('by-keyboard').waitFor();
  const { keyboard } = app.page;
  await keyboard.press('Control+k');
  await keyboard.type('by-keyboard');
  await keyboard.press('Enter');
  await app.page.getByRole('region', { name: 'What the container gets' }).waitFor();
  await tabUntil('What the container gets');
  await keyboard.press('End');
  await tabUntil('Trust and start');
  await keyboard.press('Enter');
  await app.page
    .getByText(/^Running/u)
    .first()
    .waitFor();
  await keyboard.press('Control+Enter');
  await app.terminalShows(prompt);
  await app.type('echo typed-$((20 + 3))\n');
  await app.terminalShows('typed-23');
});

/** Presses Tab until the element with this name has the focus. */
async function tabUntil(name: string): Promise<void> {
  const focused = async (): Promise<string> =>
    app.page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
  for (let presses = 0; presses < 40; presses++) {
    if ((await focused()) === name) return;
    await app.page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reaches "${name}"; it is at "${await focused()}"`);
}
