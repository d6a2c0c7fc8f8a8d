import type { Failure } from '../../preload/contract/errors.ts';
import type { ActionId } from '../actions/project-actions.ts';

export type ProjectTab = 'terminal' | 'vault' | 'stats' | 'ports' | 'sync' | 'config' | 'activity';

/** A folder that could not be registered, told where it was dropped. */
export interface Refusal {
  readonly folder: string;
  readonly failure: Failure;
}

/** Something that destroys, waiting for a yes. */
export interface Confirmation {
  readonly action: ActionId;
  readonly projectId: string;
}

/** What this window itself decides: never what the app is. */
export interface UiState {
  readonly selectedId: string | null;
  readonly page: 'project' | 'settings' | 'doctor';
  /** By project; absent for the terminal. */
  readonly tabs: ReadonlyMap<string, ProjectTab>;
  readonly search: string;
  readonly paletteOpen: boolean;
  readonly confirmation: Confirmation | null;
  /** The project whose trust question is open although its container runs. */
  readonly reviewingId: string | null;
  /** The project whose terminal opens once its vault is unlocked. */
  readonly wantsTerminal: string | null;
  /** Projects whose terminals were opened without their vault. */
  readonly withoutVault: ReadonlySet<string>;
  readonly refusals: readonly Refusal[];
  /** By project: the last command of this window that was refused. */
  readonly refusedCommands: ReadonlyMap<string, Failure>;
  /** Refused commands that belong to no project. */
  readonly refusedCommand: Failure | null;
  readonly contextMenu: { readonly projectId: string; readonly x: number; readonly y: number } | null;
}

export const initialUi: UiState = {
  selectedId: null,
  page: 'project',
  tabs: new Map(),
  search: '',
  paletteOpen: false,
  confirmation: null,
  reviewingId: null,
  wantsTerminal: null,
  withoutVault: new Set(),
  refusals: [],
  refusedCommands: new Map(),
  refusedCommand: null,
  contextMenu: null,
};

export const withEntry = <Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): ReadonlyMap<Key, Value> =>
  new Map(map).set(key, value);

export function withoutEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}
