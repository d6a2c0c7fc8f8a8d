import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { changeAttributes, eventMask } from '../x11/requests.ts';
import { Screen } from '../x11/screen.ts';
import { firstLine, startChild, type Child } from './child.ts';
import { panelSettings } from './panel-settings.ts';
import { startWatcher, type Watcher } from './tray-watcher.ts';

export interface DesktopOptions {
  /**
   * Who shows tray icons: `watcher`, a tray of the test's own that nobody sees; `panel`, xfce4-panel, for screenshots; or
   * nobody, as on some desktops.
   */
  readonly tray?: 'watcher' | 'panel' | 'none';
  readonly size?: { readonly width: number; readonly height: number };
}

/** A desktop of its own: screen, window manager, session bus, tray and home folder. */
export interface Desktop {
  /** The environment for programs on it. */
  readonly env: Record<string, string>;
  readonly home: string;
  /** null with a tray that is not the test's own. */
  readonly watcher: Watcher | null;
  /** Ends the tray, or starts it again. */
  setTray(isThere: boolean): Promise<void>;
  stop(): Promise<void>;
}

const programs = { Xvfb: 'xvfb', 'dbus-daemon': 'dbus', openbox: 'openbox', chromium: 'chromium' };

/** How long the window manager or the panel may take, in milliseconds. */
const patienceMs = 15_000;

/** Why no desktop can be started here, as words for a skipped test; null where it can. */
export function missingForDesktop(environment: NodeJS.ProcessEnv = process.env): string | null {
  if (process.platform !== 'linux') return `no X11 desktop on ${process.platform}`;
  const folders = (environment['PATH'] ?? '').split(path.delimiter);
  const missing = Object.entries(programs).filter(
    ([name]) => !folders.some((folder) => isExecutable(path.join(folder, name))),
  );
  return missing.length === 0 ? null : `not installed: ${missing.map(([, name]) => name).join(', ')}`;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts one, and is done when windows and tray icons can come. @throws where something is missing */
export async function startDesktop({
  tray = 'watcher',
  size = { width: 1280, height: 800 },
}: DesktopOptions = {}): Promise<Desktop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tazpod-desktop-'));
  const children: Child[] = [];
  const env = toEnvironment(folder);
  const start = (program: string, args: readonly string[], pipes = 0): Child => {
    const child = startChild(program, args, env, pipes);
    children.push(child);
    return child;
  };
  let watcher: Watcher | null = null;
  let panel: Child | null = null;
  const setTray = async (isThere: boolean): Promise<void> => {
    await watcher?.stop();
    await panel?.stop();
    watcher = null;
    panel = null;
    if (isThere && tray === 'watcher') watcher = await startWatcher(env['DBUS_SESSION_BUS_ADDRESS'] ?? '');
    if (isThere && tray === 'panel') panel = await startPanel(start, env);
  };
  const stop = async (): Promise<void> => {
    await setTray(false);
    for (const child of children.toReversed()) await child.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const screen = `${size.width}x${size.height}x24`;
    const server = start('Xvfb', ['-displayfd', '3', '-screen', '0', screen, '-nolisten', 'tcp', '-noreset'], 1);
    env['DISPLAY'] = `:${await firstLine(server, 'Xvfb')}`;
    const bus = start('dbus-daemon', ['--session', '--nofork', '--nosyslog', '--print-address=3'], 1);
    env['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(bus, 'dbus-daemon');
    await startWindowManager(start, env);
    await setTray(tray !== 'none');
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env,
    home: path.join(folder, 'home'),
    get watcher() {
      return watcher;
    },
    setTray,
    stop,
  };
}

type Start = (program: string, args: readonly string[], pipes?: number) => Child;

function toEnvironment(folder: string): Record<string, string> {
  const home = path.join(folder, 'home');
  const runtime = path.join(folder, 'run');
  mkdirSync(home);
  mkdirSync(runtime, { mode: 0o700 });
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(?:PATH|LANG|LC_|USER|LOGNAME|TMPDIR|TERM|SHELL|NODE_)/.test(name),
  );
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_SESSION_TYPE: 'x11',
    // Accessibility would start a bus of its own.
    NO_AT_BRIDGE: '1',
  };
}

async function startWindowManager(start: Start, env: Record<string, string>): Promise<void> {
  const screen = await Screen.open(env, () => undefined);
  const { connection, root } = screen;
  connection.send(changeAttributes(root, { eventMask: eventMask.propertyChange }));
  const managed = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('openbox does not start')), patienceMs);
    connection.listen((event) => {
      if (event.type !== 'property' || event.atom !== screen.atoms._NET_SUPPORTING_WM_CHECK) return;
      clearTimeout(timer);
      resolve();
    });
  });
  start('openbox', []);
  try {
    await managed;
  } finally {
    connection.close();
  }
}

async function startPanel(start: Start, env: Record<string, string>): Promise<Child> {
  const folder = path.join(env['XDG_CONFIG_HOME'] ?? '', 'xfce4', 'xfconf', 'xfce-perchannel-xml');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'xfce4-panel.xml'), panelSettings);
  const panel = start('xfce4-panel', ['--disable-wm-check']);
  const { waitForWatcher } = await import('./tray-client.ts');
  await waitForWatcher(env['DBUS_SESSION_BUS_ADDRESS'] ?? '', patienceMs);
  return panel;
}
