import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runtime } from '../testing/launch.ts';
import { until } from '../testing/processes.ts';
import { Windows } from '../testing/windows.ts';
import { appFolder, contractTests, eventsOf } from './fixture.ts';

contractTests('BrowserWindow', (fixture) => {
  let windows: Windows;
  beforeAll(async () => {
    windows = await Windows.open(fixture.desktop.env);
  });
  afterAll(() => windows.disconnect());

  const isOnScreen = async (title = 'Contract'): Promise<boolean> =>
    (await windows.list()).some((one) => one.title.startsWith(title));
  test('hides on close in 20 of 20 rounds, on a page that nobody touched', async () => {
    const { app, page } = await fixture.startWithPage(['--hides-on-close']);
    for (let round = 1; round <= 20; round += 1) {
      await until(async () => isOnScreen());
      await windows.close('Contract');
      await until(async () => !(await isOnScreen()));
      const state = await app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        const visible = window?.isVisible();
        window?.show();
        return visible;
      });
      expect(state).toBe(false);
    }
    const events = await eventsOf(app);
    expect(events.filter((name) => name === 'window close')).toHaveLength(20);
    expect(events.filter((name) => name === 'window hide')).toHaveLength(20);
    expect(events).not.toContain('window closed');
    // The same page all along.
    expect(await page.evaluate(() => 'atStart' in globalThis)).toBe(true);
  });

  test('closes by its button, and its page with it', async () => {
    const { app, page } = await fixture.startWithPage();
    const gone = page.waitForEvent('close');
    await until(async () => isOnScreen());
    await windows.close('Contract');
    await gone;
    expect((await eventsOf(app)).slice(-2)).toEqual(['window closed', 'window-all-closed']);
  });

  test('is not on screen before it is shown', async () => {
    const app = await fixture.start(['--no-window']);
    await until(async () => app.evaluate(({ app: electron }) => electron.isReady()));
    const page = app.waitForEvent('window');
    const id = await app.evaluate(() => globalThis.contract.openWindow(false));
    await (await page).waitForFunction(() => 'atStart' in globalThis);
    expect(await isOnScreen()).toBe(false);
    await app.evaluate(({ BrowserWindow }, of) => BrowserWindow.fromId(of)?.show(), id);
    await until(async () => isOnScreen());
  });

  test('has the size that was asked for, inside, and keeps to what is set', async () => {
    const { app, page } = await fixture.startWithPage();
    await until(async () => isOnScreen());
    const inner = async (): Promise<unknown> =>
      page.evaluate(() => [
        (globalThis as unknown as { innerWidth: number }).innerWidth,
        (globalThis as unknown as { innerHeight: number }).innerHeight,
      ]);
    await until(async () => JSON.stringify(await inner()) === '[640,480]');
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.setBounds({ x: 50, y: 60, width: 500, height: 400 }),
    );
    await until(async () => JSON.stringify(await inner()) === '[500,400]');
    const bounds = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
    expect(bounds).toMatchObject({ width: 500, height: 400 });
  });

  test('minimises and comes back', async () => {
    const { app } = await fixture.startWithPage();
    await until(async () => isOnScreen());
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    await until(async () => (await eventsOf(app)).includes('window minimize'));
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized())).toBe(true);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.restore());
    await until(async () => (await eventsOf(app)).includes('window restore'));
  });

  test('tells its page whether it is seen and has the keyboard', async () => {
    // Playwright makes every page believe that it has both, so the app itself looks, and nobody else is there.
    const cli = path.resolve('node_modules', 'electron', 'cli.js');
    const env = { ...fixture.desktop.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.distPath };
    const words = [cli, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), appFolder, '--looks'];
    const { stdout } = await promisify(execFile)(process.execPath, words, { env });
    expect(stdout.trim().split('\n')).toEqual([
      'shown: visible true',
      'hidden: hidden false',
      'shown again: visible true',
      'minimised: hidden false',
      'restored: visible true',
    ]);
  });

  test('is titled by its page', async () => {
    const { app } = await fixture.startWithPage();
    await until(async () => isOnScreen('Contract page'));
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle())).toBe(
      'Contract page',
    );
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setTitle('Mine'));
    await until(async () => isOnScreen('Mine'));
  });

  test('can be pictured', async () => {
    const { app, page } = await fixture.startWithPage();
    await until(async () => isOnScreen());
    const picture = await page.screenshot();
    const image = await app.evaluate(({ nativeImage }, data) => {
      const decoded = nativeImage.createFromBuffer(Buffer.from(data, 'base64'));
      return decoded.getSize();
    }, picture.toString('base64'));
    expect(image).toEqual({ width: 640, height: 480 });
  });

  test('follows nativeTheme', async () => {
    const { app, page } = await fixture.startWithPage();
    const isDark = async (): Promise<boolean> =>
      page.evaluate(
        () =>
          (globalThis as unknown as { matchMedia(query: string): { matches: boolean } }).matchMedia(
            '(prefers-color-scheme: dark)',
          ).matches,
      );
    const set = async (source: 'dark' | 'light' | 'system'): Promise<boolean> =>
      app.evaluate(({ nativeTheme }, wanted) => {
        nativeTheme.themeSource = wanted;
        return nativeTheme.shouldUseDarkColors;
      }, source);
    expect(await set('dark')).toBe(true);
    await until(isDark);
    expect(await set('light')).toBe(false);
    await until(async () => !(await isDark()));
    expect(await set('system')).toBe(false);
    expect((await eventsOf(app)).filter((name) => name === 'theme').length).toBeGreaterThanOrEqual(2);
  });

  test('outlives its page', async () => {
    const { app, page } = await fixture.startWithPage();
    const session = await page.context().newCDPSession(page);
    session.send('Page.crash').catch(() => undefined);
    await until(async () => (await eventsOf(app)).some((name) => name.startsWith('gone ')));
    expect(await eventsOf(app)).toContain('gone crashed');
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload());
    await until(async () => (await eventsOf(app)).filter((name) => name === 'did-finish-load').length === 2);
  });
});
