import type { TazpodApi } from '../../preload/api.ts';
import type { AppState } from '../store/app-state.ts';
import { createExternalStore, type ExternalStore } from '../store/external-store.ts';
import { pasteText } from './clipboard.ts';
import { toDroppedText } from './dropped-paths.ts';
import { toPlainTitle } from './input-bytes.ts';
import { wantsNotice } from './prompt-marks.ts';
import { linkSession, type SessionLink } from './session-link.ts';
import {
  changeTab,
  followSessions,
  frontTabOf,
  newTab,
  noTabs,
  unknownTitle,
  withDone,
  withTab,
  withTabAt,
  withoutTab,
  type TabsState,
} from './tabs-state.ts';
import { createTerminalView, type TerminalLook, type TerminalView } from './terminal-view.ts';

export interface LinkClick {
  readonly link: string;
  readonly x: number;
  readonly y: number;
}

/** The terminals of this window: their tabs as state, their screens as things that outlive the panes showing them. */
export interface TerminalTabs {
  readonly store: ExternalStore<TabsState>;
  /** The link that was clicked and waits for a yes. */
  readonly clickedLink: ExternalStore<LinkClick | null>;
  open(projectId: string): void;
  activate(projectId: string, key: string): void;
  close(key: string): void;
  reconnect(key: string): void;
  /** What a person calls it from now on; empty for the program's own title. */
  rename(key: string, name: string): void;
  /** To another place among its project's tabs, counted from 0. */
  move(key: string, index: number): void;
  /** Gives a session to a window of its own. */
  moveOut(key: string): void;
  bringBack(key: string): void;
  /** Puts a tab's screen into a pane, and opens or attaches its session at the size it has there. */
  show(key: string, pane: HTMLElement): Promise<void>;
  hide(key: string): void;
  viewOf(key: string): TerminalView | null;
  attachOnly(projectId: string, sessionId: string | null): void;
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
  /** Done once the terminal's font can be measured. */
  readonly fontReady: Promise<unknown>;
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
  let lastKey = 0;
  let look = ports.look();

  const tabOf = (key: string): TabsState['tabs'][number] | undefined => store.get().tabs.find((tab) => tab.key === key);
  const change = (key: string, part: Parameters<typeof changeTab>[2]): void =>
    store.update((state) => changeTab(state, key, part));
  const linkOf = (key: string): SessionLink | undefined => {
    const id = tabOf(key)?.sessionId;
    return typeof id === 'string' ? links.get(id) : undefined;
  };

  /** Files of the project's folder become their paths in the container. */
  const dropInto = (key: string, view: TerminalView, files: readonly File[]): boolean => {
    const state = app.get();
    const projectId = tabOf(key)?.projectId;
    const project = state.status === 'ready' ? state.snapshot.projects.find(({ id }) => id === projectId) : undefined;
    const text = project === undefined ? null : toDroppedText(api.pathsOf(files), project.folder);
    if (text === null) return false;
    view.terminal.paste(text);
    view.terminal.focus();
    return true;
  };

  const isShown = (key: string): boolean => {
    const tab = tabOf(key);
    const isFront = tab !== undefined && frontTabOf(store.get(), tab.projectId)?.key === key;
    return isFront && views.get(key)?.element.isConnected === true;
  };

  const makeView = (key: string): TerminalView => {
    const view: TerminalView = createTerminalView(look, {
      onInput: (bytes) => linkOf(key)?.send(bytes),
      onResize: (size) => linkOf(key)?.resize(size),
      onTitle: (title) => title !== '' && change(key, { title }),
      onBell: () => {
        if (!isShown(key)) change(key, { hasBell: true });
      },
      onCommandEnd: (end) => {
        const projectId = tabOf(key)?.projectId;
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

  /** Opens what has no session yet, attaches to what has one. A tab closed meanwhile takes its session with it. */
  const connect = async (key: string, view: TerminalView): Promise<void> => {
    const tab = tabOf(key);
    if (tab === undefined) return;
    let { sessionId } = tab;
    if (sessionId === null) {
      const opened = await api.request('openTerminal', tab.projectId, view.size());
      if (!opened.ok) {
        change(key, { status: 'failed', failure: opened.failure });
        return;
      }
      ({ sessionId } = opened.value);
      if (tabOf(key) === undefined) {
        store.update((state) => withDone(state, opened.value.sessionId));
        void api.request('closeTerminal', sessionId);
        return;
      }
    }
    const link = linkSession(api, sessionId, view);
    links.set(sessionId, link);
    change(key, { sessionId, status: 'live', failure: null, end: null });
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
    store.update((tabs) => followSessions(tabs, state.snapshot));
    const keys = new Set(store.get().tabs.map(({ key }) => key));
    for (const [key, view] of views) {
      if (keys.has(key)) continue;
      view.dispose();
      views.delete(key);
    }
  };

  const release = (key: string): string | null => {
    const sessionId = tabOf(key)?.sessionId ?? null;
    if (sessionId !== null) links.delete(sessionId);
    views.get(key)?.dispose();
    views.delete(key);
    return sessionId;
  };

  app.subscribe(follow);
  api.on('terminalData', ({ sessionId, bytes }) => links.get(sessionId)?.receive(bytes));
  api.on('terminalRestore', ({ sessionId, bytes }) => links.get(sessionId)?.restore(bytes));
  api.on('terminalEnd', ({ sessionId, end }) => {
    links.delete(sessionId);
    store.update((state) => withDone(state, sessionId));
    const tab = store.get().tabs.find((one) => one.sessionId === sessionId);
    if (tab !== undefined) change(tab.key, { status: 'ended', end });
  });

  api.on('terminalTaken', ({ sessionId }) => {
    const tab = store.get().tabs.find((one) => one.sessionId === sessionId);
    if (tab === undefined) return;
    release(tab.key);
    change(tab.key, { status: 'elsewhere' });
  });

  const connecting = new Set<string>();
  const connectOnce = async (key: string, view: TerminalView): Promise<void> => {
    if (connecting.has(key)) return;
    connecting.add(key);
    try {
      await connect(key, view);
    } finally {
      connecting.delete(key);
    }
  };

  const nextKey = (): string => {
    lastKey += 1;
    return `tab-${lastKey}`;
  };

  return {
    store,
    clickedLink,
    open: (projectId) => store.update((state) => withTab(state, newTab(nextKey(), projectId, null, unknownTitle))),
    attachOnly: (projectId, sessionId) => {
      if (store.get().tabs.length === 0) {
        store.update((state) => withTab(state, newTab(nextKey(), projectId, sessionId, unknownTitle)));
      }
    },
    activate: (projectId, key) =>
      store.update((state) => ({
        ...changeTab(state, key, { hasBell: false }),
        front: new Map(state.front).set(projectId, key),
      })),
    close: (key) => {
      const sessionId = release(key);
      store.update((state) => withoutTab(sessionId === null ? state : withDone(state, sessionId), key));
      if (sessionId !== null) void api.request('closeTerminal', sessionId);
    },
    rename: (key, name) => change(key, { name: toPlainTitle(name) }),
    move: (key, index) => store.update((state) => withTabAt(state, key, index)),
    reconnect: (key) => {
      const view = views.get(key);
      if (view === undefined) return;
      const isOther = view.terminal.buffer.active.type === 'alternate';
      view.terminal.write(isOther ? leaveOtherScreen + softReset : softReset);
      change(key, { sessionId: null, status: 'opening', end: null, failure: null });
      void connectOnce(key, view);
    },
    moveOut: (key) => {
      const tab = tabOf(key);
      if (tab === undefined || tab.sessionId === null) return;
      release(key);
      change(key, { status: 'elsewhere' });
      void api.request('detachTerminal', tab.sessionId);
      void api.request('openTerminalWindow', tab.projectId, tab.sessionId);
    },
    bringBack: (key) => change(key, { status: 'unattached' }),
    show: async (key, pane) => {
      await ports.fontReady;
      const tab = tabOf(key);
      if (tab === undefined || !pane.isConnected) return;
      const view = views.get(key) ?? makeView(key);
      view.show(pane);
      linkOf(key)?.setInView(true);
      if (tab.status === 'opening' || tab.status === 'unattached') await connectOnce(key, view);
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
