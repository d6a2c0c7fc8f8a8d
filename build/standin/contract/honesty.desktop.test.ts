import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runtime } from '../testing/launch.ts';
import { commandLineOf, descendantsOf, isRunning, until } from '../testing/processes.ts';
import { Windows } from '../testing/windows.ts';
import { distFolder, electronVersion, runtimeName } from '../runtime/version.ts';
import { appFolder, contractTests, eventsOf } from './fixture.ts';

/** What the stand-in must say of itself. There is nothing to test where Electron runs. */
if (runtime.kind === 'electron') test.skip('the stand-in’s honesty (skipped: this is Electron)', () => undefined);
else {
  contractTests('honesty', (fixture) => {
    let windows: Windows;
    beforeAll(async () => {
      windows = await Windows.open(fixture.desktop.env);
    });
    afterAll(() => windows.disconnect());

    test('says what it is: in the version, the window’s title and on the command line', async () => {
      const { app } = await fixture.startWithPage();
      expect(electronVersion).toMatch(/^\d+\.\d+\.\d+-standin$/);
      expect(await app.evaluate(() => process.versions['electron'])).toBe(electronVersion);
      expect(await app.evaluate(() => process.versions['chrome'])).toMatch(/^\d+\.\d+/);
      await until(async () => (await windows.list()).some(({ title }) => title === `Contract page — ${runtimeName}`));
      const asked = spawn(path.join(distFolder, 'electron'), ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const [printed] = (await once(asked.stdout, 'data')) as [Buffer];
      expect(printed.toString()).toBe(`v${electronVersion}\n`);
    });

    test('has no key store, and says so instead of keeping plain text', async () => {
      const app = await fixture.start([]);
      await app.firstWindow();
      const seen = await app.evaluate(({ safeStorage }) => [
        safeStorage.isEncryptionAvailable(),
        safeStorage.getSelectedStorageBackend(),
      ]);
      expect(seen).toEqual([false, 'basic_text']);
    });

    test('a member that it lacks throws its name, wherever it is', async () => {
      const app = await fixture.start([]);
      await app.firstWindow();
      const messages = await app.evaluate((electron) => {
        const [window] = electron.BrowserWindow.getAllWindows();
        const attempt = (use: () => unknown): string => {
          try {
            use();
            return 'nothing thrown';
          } catch (error) {
            return (error as Error).message.split(' implement ')[1]?.split(' (')[0] ?? String(error);
          }
        };
        return [
          attempt(() => electron.globalShortcut),
          attempt(() => electron.app.dock),
          attempt(() => electron.app.setBadgeCount(1)),
          attempt(() => window?.setKiosk(true)),
          attempt(() => window?.webContents.openDevTools()),
          attempt(() => window?.on('swipe', () => undefined)),
          attempt(() => electron.nativeTheme.shouldUseHighContrastColors),
          attempt(() => electron.session.fromPartition('x')),
          attempt(() => electron.session.defaultSession.webRequest),
          attempt(() => electron.nativeImage.createFromPath('/none').toBitmap()),
          attempt(() => new electron.BrowserWindow({ kiosk: true })),
          attempt(() => new electron.BrowserWindow({ webPreferences: { nodeIntegration: true } })),
          attempt(() => electron.Menu.setApplicationMenu(new electron.Menu())),
          attempt(() => electron.safeStorage.encryptString('x')),
        ];
      });
      expect(messages).toEqual([
        'electron.globalShortcut',
        'App.dock',
        'App.setBadgeCount',
        'BrowserWindow.setKiosk',
        'WebContents.openDevTools',
        "the event 'swipe' of BrowserWindow",
        'NativeTheme.shouldUseHighContrastColors',
        'session.fromPartition',
        'Session.webRequest',
        'NativeImage.toBitmap',
        "BrowserWindow's option 'kiosk'",
        'webPreferences.nodeIntegration: true',
        'Menu.setApplicationMenu of anything but null',
        'safeStorage.encryptString',
      ]);
    });

    test('Playwright starts it by its path as well', async () => {
      const app = await fixture.start([], { executablePath: path.join(distFolder, 'electron') });
      const page = await app.firstWindow();
      await page.waitForFunction(() => 'atStart' in globalThis);
      expect((await page.screenshot()).length).toBeGreaterThan(1000);
    });

    /** Starts it as a person does: nobody asks for a port. */
    const startAlone = (): ReturnType<typeof spawn> =>
      spawn(path.join(distFolder, 'electron'), [appFolder], {
        env: fixture.desktop.env,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    const chromiumOf = (pid: number): number | undefined =>
      descendantsOf(pid).find((one) => commandLineOf(one).includes('--remote-debugging-pipe'));

    test('opens no port unless Playwright asks, keeps Chromium’s sandbox unless it is root, and leaves nothing behind', async () => {
      const child = startAlone();
      let said = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
      const pid = child.pid ?? 0;
      await until(async () => (await windows.list()).length === 1);
      const line = commandLineOf(chromiumOf(pid) ?? 0);
      expect(line).toContain('--remote-debugging-pipe');
      expect(line).not.toContain('--remote-debugging-port');
      const isRoot = process.getuid?.() === 0;
      expect(line.includes('--no-sandbox')).toBe(isRoot);
      expect(said.includes("Chromium's own sandbox is off")).toBe(isRoot);
      const family = descendantsOf(pid);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect((await ended)[0]).toBe(0);
      expect(family.filter((one) => isRunning(one))).toEqual([]);
      expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`electron-standin-${pid}-`))).toEqual([]);
    });

    test('ends with an error when Chromium ends', async () => {
      const child = startAlone();
      let said = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
      await until(async () => (await windows.list()).length === 1);
      const ended = once(child, 'exit');
      process.kill(chromiumOf(child.pid ?? 0) ?? 0, 'SIGKILL');
      expect((await ended)[0]).toBe(1);
      expect(said).toContain('Chromium ended (SIGKILL)');
    });

    test('without a display it says so', async () => {
      const { DISPLAY: _none, ...env } = fixture.desktop.env;
      const child = spawn(path.join(distFolder, 'electron'), [appFolder], { env, stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      expect((await once(child, 'close'))[0]).toBe(1);
      expect(said).toContain('Unable to open X display');
    });

    test('keeps its page in its window where a window manager was faster', async () => {
      await fixture.startWithPage();
      const run = async (program: string, ...words: readonly string[]): Promise<string> =>
        (await promisify(execFile)(program, words, { env: fixture.desktop.env })).stdout;
      const frames = async (): Promise<readonly number[]> => (await windows.list()).map(({ window }) => window);
      await until(async () => (await frames()).length === 1);
      const [frame] = await frames();
      const page = async (): Promise<string | undefined> =>
        /^ +(0x[0-9a-f]+) .* 640x480\+0\+0/mu.exec(await run('xwininfo', '-children', '-id', String(frame)))?.[1];
      await until(async () => (await page()) !== undefined);
      const ours = (await page()) ?? '';
      const [root] = /0x[0-9a-f]+/u.exec(await run('xwininfo', '-root')) ?? [''];
      await run('xdotool', 'windowunmap', ours, 'set_window', '--overrideredirect', '0', ours);
      await run('xdotool', 'windowreparent', ours, root, 'windowmap', ours);
      await until(async () => (await page()) === ours && (await frames()).length === 1);
    });

    test('runs plain Node when it is asked to, as Electron does', async () => {
      const env = { ...fixture.desktop.env, ELECTRON_RUN_AS_NODE: '1' };
      const child = spawn(path.join(distFolder, 'electron'), ['-p', 'process.versions.electron'], {
        env,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const [printed] = (await once(child.stdout, 'data')) as [Buffer];
      expect(printed.toString()).toBe(`${electronVersion}\n`);
    });

    test('an error that nobody caught is told, and the app goes on, as in Electron', async () => {
      const { app } = await fixture.startWithPage();
      let said = '';
      app.process().stderr?.on('data', (text: Buffer) => (said += text.toString()));
      await app.evaluate(() => {
        setTimeout(() => {
          throw new Error('on purpose');
        }, 0);
        void Promise.reject(new Error('unheard'));
      });
      await until(() => said.includes('on purpose') && said.includes('unheard'));
      expect(await eventsOf(app)).toContain('ready');
    });
  });
}
