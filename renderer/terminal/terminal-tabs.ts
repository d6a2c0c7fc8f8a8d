import type { TazpodApi } from '../../preload/api.ts';
import type { ProjectState } from '../../preload/contract/snapshot.ts';
import type { AppState } from '../store/app-state.ts';
import { createExternalStore, type ExternalStore } from '../store/external-store.ts';
import { pasteText } from './clipboard.ts';
import { toDroppedText } from './dropped-paths.ts';
import { wantsNotice } from './prompt-marks.ts';
import { linkSession, type SessionLink } from './session-link.ts';
import { followSessions } from './follow-sessions.ts';
import { keepLayouts, withLayouts } from './layouts.ts';
import { createTabActions, type TabActions } from './tab-actions.ts';
import {
  changePane,
  frontTabOf,
  noTabs,
  paneOf,
  panesOf,
  tabWith,
  withDone,
  withoutPane,
  type Pane,
  type TabsState,
} from './tabs-state.ts';
import type { CreateTerminalView, TerminalLook, TerminalView } from './terminal-view.ts';

export interface LinkClick {
  readonly link: string;
  readonly x: number;
  readonly y: number;
}

/** The terminals of this window: tabs and panes as state, their screens as things that outlive the elements showing them. */
export interface TerminalTabs extends TabActions {
  readonly store: ExternalStore<TabsState>;
  /** The link that was clicked and waits for a yes. */
  readonly clickedLink: ExternalStore<LinkClick | null>;
  /** Closes a tab with all its panes, and ends their sessions. */
  close(tabKey: string): void;
  /** Closes one pane and ends its session; the last one takes its tab along. */
  closePane(paneKey: string): void;
  reconnect(paneKey: string): void;
  /** Drops all but the line with the cursor, for good. */
  clear(paneKey: string): void;
  /** Gives a pane's session to a window of its own. */
  moveOut(paneKey: string): void;
  bringBack(paneKey: string): void;
  /**
   * Puts a pane's screen into an element, and begins to open or attach its session at the size it has there. Settles once keys
   * can be typed: what is typed before the session is there follows.
   */
  show(paneKey: string, place: HTMLElement): Promise<void>;
  hide(paneKey: string): void;
  viewOf(paneKey: string): TerminalView | null;
  changeLook(look: TerminalLook): void;
  refreshTheme(): void;
}

export interface TerminalPorts {
  readonly api: TazpodApi;
  readonly app: ExternalStore<AppState>;
  readonly look: () => TerminalLook;
  readonly isOurKey: (event: KeyboardEvent) => boolean;
  readonly onSelect: (text: string) => void;
  readonly asksBeforePaste: () => boolean;
  /** A command that ran so long and ended while nobody looked is told of; 0 for none. */
  readonly noticeAfterSeconds: () => number;
  /** Reads xterm.js, as large as half of the page, and the font that it measures. */
  readonly loadView: () => Promise<CreateTerminalView>;
}

/** Ends colours and modes that an ended program left behind, and begins a new line. */
const softReset = '\u001B[!p\u001B[?1000l\u001B[?1002l\u001B[?1003l\u001B[?2004l\u001B[0m\r\n';

/** Leaves the screen of a full-screen program that ended without doing so. */
const leaveOtherScreen = '\u001B[?1049l';

export function createTerminalTabs(ports: TerminalPorts): TerminalTabs {
  const { api, app } = ports;
  const store = createExternalStore<TabsState>(noTabs);
  const clickedLink = createExternalStore<LinkClick | null>(null);
  const views = new Map<string, TerminalView>();
  const links = new Map<string, SessionLink>();
  /** Typed before the session was there, by pane. */
  const typedEarly = new Map<string, Uint8Array<ArrayBuffer>[]>();
  /** The panes lie as the page before left them. */
  let isArranged = false;
  let look = ports.look();

  const pane = (key: string): Pane | undefined => paneOf(store.get(), key);
  const paneShowing = (sessionId: string): Pane | undefined =>
    store.get().panes.find((one) => one.sessionId === sessionId);
  const change = (key: string, part: Partial<Pane>): void => store.update((state) => changePane(state, key, part));
  const projectOf = (projectId: string): ProjectState | undefined => {
    const state = app.get();
    return state.status === 'ready' ? state.projects.get(projectId) : undefined;
  };
  const linkOf = (key: string): SessionLink | undefined => {
    const id = pane(key)?.sessionId;
    return typeof id === 'string' ? links.get(id) : undefined;
  };

  const type = (key: string, bytes: Uint8Array<ArrayBuffer>): void => {
    const link = linkOf(key);
    const status = pane(key)?.status;
    if (link !== undefined) link.send(bytes);
    else if (status === 'opening' || status === 'unattached') {
      typedEarly.set(key, [...(typedEarly.get(key) ?? []), bytes]);
    }
  };

  /** Files of the project's folder become their paths in the container. */
  const dropInto = (key: string, view: TerminalView, files: readonly File[]): boolean => {
    const project = projectOf(pane(key)?.projectId ?? '');
    const text = project === undefined ? null : toDroppedText(api.pathsOf(files), project.folder);
    if (text === null) return false;
    view.terminal.paste(text);
    view.terminal.focus();
    return true;
  };

  const isShown = (key: string): boolean => {
    const tab = tabWith(store.get(), key);
    const isFront = tab !== undefined && frontTabOf(store.get(), tab.projectId) === tab;
    return isFront && views.get(key)?.element.isConnected === true;
  };

  const makeView = (key: string, createView: CreateTerminalView): TerminalView => {
    const view: TerminalView = createView(look, {
      onInput: (bytes) => type(key, bytes),
      onResize: (size) => linkOf(key)?.resize(size),
      onTitle: (title) => title !== '' && change(key, { title }),
      onBell: () => {
        if (!isShown(key)) change(key, { hasBell: true });
      },
      onCommandEnd: (end) => {
        const projectId = pane(key)?.projectId;
        const isSeen = isShown(key) && document.hasFocus();
        if (projectId !== undefined && wantsNotice(end, isSeen, ports.noticeAfterSeconds())) {
          api.send('tellCommandEnded', projectId, end);
        }
      },
      onLink: (link, { x, y }) => clickedLink.set({ link, x, y }),
      onSelect: ports.onSelect,
      onPaste: (text) => pasteText(text, view, ports.asksBeforePaste()),
      onDrop: (files) => dropInto(key, view, files),
      isOurKey: ports.isOurKey,
    });
    views.set(key, view);
    return view;
  };

  /** Opens what has no session yet, attaches to what has one. A pane closed meanwhile takes its session with it. */
  const connect = async (key: string, view: TerminalView): Promise<void> => {
    const wanted = pane(key);
    if (wanted === undefined) return;
    let { sessionId } = wanted;
    if (sessionId === null) {
      const opened = await api.request('openTerminal', wanted.projectId, view.size());
      if (!opened.ok) {
        change(key, { status: 'failed', failure: opened.failure });
        return;
      }
      ({ sessionId } = opened.value);
      if (pane(key) === undefined) {
        store.update((state) => withDone(state, opened.value.sessionId));
        void api.request('closeTerminal', sessionId);
        return;
      }
    }
    const link = linkSession(api, sessionId, view);
    links.set(sessionId, link);
    change(key, { sessionId, status: 'live', failure: null, end: null });
    for (const bytes of typedEarly.get(key) ?? []) link.send(bytes);
    typedEarly.delete(key);
    const size = view.size();
    const attached = await link.attach(size);
    if (!attached.ok) change(key, { status: 'failed', failure: attached.failure });
    else if (!view.element.isConnected) link.setInView(false);
    else if (size.rows !== view.size().rows || size.columns !== view.size().columns) link.resize(view.size());
    follow();
  };

  const follow = (): void => {
    const state = app.get();
    if (state.status !== 'ready' || state.view.kind !== 'main') return;
    if (!isArranged) {
      isArranged = true;
      store.update((tabs) => withLayouts(tabs, state.terminalLayouts, state.snapshot));
      keepLayouts(api, store);
    }
    store.update((tabs) => followSessions(tabs, state.snapshot));
    const keys = new Set(store.get().panes.map(({ key }) => key));
    for (const [key, view] of views) {
      if (keys.has(key)) continue;
      view.dispose();
      views.delete(key);
    }
  };

  const release = (key: string): string | null => {
    const sessionId = pane(key)?.sessionId ?? null;
    if (sessionId !== null) links.delete(sessionId);
    views.get(key)?.dispose();
    views.delete(key);
    return sessionId;
  };

  app.subscribe(follow);
  api.on('terminalData', ({ sessionId, bytes }) => links.get(sessionId)?.receive(bytes));
  api.on('terminalScreen', ({ sessionId, ...piece }) => links.get(sessionId)?.showScreen(piece));
  api.on('terminalEnd', ({ sessionId, end }) => {
    links.delete(sessionId);
    store.update((state) => withDone(state, sessionId));
    const ended = paneShowing(sessionId);
    if (ended !== undefined) change(ended.key, { status: 'ended', end });
  });

  api.on('terminalTaken', ({ sessionId }) => {
    const taken = paneShowing(sessionId);
    if (taken === undefined) return;
    release(taken.key);
    change(taken.key, { status: 'elsewhere' });
  });

  const connecting = new Set<string>();
  const connectOnce = async (key: string, view: TerminalView): Promise<void> => {
    if (connecting.has(key)) return;
    connecting.add(key);
    try {
      await connect(key, view);
    } finally {
      connecting.delete(key);
      // Where it could not be connected, nobody is there to read it.
      typedEarly.delete(key);
    }
  };

  const closePane = (key: string): void => {
    const sessionId = release(key);
    store.update((state) => withoutPane(sessionId === null ? state : withDone(state, sessionId), key));
    if (sessionId !== null) void api.request('closeTerminal', sessionId);
  };

  return {
    store,
    clickedLink,
    ...createTabActions(store, (projectId) => projectOf(projectId)?.container.status === 'running'),
    close: (key) => {
      const state = store.get();
      const tab = state.tabs.find((one) => one.key === key);
      if (tab !== undefined) for (const one of panesOf(state, tab)) closePane(one.key);
    },
    closePane,
    reconnect: (key) => {
      const view = views.get(key);
      if (view === undefined) return;
      const isOther = view.terminal.buffer.active.type === 'alternate';
      view.terminal.write(isOther ? leaveOtherScreen + softReset : softReset);
      change(key, { sessionId: null, status: 'opening', end: null, failure: null });
      view.terminal.focus();
      void connectOnce(key, view);
    },
    clear: (key) => {
      views.get(key)?.terminal.clear();
      linkOf(key)?.clear();
    },
    moveOut: (key) => {
      const moved = pane(key);
      if (moved === undefined || moved.sessionId === null) return;
      release(key);
      change(key, { status: 'elsewhere' });
      void api.request('detachTerminal', moved.sessionId);
      void api.request('openTerminalWindow', moved.projectId, moved.sessionId);
    },
    bringBack: (key) => change(key, { status: 'unattached' }),
    show: async (key, place) => {
      const createView = await ports.loadView();
      const shown = pane(key);
      if (shown === undefined || !place.isConnected) return;
      const view = views.get(key) ?? makeView(key, createView);
      view.show(place);
      linkOf(key)?.setInView(true);
      if (shown.status === 'opening' || shown.status === 'unattached') void connectOnce(key, view);
    },
    hide: (key) => {
      views.get(key)?.hide();
      linkOf(key)?.setInView(false);
    },
    viewOf: (key) => views.get(key) ?? null,
    changeLook: (next) => {
      look = next;
      for (const view of views.values()) view.change(next);
    },
    refreshTheme: () => {
      for (const view of views.values()) view.refreshTheme();
    },
  };
}
