import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { launchApp, projectRoot, type TazpodApp } from './tazpod-app.ts';

/**
 * Electron's security checklist (https://www.electronjs.org/docs/latest/tutorial/security), asserted on the running app,
 * item by item. No engine is needed, so it runs wherever a window can be shown.
 */
let desktop: TestDesktop;
let app: TazpodApp;
let folder: string;
/** A server on this machine that nothing in a page may reach. */
let server: Server;
let seenByServer = 0;
let serverUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tzs-'));
  server = createServer((_request, response) => {
    seenByServer += 1;
    response.end('<p>elsewhere</p>');
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  desktop = await startDesktop();
  for (const name of ['state', 'run', 'home']) await mkdir(path.join(folder, name), { mode: 0o700 });
  const environment = {
    HOME: path.join(folder, 'home'),
    TAZPOD_STATE_DIR: path.join(folder, 'state'),
    XDG_RUNTIME_DIR: path.join(folder, 'run'),
    DOCKER_HOST: `unix://${path.join(folder, 'no-engine.sock')}`,
  };
  app = await launchApp(desktop, { environment });
});
afterAll(async () => {
  await app.close();
  await desktop.close();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

interface Api {
  request(name: string, ...args: unknown[]): Promise<unknown>;
  on(name: string, listener: (...args: unknown[]) => void): () => void;
}

describe('Electron’s security checklist', () => {
  test('1 and 18: every page comes from the app’s own scheme, never from the network or file:', async () => {
    const urls = await app.electron.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL()),
    );
    expect(urls).toEqual(['tazpod://app/index.html']);
    const strangers = await app.page.evaluate(() =>
      [...document.querySelectorAll('script, link, img')]
        .map((element) => element.getAttribute('src') ?? element.getAttribute('href') ?? '')
        .filter((source) => !new URL(source, location.href).href.startsWith(new URL('/', location.href).href)),
    );
    expect(strangers).toEqual([]);
  });

  test('2: nothing of Node is in a page', async () => {
    const found = await app.page.evaluate(() =>
      ['require', 'process', 'module', 'global', 'Buffer', 'ipcRenderer', 'electron'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(found).toEqual([]);
  });

  test('3: what a page does to its own built-ins does not reach the preload script', async () => {
    const reached = await app.page.evaluate(async () => {
      const includes = Array.prototype.includes;
      let calls = 0;
      Reflect.set(Array.prototype, 'includes', function (this: unknown[], ...args: [unknown]): boolean {
        calls += 1;
        return includes.apply(this, args);
      });
      const outcome = await (Reflect.get(globalThis, 'tazpod') as Api).request('quitApp').then(
        () => 'accepted',
        () => 'refused',
      );
      Reflect.set(Array.prototype, 'includes', includes);
      return { calls, outcome };
    });
    // The preload script looks the name up with `includes` of its own world.
    expect(reached).toEqual({ calls: 0, outcome: 'refused' });
  });

  test('5: every permission is denied', async () => {
    const states = await app.page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi'];
      return Promise.all(
        names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state),
      );
    });
    expect(new Set(states)).toEqual(new Set(['denied']));
    const media = await app.page.evaluate(async () => {
      // Gone in pages that are no secure context.
      const devices = Reflect.get(navigator, 'mediaDevices') as MediaDevices | undefined;
      if (devices === undefined) return 'refused';
      return devices.getUserMedia({ audio: true }).then(
        () => 'given',
        () => 'refused',
      );
    });
    expect(media).toBe('refused');
  });

  test('6, 7 and 8: the page runs no inline script and no eval, and reaches no server, not even on this machine', async () => {
    const outcome = await app.page.evaluate(async (url) => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        violations.push(effectiveDirective),
      );
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.body.append(script);
      const image = new Image();
      const imageFailed = new Promise((resolve) => image.addEventListener('error', resolve));
      image.src = url;
      const frame = document.createElement('iframe');
      frame.src = url;
      document.body.append(frame);
      const fetched = await fetch(url).then(
        () => true,
        () => false,
      );
      await imageFailed;
      let evaluated = false;
      try {
        evaluated = Reflect.apply(Reflect.get(globalThis, 'eval') as (text: string) => boolean, globalThis, ['true']);
      } catch {
        // As it should be.
      }
      script.remove();
      frame.remove();
      return {
        injected: 'injected' in globalThis,
        fetched,
        evaluated,
        violations: [...new Set(violations)].toSorted(),
      };
    }, serverUrl);
    expect(outcome).toMatchObject({ injected: false, fetched: false, evaluated: false });
    for (const directive of ['connect-src', 'img-src', 'script-src-elem']) {
      expect(outcome.violations).toContain(directive);
    }
    expect(seenByServer).toBe(0);
  });

  test('11 and 12: a webview is a word without meaning', async () => {
    const isPlain = await app.page.evaluate(() => !('executeJavaScript' in document.createElement('webview')));
    expect(isPlain).toBe(true);
  });

  test('13: the page goes nowhere, by no address, form or dropped file', async () => {
    const before = app.page.url();
    await app.page.evaluate((url) => {
      const form = document.createElement('form');
      form.action = url;
      document.body.append(form);
      form.submit();
      form.remove();
    }, serverUrl);
    await app.page.evaluate((url) => {
      globalThis.location.href = url;
    }, serverUrl);
    await app.drop(path.join(projectRoot, 'package.json'));
    await app.button('Settings').waitFor();
    expect(app.page.url()).toBe(before);
    expect(seenByServer).toBe(0);
  });

  test('14: it opens no window', async () => {
    expect(await app.page.evaluate((url) => globalThis.open(url) === null, serverUrl)).toBe(true);
    expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('15: the desktop is asked to open https and this machine’s http alone', async () => {
    const answers = await app.page.evaluate(async () => {
      const api = Reflect.get(globalThis, 'tazpod') as Api;
      const urls = [
        'file:///etc/passwd',
        'http://example.com/',
        'https://user@example.com/',
        'smb://host/share',
        'data:,x',
      ];
      return Promise.all(
        urls.map(async (url) =>
          api.request('openLink', url).then(
            (answer) => (answer as { ok: boolean }).ok,
            () => false,
          ),
        ),
      );
    });
    expect(new Set(answers)).toEqual(new Set([false]));
  });

  test('16: it runs in the Electron that the lock file names', async () => {
    const lock = JSON.parse(await readFile(path.join(projectRoot, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version: string }>;
    };
    const running = await app.electron.evaluate(() => process.versions['electron'] ?? '');
    expect(running.split('-')[0]).toBe(lock.packages['node_modules/electron']?.version);
  });

  test('17: a window that is not the app’s is refused, though it has the same preload script', async () => {
    const outcome = await app.electron.evaluate(
      async ({ BrowserWindow }, preload) => {
        const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: true } });
        await stranger.loadURL('tazpod://app/index.html');
        const answer: unknown = await stranger.webContents.executeJavaScript(
          "globalThis.tazpod.request('readSettings').then(() => 'answered', () => 'refused')",
        );
        stranger.destroy();
        return answer;
      },
      path.join(projectRoot, 'out', 'preload', 'index.cjs'),
    );
    expect(outcome).toBe('refused');
  });

  test('20: the bridge has four names, and no event object of Electron passes it', async () => {
    const seen = await app.page.evaluate(async () => {
      const api = Reflect.get(globalThis, 'tazpod') as Api;
      const heard = new Promise<readonly string[]>((resolve) => {
        api.on('settingsChange', (...args) => resolve(args.flatMap((one) => Object.keys(one as object))));
      });
      await api.request('changeSettings', { theme: 'dark' });
      return { names: Object.keys(api).toSorted(), heard: await heard };
    });
    expect(seen.names).toEqual(['on', 'pathsOf', 'request', 'send']);
    expect(seen.heard).toContain('theme');
    expect(seen.heard).not.toContain('sender');
  });
});
