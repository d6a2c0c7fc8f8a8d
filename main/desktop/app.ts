import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  nativeTheme,
  powerMonitor,
  session,
  shell as systemShell,
  type WebContents,
} from 'electron';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Failure } from '../../preload/contract/errors.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import type { CommandEnd, ProjectPart, RuntimeInfo } from '../../preload/contract/window.ts';
import type { Engine } from '../engine/engine.ts';
import { reasonOf } from '../engine/failure.ts';
import type { Host } from '../host/host.ts';
import { serveApp } from './app-scheme.ts';
import { watchAutoLock } from './auto-lock.ts';
import { setAutostart } from './autostart.ts';
import type { DesktopDoctorFacts } from './doctor.ts';
import { createHandlers } from './handlers.ts';
import { routeIpc, tellWindow } from './ipc/router.ts';
import { isOpenableLink } from './links.ts';
import { lockDownSession } from './lock-down.ts';
import { toCommandNotice, toNotices } from './notices.ts';
import { showNotice } from './notifications.ts';
import { openSettings } from './settings-store.ts';
import { createTerminalHub, type TerminalHub } from './terminal-hub.ts';
import type { TrayAction } from './tray/tray-menu.ts';
import { createTray, type AppTray } from './tray/tray.ts';
import { createWindows, type Windows } from './windows.ts';

export interface DesktopOptions {
  /** Folder of the built app: holds `renderer`, `preload` and, beside it, the icons. */
  readonly rendererFolder: string;
  readonly preloadFile: string;
  readonly iconFolder: string;
  readonly version: string;
  /** Becomes the host; the promise is awaited by windows, which show a loading state meanwhile. */
  readonly host: Promise<Host>;
  readonly hasTrayHost: () => Promise<boolean>;
  readonly log: (line: string) => void;
  /** True for a start at login: the window stays closed. */
  readonly startHidden: boolean;
  readonly doctor: DesktopDoctorFacts;
}

/** The tray waits no longer for the list, in milliseconds: the page may be stuck. */
const listPatienceMs = 5_000;

/** So long after projects were read at the start, in milliseconds, the window's first focus does not read them again. */
const freshMs = 3_000;

/** The app once Electron is ready: windows, tray, notifications, and how it ends. */
export class Desktop {
  readonly #options: DesktopOptions;
  readonly #settings = openSettings();
  readonly #engine: Promise<Engine>;
  readonly #terminals: Promise<TerminalHub>;
  readonly #windows: Windows;
  readonly #listShown = Promise.withResolvers<void>();
  #tray: AppTray | null = null;
  #readAtMs = Number.POSITIVE_INFINITY;
  #hasTray = true;
  #quitting = false;
  #locking = false;

  constructor(options: DesktopOptions) {
    this.#options = options;
    this.#engine = options.host.then((host) => host.engine);
    this.#terminals = this.#engine.then((engine) =>
      createTerminalHub({
        engine,
        scrollbackLines: () => this.#settings.read().terminalScrollbackLines,
        marksPrompts: () => this.#settings.read().marksPrompts,
        log: options.log,
      }),
    );
    // Whoever awaits them says what went wrong; this only keeps Node from calling it unhandled.
    this.#terminals.catch(() => undefined);
    nativeTheme.themeSource = this.#settings.read().theme;
    this.#settings.subscribe((settings) => {
      nativeTheme.themeSource = settings.theme;
      setAutostart(settings.autostart, options.log);
    });
    Menu.setApplicationMenu(null);
    lockDownSession(session.defaultSession);
    serveApp(session.defaultSession, options.rendererFolder);
    const handlers = createHandlers({
      engine: this.#engine,
      terminals: this.#terminals,
      settings: this.#settings,
      runtime: () => this.#runtime(),
      viewOf: (contents) => this.#windows.viewOf(contents),
      windowOf: (contents) => BrowserWindow.fromWebContents(contents),
      openTerminalWindow: (projectId, sessionId) => this.#windows.openTerminal(projectId, sessionId),
      onCommandEnd: (projectId, end) => void this.#tellCommandEnd(projectId, end),
      onListShown: () => this.#listShown.resolve(),
      doctor: options.doctor,
    });
    this.#windows = createWindows({
      preloadFile: options.preloadFile,
      iconFile: path.join(options.iconFolder, 'window.png'),
      onMainClose: () => this.#onMainClose(),
      onGone: handlers.forget,
      onFocus: () => this.#lookAgain(),
      log: options.log,
    });
    routeIpc({
      requests: handlers.requests,
      messages: handlers.messages,
      isOurs: (contents) => this.#windows.viewOf(contents) !== null,
      log: options.log,
    });
  }

  /** Shows what is to be seen and follows the engine core from its first moment. */
  start(): void {
    const { log } = this.#options;
    if (!this.#options.startHidden) this.show();
    app.on('activate', () => this.show());
    app.on('window-all-closed', () => {
      if (!this.#hasTray || !this.#settings.read().closeToTray) app.quit();
    });
    app.on('before-quit', (event) => this.#beforeQuit(event));
    this.#engine.then(
      (engine) => this.#watchAutoLock(engine),
      () => undefined,
    );
    powerMonitor.on('resume', () => void this.#wake());
    this.#startTray().catch((error: unknown) => log(`tray: ${reasonOf(error)}`));
    this.#engine.then(
      (engine) => this.#follow(engine),
      (error: unknown) => this.#refuse(error),
    );
    this.#options.host.then(
      (host) => host.closed.then(() => app.quit()),
      () => undefined,
    );
  }

  show(): void {
    this.#windows.showMain();
  }

  async #startTray(): Promise<void> {
    this.#hasTray = await this.#options.hasTrayHost();
    // The list first: icons and menu take as long to pass on as the list takes to draw.
    if (this.#windows.main() !== null) {
      await this.#windows.loaded();
      await Promise.race([this.#listShown.promise, delay(listPatienceMs, undefined, { ref: false })]);
    }
    const tray = createTray({ iconFolder: this.#options.iconFolder, act: (action) => void this.#act(action) });
    this.#tray = tray;
    tray.show((await this.#engine).snapshot());
  }

  #watchAutoLock(engine: Engine): void {
    watchAutoLock({
      engine,
      settings: () => this.#settings.read(),
      onScreenLock: (listener) => powerMonitor.on('lock-screen', listener),
      onSuspend: (listener) => powerMonitor.on('suspend', listener),
    });
  }

  #follow(engine: Engine): void {
    this.#readAtMs = performance.now();
    let before = engine.snapshot();
    const refresh = (snapshot: Snapshot): void => {
      const old = before;
      before = snapshot;
      this.#tray?.show(snapshot);
      if (BrowserWindow.getFocusedWindow() !== null) return;
      for (const notice of toNotices(old, snapshot))
        showNotice(notice, () => this.#showProject(notice.projectId, notice.part));
    };
    engine.subscribe(refresh);
  }

  async #tellCommandEnd(projectId: string, end: CommandEnd): Promise<void> {
    const project = (await this.#engine).snapshot().projects.find(({ id }) => id === projectId);
    if (project === undefined) return;
    const notice = toCommandNotice(project, end);
    showNotice(notice, () => this.#showProject(projectId, notice.part));
  }

  async #act(action: TrayAction): Promise<void> {
    switch (action.type) {
      case 'command':
        return this.#execute(action.command);
      case 'stopAll':
        return this.#stopAll();
      case 'openTerminal':
        return this.#showProject(action.projectId, 'terminal');
      case 'showProject':
        return this.#showProject(action.projectId, null);
      case 'showVault':
        return this.#showProject(action.projectId, 'vault');
      case 'askToStopUnsaved':
        return this.#showProject(action.projectId, 'stop-without-saving');
      case 'openFolder':
        return this.#openFolder(action.projectId);
      case 'openLink':
        return isOpenableLink(action.url) ? systemShell.openExternal(action.url) : undefined;
      case 'addFolder':
        return this.#addFolder();
      case 'showDoctor':
        return this.#tellMain((contents) => tellWindow(contents, 'showPage', { page: 'doctor' }));
      case 'showWindow':
        return this.show();
      case 'quit':
        return app.quit();
    }
  }

  /** Configs may have been edited and networks changed while nobody looked. */
  #lookAgain(): void {
    if (performance.now() - this.#readAtMs >= freshMs) void this.#execute({ type: 'refreshProjects' });
  }

  async #execute(command: Parameters<Engine['execute']>[0]): Promise<void> {
    const answer = await (await this.#engine).execute(command);
    if (!answer.accepted) this.#options.log(`${command.type}: ${answer.failure.message}`);
  }

  /** Networks may be others by now, and nothing was pushed meanwhile. */
  async #wake(): Promise<void> {
    (await this.#engine).woke();
    await this.#execute({ type: 'refreshProjects' });
  }

  async #stopAll(): Promise<void> {
    const { projects } = (await this.#engine).snapshot();
    const up = projects.filter(({ container }) => container.status === 'running' || container.status === 'paused');
    await Promise.all(up.map(async ({ id }) => this.#execute({ type: 'stopProject', projectId: id })));
  }

  #showProject(projectId: string, part: ProjectPart | null): void {
    this.#tellMain((contents) => tellWindow(contents, 'showProject', { projectId, part }));
  }

  #tellMain(tell: (contents: WebContents) => void): void {
    const { webContents } = this.#windows.showMain();
    // A page still on its way would miss it.
    if (webContents.isLoading()) webContents.once('did-finish-load', () => tell(webContents));
    else tell(webContents);
  }

  async #openFolder(projectId: string): Promise<void> {
    const { shell } = await import('electron');
    const folder = (await this.#engine).snapshot().projects.find((project) => project.id === projectId)?.folder;
    if (folder !== undefined) await shell.openPath(folder);
  }

  async #addFolder(): Promise<void> {
    const { filePaths } = await dialog.showOpenDialog({ title: 'Add folder', properties: ['openDirectory'] });
    for (const folder of filePaths) await this.#execute({ type: 'registerProject', folder });
    if (filePaths.length > 0) this.show();
  }

  #runtime(): RuntimeInfo {
    const { platform } = process;
    return {
      platform: platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other',
      name: `Electron ${process.versions['electron'] ?? 'unknown'}`,
      appVersion: this.#options.version,
      hasTray: this.#hasTray,
    };
  }

  #onMainClose(): 'hide' | 'minimize' | 'close' {
    if (this.#quitting) return 'close';
    if (!this.#settings.read().closeToTray) {
      app.quit();
      return 'close';
    }
    return this.#hasTray ? 'hide' : 'minimize';
  }

  #beforeQuit(event: { preventDefault(): void }): void {
    if (this.#quitting) return;
    event.preventDefault();
    if (this.#locking) return;
    this.#locking = true;
    void this.#mayQuit().then((mayQuit) => {
      this.#locking = false;
      if (mayQuit) this.#quit();
    });
  }

  /** Vaults are saved and locked first; one that can't be saved keeps the app, unless a person decides otherwise. */
  async #mayQuit(): Promise<boolean> {
    const [failure] = await this.#engine.then(
      async (engine) => engine.lockVaults(),
      () => [],
    );
    if (failure === undefined) return true;
    this.show();
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: failure.message,
      detail: `${failure.nextStep}\n\nQuit anyway: the vault stays open in its container. Nothing is lost, and TazPod asks for its passphrase at the next start.`,
      buttons: ['Stay', 'Quit anyway'],
      defaultId: 0,
      cancelId: 0,
    });
    return response === 1;
  }

  /** Windows go at once, then the host ends in order: operations, sessions, socket. Containers stay up. */
  #quit(): void {
    if (this.#quitting) return;
    this.#quitting = true;
    this.#windows.letGo();
    for (const window of this.#windows.all()) window.destroy();
    this.#tray?.destroy();
    void this.#options.host
      .then(async (host) => host.stop('quit'))
      .catch((error: unknown) => this.#options.log(`quit: ${reasonOf(error)}`))
      .finally(() => app.exit(0));
  }

  /** Without a host there is nothing to show; the reason is told in a box, since no window can. */
  #refuse(error: unknown): void {
    const failure: Failure | null = error instanceof Error && 'failure' in error ? (error.failure as Failure) : null;
    this.#options.log(`the app could not start: ${reasonOf(error)}`);
    dialog.showErrorBox(
      'TazPod can’t start',
      failure === null ? reasonOf(error) : `${failure.message}\n\n${failure.nextStep}`,
    );
    app.exit(1);
  }
}
