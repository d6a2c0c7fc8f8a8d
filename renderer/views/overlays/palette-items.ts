import { go as fuzzyFind } from 'fuzzysort';
import type { KeyAction } from '../../keys/key-map.ts';
import type { ActionId } from '../../actions/project-actions.ts';
import { menuActionsOf, primaryActionOf } from '../../actions/project-actions.ts';
import type { ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { toListOrder } from '../../words/list-order.ts';
import { rowWord } from '../../words/project-words.ts';
import { parentOf, toShortPath, toVisibleName } from '../../words/visible-text.ts';

export type PaletteDeed =
  | { readonly type: 'key'; readonly action: KeyAction }
  | { readonly type: 'project'; readonly action: ActionId; readonly projectId: string }
  | { readonly type: 'show'; readonly projectId: string }
  | { readonly type: 'endSession'; readonly sessionId: string }
  | { readonly type: 'lookAgain' }
  | { readonly type: 'buildBaseImage' }
  | { readonly type: 'doctor' };

export interface PaletteItem {
  readonly id: string;
  readonly label: string;
  /** Said beside it: whose it is, or a project's state. */
  readonly note: string;
  /** As in the key map, for example `Mod-Shift-T`; empty without one. */
  readonly keys: string;
  readonly deed: PaletteDeed;
}

const projectKeys: { readonly [Id in ActionId]?: string } = { 'open-terminal': 'Mod-Enter' };

const keyItem = (id: string, label: string, keys: string, action: KeyAction, note = ''): PaletteItem => ({
  id,
  label,
  note,
  keys,
  deed: { type: 'key', action },
});

const windowItems: readonly PaletteItem[] = [
  keyItem('add', 'Add folder…', 'Mod-N', { type: 'addFolder' }),
  keyItem('search', 'Search projects', 'Mod-K', { type: 'search' }),
  keyItem('settings', 'Settings', 'Mod-,', { type: 'settings' }),
  keyItem('new tab', 'New terminal tab', 'Mod-Shift-T', { type: 'newTab' }),
  keyItem('copy', 'Copy what is selected in the terminal', 'Mod-Shift-C', { type: 'copy' }),
  keyItem('paste', 'Paste into the terminal', 'Mod-Shift-V', { type: 'paste' }),
  keyItem('clear', 'Clear the terminal', '', { type: 'clear' }),
  keyItem('find', 'Find in the terminal', 'Mod-Shift-F', { type: 'find' }),
  keyItem('prompt up', 'Go to the previous prompt', 'Mod-Shift-Up', { type: 'prompt', backward: true }),
  keyItem('prompt down', 'Go to the next prompt', 'Mod-Shift-Down', { type: 'prompt', backward: false }),
  keyItem('output', 'Select the output of a command', 'Mod-Shift-O', { type: 'selectOutput' }),
  keyItem('split right', 'Split the terminal to the right', 'Mod-Shift-D', { type: 'split', direction: 'right' }),
  keyItem('split down', 'Split the terminal downwards', 'Mod-Shift-E', { type: 'split', direction: 'down' }),
  keyItem('pane left', 'Go to the previous pane', 'Mod-Shift-Left', { type: 'pane', backward: true }),
  keyItem('pane right', 'Go to the next pane', 'Mod-Shift-Right', { type: 'pane', backward: false }),
  keyItem('pane larger', 'Make the pane larger', 'Mod-Shift-]', { type: 'growPane', less: false }),
  keyItem('pane smaller', 'Make the pane smaller', 'Mod-Shift-[', { type: 'growPane', less: true }),
  keyItem('close', 'Close tab or pane', 'Mod-Shift-W', { type: 'closeTab' }),
  keyItem('rename', 'Rename tab…', '', { type: 'renameTab' }, 'F2 on the tab'),
  keyItem('own window', 'Open the terminal in its own window', '', { type: 'moveOut' }),
  keyItem('tab left', 'Move tab to the left', 'Mod-Shift-PageUp', { type: 'moveTab', backward: true }),
  keyItem('tab right', 'Move tab to the right', 'Mod-Shift-PageDown', { type: 'moveTab', backward: false }),
  keyItem('larger', 'Larger terminal text', 'Mod-=', { type: 'largerText' }),
  keyItem('smaller', 'Smaller terminal text', 'Mod--', { type: 'smallerText' }),
  keyItem('usual', 'Usual terminal text size', 'Mod-0', { type: 'usualText' }),
  keyItem(
    'region',
    'Go to the next part of the window',
    'F6',
    { type: 'region', backward: false },
    'Ctrl-Shift-F6 in a terminal',
  ),
  { id: 'look', label: 'Look again', note: 'Read every folder and config anew', keys: '', deed: { type: 'lookAgain' } },
  { id: 'doctor', label: 'Doctor', note: 'Look at what keeps things from working', keys: '', deed: { type: 'doctor' } },
  { id: 'base', label: 'Build base image', note: '', keys: '', deed: { type: 'buildBaseImage' } },
];

/** Everything one can do now: the selected project's actions, the window's, then every project to go to. */
export function toPaletteItems(snapshot: Snapshot, selected: ProjectState | undefined): readonly PaletteItem[] {
  const projects = new Map(snapshot.projects.map((project) => [project.id, project]));
  const engineReady = snapshot.engine.status === 'ready';
  return [
    ...(selected === undefined ? [] : projectItems(selected, engineReady)),
    ...windowItems,
    ...snapshot.projects.filter((one) => one !== selected).flatMap((one) => projectItems(one, engineReady)),
    ...snapshot.projects.flatMap(sessionItems),
    ...toListOrder(snapshot.projects).flatMap((id) => {
      const project = projects.get(id);
      return project === undefined ? [] : [toGoItem(project)];
    }),
  ];
}

function projectItems(project: ProjectState, engineReady: boolean): readonly PaletteItem[] {
  const primary = primaryActionOf(project, engineReady);
  const rest = menuActionsOf(project, engineReady).flat();
  const all = rest.some(({ id }) => id === primary.id) ? rest : [primary, ...rest];
  const note = toVisibleName(project.name);
  return all
    .filter(({ hindrance }) => hindrance === null)
    .map(({ id, label }) => ({
      id: `do ${id} ${project.id}`,
      label,
      note,
      keys: projectKeys[id] ?? '',
      deed: { type: 'project', action: id, projectId: project.id },
    }));
}

/** Sessions of windows are tabs; those of command lines show here only. */
function sessionItems(project: ProjectState): readonly PaletteItem[] {
  return project.sessions.map(({ id, title, kept }) => ({
    id: `end ${id}`,
    label: `End session ${toVisibleName(title)}`,
    note: `${toVisibleName(project.name)} · opened by ${kept ? 'a window' : 'the command line'}`,
    keys: '',
    deed: { type: 'endSession', sessionId: id },
  }));
}

function toGoItem(project: ProjectState): PaletteItem {
  const notes = [rowWord(project), toShortPath(parentOf(project.folder))].filter((note) => note !== '');
  return {
    id: `go ${project.id}`,
    label: `Go to ${toVisibleName(project.name)}`,
    note: notes.join(' · '),
    keys: '',
    deed: { type: 'show', projectId: project.id },
  };
}

/** More than this at once nobody reads, and drawing it makes typing slow. */
const maxFound = 100;

/** The items that match what was typed, letters in order and gaps allowed, the best first; all where nothing was. */
export function findInPalette(items: readonly PaletteItem[], typed: string): readonly PaletteItem[] {
  if (typed.trim() === '') return items;
  const found = fuzzyFind(typed, items, { keys: ['label', 'note'], limit: maxFound, threshold: 0 });
  return found.map(({ obj }) => obj);
}
