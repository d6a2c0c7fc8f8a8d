import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { _electron, type ElectronApplication, type Locator, type Page } from 'playwright';
import type { CliProfile } from '../fixtures/cli-profile.ts';
import type { TestDesktop } from '../fixtures/desktop.ts';

/** Where the built app is started. */
export const projectRoot = path.resolve(import.meta.dirname, '../..');

/**
 * The program that a second start runs: what the electron package names, wherever it lies. Asked when it is needed: the
 * package throws where its binary is not there, and benchmarks without a window import this file too.
 */
export const electronProgram = (): string => createRequire(import.meta.url)('electron') as string;

/** The built app in a window of a test desktop, with the profile's own state folder. */
export interface TazpodApp {
  readonly electron: ElectronApplication;
  readonly page: Page;
  /** A row of the list, by the project's name. */
  row(name: string): Locator;
  button(name: string): Locator;
  /** Drops real paths onto the window, as a file manager does. */
  drop(...paths: readonly string[]): Promise<void>;
  /** What the terminal in view shows. */
  terminalText(): Promise<string>;
  /** Waits until the terminal in view shows a text. */
  terminalShows(text: string | RegExp): Promise<void>;
  type(text: string): Promise<void>;
  /** Opens a terminal of a project that runs, and waits for its prompt. */
  openTerminal(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Environment of the app: the desktop's display and bus, the profile's state and runtime folder. */
export function appEnvironment(desktop: TestDesktop, profile: AppProfile): Record<string, string> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return { ...inherited, ...desktop.environment, ...profile.environment };
}

/** Whose state, home and engine the app gets. */
type AppProfile = Pick<CliProfile, 'environment'>;

export interface LaunchOptions {
  /** The program of a packed app to start instead; it finds its own files, wherever it is started. */
  readonly packed?: string;
  /** Keep what a failed test is looked into with; costs time. Default: true. */
  readonly traced?: boolean;
}

/** Starts the built app and waits for its window. */
export async function launchApp(
  desktop: TestDesktop,
  profile: AppProfile,
  { packed, traced = true }: LaunchOptions = {},
): Promise<TazpodApp> {
  const electron = await _electron.launch({
    ...(packed === undefined ? { args: ['.'], cwd: projectRoot } : { executablePath: packed, args: [], cwd: '/' }),
    env: appEnvironment(desktop, profile),
    timeout: 30_000,
  });
  const page = await electron.firstWindow();
  if (traced) await page.context().tracing.start({ screenshots: true, snapshots: true });
  await page.getByRole('contentinfo', { name: 'Status' }).waitFor();
  return wrap(electron, page);
}

/** The same app's window after it was closed and opened again. */
export async function reopened(app: TazpodApp): Promise<TazpodApp> {
  const page = app.electron.windows().at(-1) ?? (await app.electron.waitForEvent('window'));
  return wrap(app.electron, page);
}

/** The shell's prompt; it ends in `#` where the folder, and so the container's user, is root's. */
export const prompt = /\/workspace[$#]/u;

function wrap(electron: ElectronApplication, page: Page): TazpodApp {
  const screen = page.locator('.xterm-rows');
  const terminalText = async (): Promise<string> => screen.innerText();
  const row = (name: string): Locator => page.getByRole('option', { name: new RegExp(`^${escape(name)}:`, 'u') });
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true }).first();
  const terminalShows = async (text: string | RegExp): Promise<void> => screen.filter({ hasText: text }).waitFor();
  return {
    electron,
    page,
    row,
    button,
    drop: async (...paths) => dropFiles(page, paths),
    terminalText,
    terminalShows,
    type: async (text) => page.keyboard.type(text),
    openTerminal: async (name) => {
      await row(name).click();
      await button('Open terminal').click();
      await terminalShows(prompt);
      await page.locator('.xterm-helper-textarea').focus();
    },
    close: async () => {
      await page
        .context()
        .tracing.stop()
        .catch(() => undefined);
      await electron.close();
    },
  };
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`);

/**
 * Drags until a drop reaches the page: Chromium gives a page no second drag while it still settles the first, which a
 * person's hand can't bring about.
 */
async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: [...files], dragOperationsMask: 1 };
  const attempts = 50;
  for (let count = 0; count < attempts; count += 1) {
    await awaitDrop(page);
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
    }
    if (await hasDropped(page)) return devtools.detach();
  }
  throw new Error('no drop reached the page');
}

const dropPromise = 'dropReachedPage';

/** Notes from now on whether a drop comes, for as long as one takes. */
async function awaitDrop(page: Page): Promise<void> {
  await page.evaluate((name) => {
    const longestMs = 500;
    const dropped = new Promise<boolean>((resolve) => {
      const note = (): void => resolve(true);
      document.addEventListener('drop', note, { capture: true, once: true });
      setTimeout(() => {
        document.removeEventListener('drop', note, { capture: true });
        resolve(false);
      }, longestMs);
    });
    Reflect.set(globalThis, name, dropped);
  }, dropPromise);
}

const hasDropped = async (page: Page): Promise<boolean> =>
  page.evaluate(async (name) => (await Reflect.get(globalThis, name)) as boolean, dropPromise);

/** Keeps a screenshot and the trace of a failed test beside the build, for whoever looks into it. */
export async function keepEvidence(app: TazpodApp, name: string): Promise<void> {
  const folder = path.join(projectRoot, 'out', 'test', 'evidence');
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, name.replaceAll(/[^a-z0-9]+/giu, '-'));
  await app.page.screenshot({ path: `${file}.png` }).catch(() => undefined);
  await app.page
    .context()
    .tracing.stop({ path: `${file}.zip` })
    .catch(() => undefined);
}
