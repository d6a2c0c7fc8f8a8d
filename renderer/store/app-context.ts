import { createContext, useContext } from 'react';
import type { TazpodApi } from '../../preload/api.ts';
import type { ProjectState } from '../../preload/contract/snapshot.ts';
import type { Actions } from '../actions/actions.ts';
import type { TerminalTabs } from '../terminal/terminal-tabs.ts';
import type { AppState, ReadyState } from './app-state.ts';
import type { ExternalStore } from './external-store.ts';
import type { UiState } from './ui-state.ts';
import { useStore } from './use-store.ts';

/** Everything a view works with. */
export interface AppContextValue {
  readonly api: TazpodApi;
  readonly app: ExternalStore<AppState>;
  readonly ui: ExternalStore<UiState>;
  readonly actions: Actions;
  readonly terminals: TerminalTabs;
}

export const AppContext = createContext<AppContextValue | null>(null);

export function useApp(): AppContextValue {
  const value = useContext(AppContext);
  if (value === null) throw new Error('a view outside of the app');
  return value;
}

/** Part of what the app told; only below a view that waited until it did. */
export function useReady<Part>(select: (state: ReadyState) => Part, isEqual?: (a: Part, b: Part) => boolean): Part {
  return useStore(useApp().app, (state) => select(assertReady(state)), isEqual);
}

export function useUi<Part>(select: (state: UiState) => Part): Part {
  return useStore(useApp().ui, select);
}

export function useProject(id: string): ProjectState | undefined {
  return useReady(({ projects }) => projects.get(id));
}

export const useEngineReady = (): boolean => useReady(({ snapshot }) => snapshot.engine.status === 'ready');

export const useIsMac = (): boolean => useReady(({ runtime }) => runtime.platform === 'darwin');

function assertReady(state: AppState): ReadyState {
  if (state.status !== 'ready') throw new Error('the app has not begun');
  return state;
}
