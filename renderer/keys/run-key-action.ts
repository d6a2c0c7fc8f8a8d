import { defaultSettings } from '../../preload/contract/settings.ts';
import type { AppContextValue } from '../store/app-context.ts';
import { copySelection, pasteInto } from '../terminal/clipboard.ts';
import { paneKeysOf } from '../terminal/pane-tree.ts';
import { frontTabOf, tabsOf, type TerminalTab } from '../terminal/tabs-state.ts';
import type { TerminalView } from '../terminal/terminal-view.ts';
import { findBarPane } from '../views/terminal/find-state.ts';
import { renamedTab } from '../views/terminal/strip-state.ts';
import type { KeyAction } from './key-map.ts';
import { focusInside, moveRegion } from './regions.ts';

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
      if (front !== null) terminals.closePane(front.active);
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
    case 'split':
      if (front !== null && isMainWindow(context)) terminals.split(front.active, action.direction);
      return;
    case 'pane':
      if (front !== null) focusPaneBeside(front, action.backward);
      return;
    case 'growPane':
      if (front !== null) terminals.growPane(front.active, action.less ? -growStep : growStep);
      return;
    case 'find':
      if (front !== null) findBarPane.set(front.active);
      return;
    case 'prompt':
      withView(front, context, ({ prompts }) => prompts.jump(action.backward));
      return;
    case 'selectOutput':
      withView(front, context, ({ prompts }) => prompts.selectOutput());
      return;
    case 'clear':
      if (front !== null) terminals.clear(front.active);
      return;
    case 'renameTab':
      renamedTab.set(front?.key ?? null);
      return;
    case 'moveOut':
      if (front !== null && isMainWindow(context)) terminals.moveOut(front.active);
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
  terminals.viewOf(tab.active)?.terminal.focus();
}

/** What a key gives a pane of its split's room, as a share. */
const growStep = 0.05;

/** A terminal's own window is one terminal. */
const isMainWindow = ({ app }: AppContextValue): boolean => {
  const state = app.get();
  return state.status === 'ready' && state.view.kind === 'main';
};

/** Keys go to the pane before or after, in the order they lie in; behind the last is the first. */
function focusPaneBeside(tab: TerminalTab, backward: boolean): void {
  const keys = paneKeysOf(tab.panes);
  const next = keys[(keys.indexOf(tab.active) + (backward ? -1 : 1) + keys.length) % keys.length];
  const place = document.querySelector<HTMLElement>(`[data-pane-key="${next}"]`);
  if (place !== null) focusInside(place);
}

function withView(tab: TerminalTab | null, { terminals }: AppContextValue, act: (view: TerminalView) => void): void {
  const view = tab === null ? null : terminals.viewOf(tab.active);
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
