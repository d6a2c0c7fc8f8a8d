import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ElectronApplication } from 'playwright';
import { TrayClient, type TrayIcon } from '../testing/tray-client.ts';
import { until } from '../testing/processes.ts';
import { contractTests } from './fixture.ts';

contractTests('Tray', (fixture) => {
  let tray: TrayClient;
  beforeAll(() => {
    tray = new TrayClient(fixture.desktop.env['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  });
  afterAll(() => tray.close());

  const findIcon = async (): Promise<TrayIcon> => tray.until(async () => (await tray.icons())[0] ?? null);
  const noIcon = async (): Promise<true> => tray.until(async () => ((await tray.icons()).length === 0 ? true : null));
  const start = async (): Promise<{ app: ElectronApplication; icon: TrayIcon }> => {
    await noIcon();
    const app = await fixture.start(['--no-window']);
    await until(async () => app.evaluate(({ app: electron }) => electron.isReady()));
    await app.evaluate(() => globalThis.contract.openTray());
    return { app, icon: await findIcon() };
  };
  const clicks = async (app: ElectronApplication): Promise<string[]> =>
    app.evaluate(() => globalThis.contract.menuClicks);

  test('shows its icon and tip', async () => {
    const { app, icon } = await start();
    expect(icon.toolTip).toBe('Contract tip');
    expect(icon.pixmaps.length).toBeGreaterThan(0);
    for (const { width, height, argb } of icon.pixmaps) {
      expect([22, 44]).toContain(width);
      expect(height).toBe(width);
      expect(argb).toHaveLength(width * height * 4);
      expect(argb.some((byte) => byte !== 0)).toBe(true);
    }
    await app.evaluate(() => (globalThis as unknown as { tray: { destroy(): void } }).tray.destroy());
    await noIcon();
  });

  test('tells of clicks on the icon', async () => {
    const { app, icon } = await start();
    await tray.activate(icon);
    await until(async () => (await clicks(app)).includes('icon'));
  });

  test('shows its menu, and clicks reach the item at any depth', async () => {
    const { app, icon } = await start();
    const items = await tray.until(async () => {
      const menu = await tray.menu(icon);
      return menu.length > 0 ? menu : null;
    });
    const shown = items
      .filter((item) => item.visible)
      .map(({ label, type, enabled, checked }) => [label, type, enabled, checked]);
    expect(shown).toEqual([
      ['state: idle', 'standard', false, null],
      ['Do & say_so', 'standard', true, null],
      ['', 'separator', true, null],
      ['Option', 'standard', true, true],
      ['More', 'standard', true, null],
    ]);
    await tray.click(icon, 'Do & say_so');
    await tray.click(icon, 'More', 'Deep', 'Deeper');
    await tray.click(icon, 'Option');
    await until(async () => (await clicks(app)).length === 3);
    expect(await clicks(app)).toEqual(['do', 'deeper', 'option']);
    await tray.until(async () =>
      (await tray.menu(icon)).find(({ label }) => label === 'Option')?.checked === false ? true : null,
    );
  });

  test('a menu that is replaced is the new one at once', async () => {
    const { app, icon } = await start();
    await app.evaluate(({ Menu }) => {
      const menu = Menu.buildFromTemplate([
        { label: 'Only', click: () => void globalThis.contract.menuClicks.push('only') },
      ]);
      (globalThis as unknown as { tray: { setContextMenu(of: unknown): void } }).tray.setContextMenu(menu);
    });
    await tray.until(async () => ((await tray.menu(icon)).length === 1 ? true : null));
    await tray.click(icon, 'Only');
    await until(async () => (await clicks(app)).includes('only'));
  });

  test('comes back with the desktop’s tray', async () => {
    const { icon } = await start();
    await fixture.desktop.setTray(false);
    await fixture.desktop.setTray(true);
    const again = await findIcon();
    expect(again.toolTip).toBe(icon.toolTip);
  });
});
