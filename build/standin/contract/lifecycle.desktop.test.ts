import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { runtime } from '../testing/launch.ts';
import { commandLineOf, descendantsOf, isRunning, until } from '../testing/processes.ts';
import { appFolder, contractTests, eventsOf } from './fixture.ts';

contractTests('lifecycle', (fixture) => {
  const logged = async (
    args: readonly string[],
    act: (app: Awaited<ReturnType<typeof fixture.start>>) => Promise<unknown>,
  ) => {
    // Inside the desktop's home folder, which goes with the desktop.
    const log = path.join(mkdtempSync(path.join(fixture.desktop.home, 'contract-')), 'log');
    const app = await fixture.start(args, { env: { CONTRACT_LOG: log } });
    await app.firstWindow();
    await until(async () => (await eventsOf(app)).includes('did-finish-load'));
    const child = app.process();
    const ended = once(child, 'exit');
    // The process may end before the answer is sent.
    await act(app).catch(() => undefined);
    const [code] = (await ended) as [number];
    return { code, events: readFileSync(log, 'utf8').split('\n') };
  };

  test('ready comes once, before whenReady’s listeners act, and a window’s events in order', async () => {
    const { app } = await fixture.startWithPage();
    await until(async () => (await eventsOf(app)).includes('window show'));
    const events = await eventsOf(app);
    expect(events.filter((name) => name === 'ready')).toHaveLength(1);
    const order = ['lock true', 'ready', 'whenReady', 'did-finish-load'];
    expect(events.filter((name) => order.includes(name))).toEqual(order);
    expect(events.indexOf('window ready-to-show')).toBeLessThan(events.indexOf('window show'));
    expect(await app.evaluate(({ app: electron }) => electron.isReady())).toBe(true);
  });

  test('the app knows who it is and where its folders are', async () => {
    const app = await fixture.start(['--no-window']);
    const facts = await app.evaluate(({ app: electron }) => ({
      name: electron.getName(),
      version: electron.getVersion(),
      packaged: electron.isPackaged,
      folder: electron.getAppPath(),
      userData: electron.getPath('userData'),
      home: electron.getPath('home'),
      type: process.type,
      runtime: process.versions['electron'],
    }));
    const { home } = fixture.desktop;
    expect(facts).toEqual({
      name: 'electron-contract',
      version: '1.2.3',
      packaged: false,
      folder: appFolder,
      userData: path.join(home, '.config', 'electron-contract'),
      home,
      type: 'browser',
      runtime: runtime.version,
    });
  });

  test('quit asks, closes, then says goodbye', async () => {
    const { code, events } = await logged([], async (app) => app.evaluate(({ app: electron }) => electron.quit()));
    expect(events.slice(-4)).toEqual(['before-quit', 'window closed', 'will-quit', 'quit 0']);
    expect(events).not.toContain('window-all-closed');
    expect(code).toBe(0);
  });

  test('a quit that is refused changes nothing', async () => {
    const { app } = await fixture.startWithPage();
    await app.evaluate(({ app: electron }) => {
      globalThis.contract.denyQuit = true;
      electron.quit();
    });
    expect((await eventsOf(app)).at(-1)).toBe('before-quit');
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    await app.evaluate(() => {
      globalThis.contract.denyQuit = false;
    });
  });

  test('exit asks nobody and gives its code', async () => {
    const { code, events } = await logged([], async (app) => app.evaluate(({ app: electron }) => electron.exit(3)));
    expect(events.slice(-2)).toEqual(['window closed', 'quit 3']);
    expect(events).not.toContain('before-quit');
    expect(code).toBe(3);
  });

  test('the last window’s end is the app’s, unless someone listens', async () => {
    const close = async (app: Awaited<ReturnType<typeof fixture.start>>): Promise<void> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    const { events } = await logged(['--quits-with-last-window'], close);
    expect(events.slice(-4)).toEqual(['window closed', 'before-quit', 'will-quit', 'quit 0']);
    const { app } = await fixture.startWithPage();
    await close(app);
    expect((await eventsOf(app)).slice(-2)).toEqual(['window closed', 'window-all-closed']);
  });

  test('a second start hands its words to the first and ends', async () => {
    const app = await fixture.start(['--single']);
    await app.firstWindow();
    const cli = path.resolve('node_modules', 'electron', 'cli.js');
    const env = { ...fixture.desktop.env, ELECTRON_OVERRIDE_DIST_PATH: runtime.distPath };
    const words = [cli, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), appFolder, '--single', '--raise me'];
    const second = spawn(process.execPath, words, { env, cwd: tmpdir(), stdio: 'ignore' });
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).toBe(0);
    await until(async () => (await eventsOf(app)).includes('second-instance'));
    const heard = await app.evaluate(
      () => (globalThis as unknown as { second: { argv: string[]; cwd: string; data: unknown } }).second,
    );
    expect(heard.argv).toContain('--raise me');
    expect(heard.cwd).toBe(tmpdir());
    expect(heard.data).toEqual({ from: expect.any(Number) });
  });

  test('a lock outlives neither its process nor its release', async () => {
    const app = await fixture.start(['--single', '--no-window']);
    await until(async () => (await eventsOf(app)).includes('ready'));
    const child = app.process();
    const ended = once(child, 'exit');
    for (const pid of [...descendantsOf(child.pid ?? 0), child.pid ?? 0])
      if (isRunning(pid)) process.kill(pid, 'SIGKILL');
    await ended;
    const next = await fixture.start(['--single', '--no-window']);
    expect(await eventsOf(next)).toContain('lock true');
  });

  test('a main process that is killed takes every other process with it', async () => {
    const { app } = await fixture.startWithPage();
    const main = await app.evaluate(() => process.pid);
    const family = descendantsOf(main);
    expect(family.length).toBeGreaterThan(1);
    process.kill(main, 'SIGKILL');
    await until(() => !family.some((pid) => isRunning(pid)));
    expect(family.filter((pid) => isRunning(pid)).map(commandLineOf)).toEqual([]);
  });
});
