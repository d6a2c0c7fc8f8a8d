import { expect, test } from 'vitest';
import type { Page } from 'playwright';
import { until } from '../testing/processes.ts';
import { contractTests } from './fixture.ts';

/** What these tests use of a page's globals. */
interface PageGlobals {
  readonly location: { href: string };
  readonly document: {
    readonly title: string;
    readonly body: { append(element: unknown): void };
    createElement(name: string): Record<string, unknown>;
  };
  readonly isSecureContext: boolean;
  readonly navigator: { readonly permissions: { query(of: { name: string }): Promise<{ state: string }> } };
  readonly Notification: { requestPermission(): Promise<string> };
  readonly inlineRan?: boolean;
  open(url: string): unknown;
  fetch(url: string): Promise<{ readonly status: number; text(): Promise<string> }>;
}

contractTests('a page of the app’s own scheme', (fixture) => {
  const titleOf = async (page: Page): Promise<string> => page.title();

  test('is a secure place, served by the handler, under its content security policy', async () => {
    const { app, page } = await fixture.startWithPage();
    const seen = await page.evaluate(async () => {
      const { isSecureContext, inlineRan, fetch, document } = globalThis as unknown as PageGlobals;
      const script = document.createElement('script');
      script['textContent'] = 'globalThis.addedRan = true';
      document.body.append(script);
      const missing = await fetch('nowhere.txt');
      const there = await (await fetch('other.html')).text();
      const elsewhere = await fetch('https://example.invalid/').then(
        () => 'fetched',
        () => 'refused',
      );
      const ran = { inline: inlineRan === true, added: 'addedRan' in globalThis };
      return { isSecureContext, ran, missing: missing.status, there: there.includes('Other page'), elsewhere };
    });
    expect(seen).toEqual({
      isSecureContext: true,
      ran: { inline: false, added: false },
      missing: 404,
      there: true,
      elsewhere: 'refused',
    });
    const url = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
    expect(url).toBe('contract://app/page.html');
  });

  test('goes nowhere that the app forbids, and everywhere that it allows', async () => {
    const { app, page } = await fixture.startWithPage();
    const navigations = async (): Promise<string[]> => app.evaluate(() => globalThis.contract.navigations);
    await page.evaluate(() => {
      (globalThis as unknown as PageGlobals).location.href = 'https://example.invalid/script';
    });
    await until(async () => (await navigations()).length === 1);
    await page.click('#away');
    await until(async () => (await navigations()).length === 2);
    expect(await navigations()).toEqual(['https://example.invalid/script', 'https://example.invalid/']);
    // Still there, and alive.
    expect(await page.evaluate(async () => globalThis.contract.invoke('echo', 'here'))).toBe('here');
    expect(await titleOf(page)).toBe('Contract page');
    await page.click('#inside');
    await until(async () => (await titleOf(page)) === 'Other page');
    expect((await navigations()).at(-1)).toBe('contract://app/other.html');
    await until(async () => page.evaluate(() => 'atStart' in globalThis));
    await page.evaluate(async () => globalThis.contract.invoke('echo', 1));
    expect((await app.evaluate(() => globalThis.contract.senders)).at(-1)?.url).toBe('contract://app/other.html');
  });

  test('opens no window', async () => {
    const { app, page } = await fixture.startWithPage();
    const opened = async (): Promise<string[]> => app.evaluate(() => globalThis.contract.opened);
    const result = await page.evaluate(() =>
      (globalThis as unknown as PageGlobals).open('https://example.invalid/open'),
    );
    expect(result).toBeNull();
    await until(async () => (await opened()).length === 1);
    await page.click('#blank');
    await until(async () => (await opened()).length === 2);
    expect(await opened()).toEqual(['https://example.invalid/open', 'https://example.invalid/blank']);
    await until(() => app.windows().length === 1);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('gets no permission', async () => {
    const { app, page } = await fixture.startWithPage();
    const states = await page.evaluate(async () => {
      const { navigator, Notification } = globalThis as unknown as PageGlobals;
      const names = ['geolocation', 'camera', 'microphone', 'clipboard-read', 'midi'];
      const all = await Promise.all(names.map(async (name) => (await navigator.permissions.query({ name })).state));
      return [...all, await Notification.requestPermission()];
    });
    expect(states).not.toContain('granted');
    expect(await app.evaluate(() => globalThis.contract.asked)).toContain('notifications');
  });

  test('a folder that is dropped has its real path', async () => {
    const { page } = await fixture.startWithPage();
    const session = await page.context().newCDPSession(page);
    const { home } = fixture.desktop;
    const box = await page.locator('#drop').boundingBox();
    const files = [home, '/etc/hostname'];
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      const data = { items: [], files, dragOperationsMask: 1 };
      await session.send('Input.dispatchDragEvent', { type, x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 20, data });
    }
    await until(async () => page.evaluate(() => globalThis.drops.length === 1));
    expect(await page.evaluate(() => globalThis.drops)).toEqual([files]);
  });

  test('a file that a page makes has no path, and nothing else is a file', async () => {
    const { page } = await fixture.startWithPage();
    const paths = await page.evaluate(() => {
      const made = new File(['x'], 'made.txt');
      let refusal = '';
      try {
        globalThis.contract.pathOf('/etc/passwd');
      } catch (error) {
        refusal = (error as Error).message;
      }
      return [globalThis.contract.pathOf(made), refusal];
    });
    expect(paths[0]).toBe('');
    expect(paths[1]).toContain("'File'");
  });
});
