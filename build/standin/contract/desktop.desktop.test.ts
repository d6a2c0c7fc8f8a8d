import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DragSource } from '../testing/drag-source.ts';
import { startNotifications, type Notifications } from '../testing/notification-service.ts';
import { until } from '../testing/processes.ts';
import { Windows } from '../testing/windows.ts';
import { contractTests } from './fixture.ts';

contractTests('the desktop around the app', (fixture) => {
  let notifications: Notifications;
  beforeAll(async () => {
    notifications = await startNotifications(fixture.desktop.env['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  });
  afterAll(() => notifications.stop());

  test('a file manager’s drop reaches the page with real paths', async () => {
    const { page } = await fixture.startWithPage();
    const windows = await Windows.open(fixture.desktop.env);
    const source = await DragSource.open(fixture.desktop.env);
    try {
      await until(async () => (await windows.list()).length === 1);
      const [window] = await windows.list();
      const place = await page.evaluate(() => {
        const { screenX, screenY } = globalThis as unknown as { screenX: number; screenY: number };
        return { x: screenX, y: screenY };
      });
      const box = await page.locator('#drop').boundingBox();
      const folder = path.join(fixture.desktop.home, 'a folder');
      mkdirSync(folder);
      const at = { x: Math.round(place.x + (box?.x ?? 0) + 30), y: Math.round(place.y + (box?.y ?? 0) + 30) };
      await source.drop(window?.window ?? 0, at, [folder]);
      await until(async () => page.evaluate(() => globalThis.drops.length === 1));
      expect(await page.evaluate(() => globalThis.drops)).toEqual([[folder]]);
    } finally {
      source.close();
      windows.disconnect();
    }
  });

  test('a notification is shown, and a click on it comes back', async () => {
    const app = await fixture.start(['--no-window']);
    await until(async () => app.evaluate(({ app: electron }) => electron.isReady()));
    const supported = await app.evaluate(({ Notification }) => {
      const notification = new Notification({ title: 'Needs you', body: 'a “line”' });
      notification.on('click', () => void globalThis.contract.events.push('notification click'));
      notification.show();
      return Notification.isSupported();
    });
    expect(supported).toBe(true);
    await until(() => notifications.shown.length === 1);
    expect(notifications.shown[0]).toMatchObject({ title: 'Needs you', body: 'a “line”' });
    notifications.click(1);
    await until(async () => app.evaluate(() => globalThis.contract.events.includes('notification click')));
  });

  test('text is copied from one program to another', async () => {
    const { app } = await fixture.startWithPage();
    const other = await fixture.start(['--no-window']);
    await until(async () => other.evaluate(({ app: electron }) => electron.isReady()));
    const text = `${'größer '.repeat(20_000)}end`;
    await app.evaluate(async ({ clipboard }, copied) => clipboard.writeText(copied), text);
    expect(await app.evaluate(async ({ clipboard }) => clipboard.readText())).toBe(text);
    await until(async () => (await other.evaluate(async ({ clipboard }) => clipboard.readText())) === text);
  });

  test('links and folders are opened by the desktop’s own programs', async () => {
    const programs = path.join(fixture.desktop.home, 'programs');
    const log = path.join(fixture.desktop.home, 'opened');
    mkdirSync(programs);
    writeFileSync(path.join(programs, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${log}'\n`);
    chmodSync(path.join(programs, 'xdg-open'), 0o755);
    const app = await fixture.start(['--no-window'], {
      env: { PATH: `${programs}:${fixture.desktop.env['PATH'] ?? ''}` },
    });
    const answers = await app.evaluate(async ({ shell }, home) => {
      await shell.openExternal('https://example.invalid/a b');
      return [await shell.openPath(home), await shell.openPath('/not/there')];
    }, fixture.desktop.home);
    expect(answers[0]).toBe('');
    expect(answers[1]).not.toBe('');
    await until(() => readFileSync(log, 'utf8').split('\n').length > 2);
    expect(readFileSync(log, 'utf8')).toBe(`https://example.invalid/a%20b\n${fixture.desktop.home}\n`);
  });

  test('a test answers dialogs by taking their place', async () => {
    const app = await fixture.start(['--no-window']);
    const answer = await app.evaluate(async ({ dialog }) => {
      dialog.showOpenDialog = async () => Promise.resolve({ canceled: false, filePaths: ['/chosen'] });
      return dialog.showOpenDialog({ properties: ['openDirectory'] });
    });
    expect(answer).toEqual({ canceled: false, filePaths: ['/chosen'] });
  });
});
