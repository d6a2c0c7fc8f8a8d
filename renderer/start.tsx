import '@xterm/xterm/css/xterm.css';
import './style/base.css';
import { createRoot, type Root } from 'react-dom/client';
import type { TazpodApi } from '../preload/api.ts';
import { defaultSettings } from '../preload/contract/settings.ts';
import { createActions } from './actions/actions.ts';
import { keyActionOf } from './keys/use-keys.ts';
import { AppContext, type AppContextValue } from './store/app-context.ts';
import type { AppState } from './store/app-state.ts';
import { createExternalStore } from './store/external-store.ts';
import { followApp } from './store/follow-app.ts';
import { initialUi } from './store/ui-state.ts';
import { createTerminalTabs } from './terminal/terminal-tabs.ts';
import { App } from './views/app.tsx';

/** Puts the page together: one store of what the app told, one of what this window decides, one of its terminals. */
export function startApp(api: TazpodApi, page: Document): Root {
  const root = page.getElementById('root');
  if (root === null) throw new Error('the page has no root');
  // Until the settings are known, so that nothing flashes.
  page.documentElement.dataset['theme'] = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const context = createContextValue(api, page);
  followApp(api, context.app);
  const reactRoot = createRoot(root);
  reactRoot.render(
    <AppContext value={context}>
      <App />
    </AppContext>,
  );
  return reactRoot;
}

/** A font that can't be had costs a terminal its looks, not its opening. */
const loadFonts = async ({ fonts }: Document): Promise<unknown> =>
  Promise.allSettled(
    ['400', '700'].flatMap((weight) => [
      fonts.load(`${weight} 13px "JetBrains Mono Variable"`),
      fonts.load(`${weight} 13px "JetBrains Mono Symbols"`, '│'),
    ]),
  );

function createContextValue(api: TazpodApi, page: Document): AppContextValue {
  const app = createExternalStore<AppState>({ status: 'loading' });
  const ui = createExternalStore(initialUi);
  const ready = (): Extract<AppState, { status: 'ready' }> | null => {
    const state = app.get();
    return state.status === 'ready' ? state : null;
  };
  const terminals = createTerminalTabs({
    api,
    app,
    look: () => ready()?.settings ?? defaultSettings,
    asksBeforePaste: () => ready()?.settings.warnBeforePaste ?? true,
    noticeAfterSeconds: () => (ready()?.settings ?? defaultSettings).noticeAfterSeconds,
    isOurKey: (event) => keyActionOf(event, ready()?.runtime.platform === 'darwin') !== null,
    onSelect: (text) => {
      if (ready()?.settings.copyOnSelect === true) void api.request('copyText', text);
    },
    loadView: async () => {
      const [{ createTerminalView }] = await Promise.all([import('./terminal/terminal-view.ts'), loadFonts(page)]);
      return createTerminalView;
    },
  });
  const tellHidden = (): void => api.send('tellHidden', page.visibilityState === 'hidden');
  page.addEventListener('visibilitychange', tellHidden);
  const actions = createActions({
    api,
    app,
    ui,
    openTerminal: (projectId) => terminals.open(projectId),
    focusStep: () => setTimeout(() => page.querySelector<HTMLElement>('[data-step]')?.focus(), 0),
  });
  return { api, app, ui, actions, terminals };
}
