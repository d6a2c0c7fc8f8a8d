import { _electron, type ElectronApplication, type Page } from 'playwright';
import { ensureElectron } from '../../setup/electron.mjs';
import type { Desktop } from './desktop.ts';

/** Electron where its binary is there, else the stand-in: as `npm start` chooses, but nothing is fetched. */
export const runtime = await ensureElectron({ fetch: false });

/** Playwright asks the electron package where its binary is, and that asks this variable. */
process.env['ELECTRON_OVERRIDE_DIST_PATH'] = runtime.distPath;

export interface LaunchOptions {
  readonly desktop: Desktop;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly executablePath?: string;
}

export async function launch({ desktop, args, env = {}, executablePath }: LaunchOptions): Promise<ElectronApplication> {
  return _electron.launch({
    args: [...args],
    env: { ...desktop.env, ...env },
    // The app's own theme is under test, not one that Playwright sets.
    colorScheme: null,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
}

/** The first window, once its page has run. */
export async function firstPage(app: ElectronApplication): Promise<Page> {
  const page = await app.firstWindow();
  await page.waitForFunction(() => 'atStart' in globalThis);
  return page;
}
