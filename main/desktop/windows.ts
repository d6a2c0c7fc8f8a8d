import { BrowserWindow, nativeTheme, type WebContents } from 'electron';
import type { WindowView } from '../../preload/contract/window.ts';
import { appUrl } from './app-address.ts';

export interface WindowsOptions {
  readonly preloadFile: string;
  readonly iconFile: string;
  /** Whether closing the main window keeps the app: `hide` in the tray, `minimize` without one, `quit` by setting. */
  readonly onMainClose: () => 'hide' | 'minimize' | 'close';
  readonly onGone: (contents: WebContents) => void;
  readonly onFocus: () => void;
  readonly log: (line: string) => void;
}

/**
 * A main window that was closed into the tray comes back at once for so long, in milliseconds; then its page, the largest
 * part of the app's memory, is let go, and the next look makes a new one. Sessions and their screens are not the page's.
 */
const releaseAfterMs = 15_000;

/** The app's windows: the main one, made when it is first shown, and terminals' own. */
export interface Windows {
  /** Shows the main window, making it where there is none. */
  showMain(): BrowserWindow;
  main(): BrowserWindow | null;
  /** Settles once the main window's page is loaded, or won't be; at once where there is no such window. */
  loaded(): Promise<void>;
  openTerminal(projectId: string, sessionId: string | null): void;
  viewOf(contents: WebContents): WindowView | null;
  all(): readonly BrowserWindow[];
  /** From now on windows close without asking: the app quits. */
  letGo(): void;
}

export function createWindows(options: WindowsOptions): Windows {
  const views = new Map<number, WindowView>();
  const loads = new WeakMap<BrowserWindow, Promise<void>>();
  let main: BrowserWindow | null = null;
  let release: ReturnType<typeof setTimeout> | undefined;
  let quitting = false;

  const open = (view: WindowView, size: { width: number; height: number }): BrowserWindow => {
    const window = new BrowserWindow({
      ...size,
      minWidth: 480,
      minHeight: 360,
      show: false,
      title: 'TazPod Desktop',
      icon: options.iconFile,
      // The page's own background in either theme, so that nothing flashes before it is drawn.
      backgroundColor: nativeTheme.shouldUseDarkColors ? '#17191c' : '#fbfbfc',
      webPreferences: {
        preload: options.preloadFile,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webSecurity: true,
      },
    });
    const { webContents } = window;
    const { id } = webContents;
    views.set(id, view);
    window.removeMenu();
    window.once('ready-to-show', () => window.show());
    window.on('focus', options.onFocus);
    const { promise: closed, resolve: tellClosed } = Promise.withResolvers<void>();
    window.on('closed', () => {
      views.delete(id);
      options.onGone(webContents);
      tellClosed();
    });
    webContents.on('render-process-gone', (_event, details) => {
      options.log(`a window's page died: ${details.reason}`);
      options.onGone(webContents);
      if (!window.isDestroyed()) webContents.reload();
    });
    const load = window
      .loadURL(appUrl)
      .catch((error: unknown) => options.log(`the page did not load: ${String(error)}`));
    loads.set(window, Promise.race([load, closed]));
    return window;
  };

  const openMain = (): BrowserWindow => {
    const window = open({ kind: 'main' }, { width: 1100, height: 720 });
    window.on('close', (event) => {
      if (quitting) return;
      const answer = options.onMainClose();
      if (answer === 'close') return;
      event.preventDefault();
      if (answer === 'minimize') window.minimize();
      else {
        window.hide();
        release = setTimeout(() => window.destroy(), releaseAfterMs).unref();
      }
    });
    window.on('show', () => clearTimeout(release));
    window.on('closed', () => {
      clearTimeout(release);
      main = null;
    });
    return window;
  };

  return {
    showMain: () => {
      if (main === null) {
        main = openMain();
        return main;
      }
      if (main.isMinimized()) main.restore();
      main.show();
      main.focus();
      return main;
    },
    main: () => main,
    loaded: async () => (main === null ? undefined : loads.get(main)),
    openTerminal: (projectId, sessionId) => {
      open({ kind: 'terminal', projectId, sessionId }, { width: 860, height: 520 });
    },
    viewOf: (contents) => views.get(contents.id) ?? null,
    all: () => BrowserWindow.getAllWindows().filter((window) => views.has(window.webContents.id)),
    letGo: () => {
      quitting = true;
    },
  };
}
