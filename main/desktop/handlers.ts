import { clipboard, dialog, shell, type BrowserWindow, type WebContents } from 'electron';
import { toFailure, type Failure } from '../../preload/contract/errors.ts';
import type { TerminalLayout } from '../../preload/contract/terminal-layout.ts';
import type { CommandEnd, RuntimeInfo, WindowView } from '../../preload/contract/window.ts';
import type { Engine } from '../engine/engine.ts';
import { SnapshotPublisher } from '../host/publisher.ts';
import { tellWindow, type MessageHandlers, type RequestHandlers } from './ipc/router.ts';
import { isOpenableLink } from './links.ts';
import { lookAround, saveDiagnostics, type DesktopDoctorFacts } from './doctor.ts';
import { createWatchHub } from './watch-hub.ts';
import type { SettingsStore } from './settings-store.ts';
import type { TerminalHub } from './terminal-hub.ts';

export interface HandlerOptions {
  /** Resolves when the engine core is up; requests before that wait for it. */
  readonly engine: Promise<Engine>;
  readonly terminals: Promise<TerminalHub>;
  readonly settings: SettingsStore;
  readonly runtime: () => RuntimeInfo;
  readonly viewOf: (contents: WebContents) => WindowView | null;
  readonly windowOf: (contents: WebContents) => BrowserWindow | null;
  readonly openTerminalWindow: (projectId: string, sessionId: string | null) => void;
  /** A command in a terminal ran long and ended while nobody looked. */
  readonly onCommandEnd: (projectId: string, end: CommandEnd) => void;
  readonly onListShown: () => void;
  readonly doctor: DesktopDoctorFacts;
}

export interface WindowHandlers {
  readonly requests: RequestHandlers;
  readonly messages: MessageHandlers;
  /** A window is gone, or its page is. */
  readonly forget: (contents: WebContents) => void;
}

/** What each request and message of a window does. */
export function createHandlers(options: HandlerOptions): WindowHandlers {
  const { settings } = options;
  const watches = options.engine.then(createWatchHub);
  // Whoever awaits it says what went wrong; this only keeps Node from calling it unhandled.
  watches.catch(() => undefined);
  const subscriptions = new Map<number, () => void>();
  /** By project: kept here as long as sessions live, since pages come and go. */
  const layouts = new Map<string, TerminalLayout>();

  const subscribe = async (contents: WebContents): Promise<Awaited<ReturnType<RequestHandlers['subscribe']>>> => {
    const engine = await options.engine;
    // A page that reloaded subscribes anew; its last subscription went with it.
    subscriptions.get(contents.id)?.();
    await (await watches).forget(contents);
    const snapshot = engine.snapshot();
    const publisher = new SnapshotPublisher({
      first: snapshot,
      send: async (change) => {
        tellWindow(contents, 'snapshotChange', change);
        await Promise.resolve();
      },
    });
    publishers.set(contents.id, publisher);
    const stopSnapshots = engine.subscribe((next) => publisher.publish(next));
    const stopSettings = settings.subscribe((next) => tellWindow(contents, 'settingsChange', next));
    subscriptions.set(contents.id, () => {
      stopSnapshots();
      stopSettings();
      publisher.close();
      publishers.delete(contents.id);
    });
    const view = options.viewOf(contents) ?? { kind: 'main' as const };
    const terminalLayouts = Object.fromEntries(layouts);
    return { snapshot, settings: settings.read(), runtime: options.runtime(), view, terminalLayouts };
  };
  const publishers = new Map<number, SnapshotPublisher>();

  const requests: RequestHandlers = {
    execute: async (contents, command) => {
      const answer = await (await options.engine).execute(command);
      publishers.get(contents.id)?.flush();
      return answer;
    },
    subscribe,
    chooseFolders: async (contents) => chooseFolders(options.windowOf(contents)),
    openFolder: async (_contents, projectId) => {
      const folder = (await options.engine).snapshot().projects.find((project) => project.id === projectId)?.folder;
      if (folder === undefined) return refuse(toFailure('project-unknown', { wanted: projectId }));
      const reason = await shell.openPath(folder);
      return reason === '' ? done : refuse(toFailure('folder-unreadable', { folder, reason }));
    },
    openLink: async (_contents, url) => {
      if (!isOpenableLink(url)) {
        return refuse(
          toFailure('invalid-command', { issues: 'only https links, and http on this machine, are opened' }),
        );
      }
      await shell.openExternal(url);
      return done;
    },
    copyText: (_contents, text) => {
      void clipboard.writeText(text);
      return null;
    },
    readText: () => clipboard.readText(),
    openTerminal: async (_contents, projectId, size) => (await options.terminals).open(projectId, size),
    attachTerminal: async (contents, sessionId, size) => {
      const isThere = await (await options.terminals).attach(sessionId, contents, size);
      return isThere ? done : refuse(toFailure('session-failed', { reason: 'it has ended' }));
    },
    detachTerminal: async (contents, sessionId) => {
      (await options.terminals).detach(sessionId, contents);
      return null;
    },
    closeTerminal: async (_contents, sessionId) => {
      await (await options.terminals).close(sessionId);
      return null;
    },
    openTerminalWindow: (_contents, projectId, sessionId) => {
      options.openTerminalWindow(projectId, sessionId);
      return null;
    },
    watch: async (contents, kind, projectId) =>
      (await watches).watch(contents, kind, projectId, {
        onSample: (sample) => tellWindow(contents, 'watchSample', sample),
        onEnd: (end) => tellWindow(contents, 'watchEnd', end),
      }),
    lookAround: async (_contents, projectId) => lookAround(await options.engine, projectId, options.runtime()),
    saveDiagnostics: async (contents, projectId) =>
      saveDiagnostics(await options.engine, projectId, options.runtime(), options.doctor, async (name) =>
        chooseNewFile(options.windowOf(contents), name),
      ),
    readSettings: () => settings.read(),
    changeSettings: (_contents, change) => settings.change(change),
    retryEngine: async () => {
      await (await options.engine).execute({ type: 'refreshProjects' });
      return null;
    },
  };

  const withTerminals = (use: (terminals: TerminalHub) => void): void => void options.terminals.then(use);
  const messages: MessageHandlers = {
    writeTerminal: (_contents, sessionId, bytes) => withTerminals((terminals) => terminals.write(sessionId, bytes)),
    resizeTerminal: (_contents, sessionId, size) => withTerminals((terminals) => terminals.resize(sessionId, size)),
    acknowledgeTerminal: (contents, sessionId, bytes) =>
      withTerminals((terminals) => terminals.acknowledge(sessionId, contents, bytes)),
    tellCommandEnded: (_contents, projectId, end) => options.onCommandEnd(projectId, end),
    tellInView: (contents, sessionId, isInView) =>
      withTerminals((terminals) => terminals.setInView(sessionId, contents, isInView)),
    tellListShown: () => options.onListShown(),
    clearTerminal: (_contents, sessionId) => withTerminals((terminals) => terminals.clear(sessionId)),
    keepTerminalLayout: (contents, projectId, layout) => {
      if (options.viewOf(contents)?.kind === 'main') layouts.set(projectId, layout);
    },
    tellHidden: (contents, isHidden) => withTerminals((terminals) => terminals.setHidden(contents, isHidden)),
  };

  return {
    requests,
    messages,
    forget: (contents) => {
      subscriptions.get(contents.id)?.();
      subscriptions.delete(contents.id);
      withTerminals((terminals) => terminals.forget(contents));
      void watches.then(async (hub) => hub.forget(contents));
    },
  };
}

const done = { ok: true, value: null } as const;
const refuse = (failure: Failure): { readonly ok: false; readonly failure: Failure } => ({ ok: false, failure });

async function chooseNewFile(window: BrowserWindow | null, name: string): Promise<string | null> {
  const options = { title: 'Save diagnostics', defaultPath: name };
  const { canceled, filePath } =
    window === null ? await dialog.showSaveDialog(options) : await dialog.showSaveDialog(window, options);
  return canceled || filePath === '' ? null : filePath;
}

async function chooseFolders(window: BrowserWindow | null): Promise<readonly string[]> {
  const request = {
    title: 'Add folder',
    buttonLabel: 'Add',
    properties: ['openDirectory' as const, 'multiSelections' as const],
  };
  const { filePaths } = await (window === null
    ? dialog.showOpenDialog(request)
    : dialog.showOpenDialog(window, request));
  return filePaths;
}
