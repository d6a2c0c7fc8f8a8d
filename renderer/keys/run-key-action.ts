import { defaultSettings } from '../../preload/contract/settings.ts';
import type { AppContextValue } from '../store/app-context.ts';
import { copySelection, pasteInto } from '../terminal/clipboard.ts';
import { frontTabOf, tabsOf, type TerminalTab } from '../terminal/tabs-state.ts';
import type { TerminalView } from '../terminal/terminal-view.ts';
import { findBarOpen } from '../views/terminal/find-state.ts';
import type { KeyAction } from './key-map.ts';
import { moveRegion } from './regions.ts';

/** Does what a key of ours asks for. */
export function runKeyAction(action: KeyAction, context: AppContextValue): void {
  const { api, ui, actions, terminals } = context;
  const projectId = shownProjectId(context);
  const front = projectId === null ? null : frontTabOf(terminals.store.get(), projectId);
  switch (action.type) {
    case 'palette':
      ui.update((state) => ({ ...state, paletteOpen: !state.paletteOpen }));
      return;
    case 'search':
      focusSearch(context);
      return;
    case 'addFolder':
      void actions.addFolders();
      return;
    case 'settings':
      ui.update((state) => ({ ...state, page: state.page === 'settings' ? 'project' : 'settings' }));
      return;
    case 'openTerminal':
      if (projectId !== null && front !== null) showTerminal(projectId, front, context);
      else if (projectId !== null) actions.perform('open-terminal', projectId);
      return;
    case 'newTab':
      if (projectId !== null) actions.perform('open-terminal', projectId);
      return;
    case 'closeTab':
      if (front !== null) terminals.close(front.key);
      return;
    case 'tab': {
      const tab = projectId === null ? undefined : tabsOf(terminals.store.get(), projectId)[action.index];
      if (projectId !== null && tab !== undefined) showTerminal(projectId, tab, context);
      return;
    }
    case 'moveTab': {
      if (projectId === null || front === null) return;
      const at = tabsOf(terminals.store.get(), projectId).indexOf(front);
      terminals.move(front.key, at + (action.backward ? -1 : 1));
      return;
    }
    case 'find':
      if (front !== null) findBarOpen.set(true);
      return;
    case 'prompt':
      withView(front, context, ({ prompts }) => prompts.jump(action.backward));
      return;
    case 'selectOutput':
      withView(front, context, ({ prompts }) => prompts.selectOutput());
      return;
    case 'copy':
      withView(front, context, (view) => copySelection(api, view));
      return;
    case 'paste':
      withView(front, context, (view) => void pasteInto(api, view, asksBeforePaste(context)));
      return;
    case 'region':
      moveRegion(action.backward);
      return;
    case 'largerText':
    case 'smallerText':
    case 'usualText':
      changeFontSize(action.type, context);
      return;
    default: {
      const never: never = action;
      return never;
    }
  }
}

const asksBeforePaste = ({ app }: AppContextValue): boolean => {
  const state = app.get();
  return state.status !== 'ready' || state.settings.warnBeforePaste;
};

function shownProjectId({ app, ui }: AppContextValue): string | null {
  const state = app.get();
  if (state.status !== 'ready') return null;
  return state.view.kind === 'terminal' ? state.view.projectId : ui.get().selectedId;
}

function showTerminal(projectId: string, tab: TerminalTab, { actions, terminals }: AppContextValue): void {
  actions.show(projectId, 'terminal');
  terminals.activate(projectId, tab.key);
  terminals.viewOf(tab.key)?.terminal.focus();
}

function withView(tab: TerminalTab | null, { terminals }: AppContextValue, act: (view: TerminalView) => void): void {
  const view = tab === null ? null : terminals.viewOf(tab.key);
  if (view !== null) act(view);
}

/** The list's own field; where the list is a rail, the palette searches. */
function focusSearch({ ui }: AppContextValue): void {
  const field = document.querySelector<HTMLInputElement>('[data-search="projects"]');
  if (field === null) ui.update((state) => ({ ...state, paletteOpen: true }));
  else field.select();
  field?.focus();
}

function changeFontSize(type: 'largerText' | 'smallerText' | 'usualText', { api, app }: AppContextValue): void {
  const state = app.get();
  if (state.status !== 'ready') return;
  const step = type === 'largerText' ? 1 : -1;
  const size = type === 'usualText' ? defaultSettings.terminalFontSizePx : state.settings.terminalFontSizePx + step;
  const terminalFontSizePx = Math.min(32, Math.max(8, size));
  void api.request('changeSettings', { terminalFontSizePx }).then((settings) => {
    app.update((current) => (current.status === 'ready' ? { ...current, settings } : current));
  });
}
