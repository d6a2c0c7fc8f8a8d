import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SettingsChange } from '../../preload/contract/settings.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { openNotifications, type NotificationDesk } from '../fixtures/notifications.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

/** The page's own world, as far as it is used here. */
interface PageWorld {
  readonly tazpod: {
    request(name: 'changeSettings', change: SettingsChange): Promise<unknown>;
  };
}

// Elsewhere notifications are the system's own, and nothing can listen.
describe.skipIf(process.platform !== 'linux')('the notice of a long command', () => {
  let desktop: TestDesktop;
  let profile: CliProfile;
  let app: TazpodApp;
  let desk: NotificationDesk;

  beforeAll(async () => {
    desktop = await startDesktop();
    desk = await openNotifications(desktop.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '');
    profile = await openCliProfile();
    expect(await profile.up(await profile.folder('patient'))).toMatchObject({ code: 0 });
    app = await launchApp(desktop, profile);
    await app.page.evaluate(async () => {
      const { tazpod } = globalThis as unknown as PageWorld;
      await tazpod.request('changeSettings', { noticeAfterSeconds: 1 });
    });
    await app.row('patient').click();
    await app.button('Open terminal').click();
    await app.terminalShows(prompt);
    await app.page.locator('.xterm-helper-textarea').focus();
  });
  afterEach(async (context) => {
    if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
  });
  afterAll(async () => {
    await app.close();
    desk.close();
    await profile.close();
    await desktop.close();
  });

  const mainWindow = async <Answer>(ask: 'minimize' | 'isMinimized'): Promise<Answer> =>
    app.electron.evaluate(({ BrowserWindow }, name) => BrowserWindow.getAllWindows()[0]?.[name]() as Answer, ask);

  test('comes on the desktop when its window is not looked at, tells nothing of the command, and leads back', async () => {
    await app.type('sleep 1.5; echo se"e"n\n');
    await app.terminalShows(/seen[^]*\/workspace[$#]/u);
    await app.type('sleep 2.5; (exit 3)\n');
    await mainWindow('minimize');
    // The test's own connection keeps every page focused, whatever the window manager says.
    await app.page.evaluate(() => {
      document.hasFocus = () => false;
    });
    const notice = await desk.nth(0);
    expect(notice).toMatchObject({ title: 'patient' });
    expect(notice.body).toMatch(/^A command failed with exit code 3 after [23] s\.$/u);
    // The first command was seen to end, and told of to nobody.
    expect(desk.shown).toHaveLength(1);
    desk.click(notice.id);
    await expect.poll(async () => mainWindow<boolean>('isMinimized')).toBe(false);
    await app.terminalShows('sleep 2.5');
  });

  test('comes for a tab behind another one too', async () => {
    await app.page.locator('.xterm-helper-textarea').focus();
    await app.type('sleep 1.5\n');
    await app.page.keyboard.press('Control+Shift+T');
    const notice = await desk.nth(1);
    expect(notice.body).toMatch(/^A command ended after [12] s\.$/u);
  });
});
