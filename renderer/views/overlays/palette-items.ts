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

const windowItems: readonly PaletteItem[] = [
  { id: 'add', label: 'Add folder…', note: '', keys: 'Mod-N', deed: { type: 'key', action: { type: 'addFolder' } } },
  {
    id: 'search',
    label: 'Search projects',
    note: '',
    keys: 'Mod-K',
    deed: { type: 'key', action: { type: 'search' } },
  },
  { id: 'settings', label: 'Settings', note: '', keys: 'Mod-,', deed: { type: 'key', action: { type: 'settings' } } },
  {
    id: 'find',
    label: 'Find in the terminal',
    note: '',
    keys: 'Mod-Shift-F',
    deed: { type: 'key', action: { type: 'find' } },
  },
  {
    id: 'prompt up',
    label: 'Go to the previous prompt',
    note: '',
    keys: 'Mod-Shift-Up',
    deed: { type: 'key', action: { type: 'prompt', backward: true } },
  },
  {
    id: 'prompt down',
    label: 'Go to the next prompt',
    note: '',
    keys: 'Mod-Shift-Down',
    deed: { type: 'key', action: { type: 'prompt', backward: false } },
  },
  {
    id: 'output',
    label: 'Select the output of a command',
    note: '',
    keys: 'Mod-Shift-O',
    deed: { type: 'key', action: { type: 'selectOutput' } },
  },
  {
    id: 'close',
    label: 'Close tab',
    note: '',
    keys: 'Mod-Shift-W',
    deed: { type: 'key', action: { type: 'closeTab' } },
  },
  {
    id: 'tab left',
    label: 'Move tab to the left',
    note: '',
    keys: 'Mod-Shift-PageUp',
    deed: { type: 'key', action: { type: 'moveTab', backward: true } },
  },
  {
    id: 'tab right',
    label: 'Move tab to the right',
    note: '',
    keys: 'Mod-Shift-PageDown',
    deed: { type: 'key', action: { type: 'moveTab', backward: false } },
  },
  {
    id: 'larger',
    label: 'Larger terminal text',
    note: '',
    keys: 'Mod-=',
    deed: { type: 'key', action: { type: 'largerText' } },
  },
  {
    id: 'smaller',
    label: 'Smaller terminal text',
    note: '',
    keys: 'Mod--',
    deed: { type: 'key', action: { type: 'smallerText' } },
  },
  {
    id: 'usual',
    label: 'Usual terminal text size',
    note: '',
    keys: 'Mod-0',
    deed: { type: 'key', action: { type: 'usualText' } },
  },
  {
    id: 'region',
    label: 'Go to the next part of the window',
    note: 'Ctrl-Shift-F6 in a terminal',
    keys: 'F6',
    deed: { type: 'key', action: { type: 'region', backward: false } },
  },
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
