import { Chromium } from '../chromium/chromium.ts';
import type { Arguments } from '../runtime/arguments.ts';
import { setWindowHost, type WindowHost } from '../window/host.ts';
import { Protocol } from '../window/protocol.ts';
import { defaultSession, Session } from '../window/session.ts';
import { Targets } from '../window/targets.ts';
import { WebContents } from '../window/web-contents.ts';
import { Clipboard } from '../x11/clipboard.ts';
import { Screen } from '../x11/screen.ts';
import { WindowCatcher } from '../x11/window-catcher.ts';
import { App, app } from './app.ts';
import { takeSwitches } from './command-line.ts';
import { nativeTheme } from './native-theme.ts';
import { watchPower } from './power-monitor.ts';
import { watchSystemTheme } from './system-theme.ts';

/** A main script that takes longer is told about, in milliseconds. */
const loadPatienceMs = 10_000;

/** Brings Chromium up beside the app's own start, makes the app ready when both are there, and ends both in order. */
export function startRuntime(options: Arguments): { readonly markCodeLoaded: () => void } {
  let starting: Promise<WindowHost> | null = null;
  const start = async (): Promise<WindowHost> => (starting ??= startHost(options));
  const codeLoaded = Promise.withResolvers<void>();

  App.start(app, {
    onChosen: () => void start().catch(fail),
    end: (code) => {
      if (starting === null) process.exit(code);
      // What was started is ended, however far it got.
      const close = async (): Promise<void> => {
        const { chromium } = await (starting as Promise<WindowHost>);
        await chromium.close();
      };
      close().then(
        () => process.exit(code),
        () => process.exit(code),
      );
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());

  const becomeReady = async (): Promise<void> => {
    const hint = setTimeout(() => process.stderr.write(slowHint), loadPatienceMs);
    await codeLoaded.promise;
    clearTimeout(hint);
    const host = await start();
    setWindowHost(host);
    Protocol.markReady(Session.protocolOf(defaultSession));
    Session.onPermissionChange(defaultSession, () => WebContents.updateAll());
    nativeTheme.on('updated', () => WebContents.updateAll());
    watchPower();
    await watchSystemTheme().catch(() => undefined);
    App.markReady(app);
  };
  becomeReady().catch(fail);
  return { markCodeLoaded: codeLoaded.resolve };
}

const slowHint =
  'stand-in: the main script has not finished. Electron too is ready only after it has: an ES module that awaits ' +
  'app.whenReady() at its top level waits for ever (https://github.com/electron/electron/issues/40719).\n';

async function startHost(options: Arguments): Promise<WindowHost> {
  if (process.getuid?.() === 0) process.stderr.write("stand-in: running as root, so Chromium's own sandbox is off\n");
  const [screen, chromium] = await Promise.all([
    Screen.open(process.env, (reason) => fail(new Error(reason))),
    startChromium(options),
  ]);
  Object.defineProperty(process.versions, 'chrome', { value: await chromium.version(), enumerable: true });
  const targets = new Targets(chromium.devTools);
  await targets.start();
  const catcher = new WindowCatcher(screen, await chromium.browserPid());
  return { screen, chromium, targets, catcher, clipboard: new Clipboard(screen) };
}

async function startChromium(options: Arguments): Promise<Chromium> {
  // The script that has just asked for the single-instance lock may go on to append switches.
  await new Promise<void>((resolve) => setImmediate(resolve));
  return Chromium.start({
    environment: process.env,
    switches: [...new Set([...options.switches, ...takeSwitches()])],
    debuggingPort: options.debuggingPort,
    onLost: (reason) => fail(new Error(reason)),
  });
}

/** Nothing can be shown any more. */
function fail(error: unknown): void {
  process.stderr.write(`stand-in: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
