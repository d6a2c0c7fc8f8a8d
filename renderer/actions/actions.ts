import type { TazpodApi } from '../../preload/api.ts';
import type { Command } from '../../preload/contract/commands.ts';
import type { Failure } from '../../preload/contract/errors.ts';
import type { OperationKind, ProjectState } from '../../preload/contract/snapshot.ts';
import type { SyncQuestion, SyncRemote } from '../../preload/contract/sync.ts';
import type { AppState } from '../store/app-state.ts';
import type { ExternalStore } from '../store/external-store.ts';
import { withEntry, withoutEntry, type ProjectTab, type UiState } from '../store/ui-state.ts';
import { terminalCountOf } from '../words/project-words.ts';
import { loginNeedOf, loginPromptOf } from '../words/sync-words.ts';
import { failedKindOf, hindranceOf, type ActionId } from './project-actions.ts';
import { registerFolders } from './register-folders.ts';

export interface ActionPorts {
  readonly api: TazpodApi;
  readonly app: ExternalStore<AppState>;
  readonly ui: ExternalStore<UiState>;
  readonly openTerminal: (projectId: string) => void;
  /** Puts the focus where the next step is, once it is drawn. */
  readonly focusStep: () => void;
}

/** Everything a click or key leads to. What it changed comes back as a snapshot; only refusals are kept here. */
export interface Actions {
  /** Does it, or asks first where it destroys. */
  perform(id: ActionId, projectId: string): void;
  /** Does it without asking again. */
  confirm(): void;
  execute(command: Command, projectId: string | null): Promise<boolean>;
  trustAndStart(projectId: string, trustHash: string): Promise<void>;
  addFolders(): Promise<void>;
  registerFolders(folders: readonly string[]): Promise<void>;
  show(projectId: string, tab?: ProjectTab): void;
}

export function createActions(ports: ActionPorts): Actions {
  const { api, app, ui, openTerminal, focusStep } = ports;

  const tell = (projectId: string | null, failure: Failure | null): void =>
    ui.update((state) => {
      if (projectId === null) return { ...state, refusedCommand: failure };
      const refusedCommands =
        failure === null
          ? withoutEntry(state.refusedCommands, projectId)
          : withEntry(state.refusedCommands, projectId, failure);
      return { ...state, refusedCommands };
    });

  const execute: Actions['execute'] = async (command, projectId) => {
    tell(projectId, null);
    const answer = await api.request('execute', command);
    if (!answer.accepted) tell(projectId, answer.failure);
    return answer.accepted;
  };

  const projectOf = (id: string): ProjectState | undefined => {
    const state = app.get();
    return state.status === 'ready' ? state.projects.get(id) : undefined;
  };

  const show: Actions['show'] = (projectId, tab) =>
    ui.update((state) => ({
      ...state,
      selectedId: projectId,
      page: 'project',
      tabs: tab === undefined ? state.tabs : withEntry(state.tabs, projectId, tab),
    }));

  const perform = (asked: ActionId, project: ProjectState): void => {
    const id = asked === 'retry' ? retriedOf(project) : asked;
    const command = toCommand(id, project);
    if (command !== null) {
      void execute(command, project.id);
      return;
    }
    if (id === 'doctor') {
      ui.update((state) => ({ ...state, selectedId: project.id, page: 'doctor' }));
      return;
    }
    if (id === 'show-vault' || id === 'unlock-vault') {
      show(project.id, 'vault');
      return;
    }
    if (id === 'log-in') {
      show(project.id, 'sync');
      return;
    }
    show(project.id, 'terminal');
    // Where it can't be opened yet, the tab says what comes first.
    if (id === 'open-terminal' && hindranceOf(id, project, isEngineReady(app.get())) === null) {
      if (asksForVault(project, ui.get())) {
        ui.update((state) => ({ ...state, wantsTerminal: project.id }));
        focusStep();
      } else openTerminal(project.id);
    }
    if (id === 'review') ui.update((state) => ({ ...state, reviewingId: project.id }));
    if (id === 'review' || id === 'write-config') focusStep();
    if (id === 'open-folder') {
      void api.request('openFolder', project.id).then((result) => tell(project.id, result.ok ? null : result.failure));
    }
  };

  return {
    execute,
    show,
    perform: (action, projectId) => {
      const project = projectOf(projectId);
      if (project === undefined) return;
      if (wantsConfirmation(action, project)) ui.update((state) => ({ ...state, confirmation: { action, projectId } }));
      else perform(action, project);
    },
    confirm: () => {
      const { confirmation } = ui.get();
      if (confirmation === null) return;
      ui.update((state) => ({ ...state, confirmation: null }));
      const project = projectOf(confirmation.projectId);
      if (project !== undefined) perform(confirmation.action, project);
    },
    trustAndStart: async (projectId, trustHash) => {
      if (!(await execute({ type: 'trustProject', projectId, trustHash }, projectId))) return;
      ui.update((state) => ({ ...state, reviewingId: null }));
      if (projectOf(projectId)?.container.status !== 'running') {
        await execute({ type: 'startProject', projectId }, projectId);
      }
    },
    addFolders: async () => registerFolders(await api.request('chooseFolders'), ports),
    registerFolders: async (folders) => registerFolders(folders, ports),
  };
}

const isEngineReady = (state: AppState): boolean =>
  state.status === 'ready' && state.snapshot.engine.status === 'ready';

/** A vault that the remote has and this folder lacks. */
export interface OfferedVault {
  readonly theirs: SyncQuestion['theirs'];
  readonly remote: SyncRemote;
}

/** The vault to pull in the guided entry; null where there is one here, or none there. */
export function offeredVault({ vault, sync: { question, remote } }: ProjectState): OfferedVault | null {
  if (vault.status !== 'absent' || question?.kind !== 'offer-pull' || remote === null) return null;
  return { theirs: question.theirs, remote };
}

/** The folder has no vault, and the remote can't be asked for one before a login. */
export function wantsLogin(project: ProjectState): boolean {
  const isMissing = loginNeedOf(project) !== null || loginPromptOf(project) !== null;
  return project.vault.status === 'absent' && isMissing;
}

/**
 * The guided entry: before the first terminal the vault is offered to be unlocked, once, if it is there and its files are
 * not; where only the remote has it, to be pulled, after a login where one is missing.
 */
export function asksForVault(project: ProjectState, ui: UiState): boolean {
  const isThere = project.vault.status === 'locked' || project.vault.status === 'mounted';
  const isClosed = isThere || offeredVault(project) !== null || wantsLogin(project);
  const isRunning = project.container.status === 'running';
  return isRunning && isClosed && terminalCountOf(project) === 0 && !ui.withoutVault.has(project.id);
}

/** Only what ends running work, or loses the entry or what is unsaved, asks; a container by itself is disposable. */
export function wantsConfirmation(id: ActionId, project: ProjectState): boolean {
  if (id === 'forget' || id === 'stop-without-saving') return true;
  const ends = id === 'stop' || id === 'restart' || id === 'rebuild' || id === 'rebuild-fresh';
  return ends && terminalCountOf(project) > 0;
}

const retried: { readonly [Kind in OperationKind]?: ActionId } = {
  stop: 'stop',
  restart: 'restart',
  rebuild: 'rebuild',
  adopt: 'adopt',
  'reconnect-network': 'reconnect',
  setup: 'retry-setup',
  'unlock-vault': 'show-vault',
  'save-vault': 'show-vault',
  'lock-vault': 'show-vault',
  'change-passphrase': 'show-vault',
};

const retriedOf = ({ activity }: ProjectState): ActionId => retried[failedKindOf(activity)] ?? 'start';

/** The command of an action; null where it is the window's own doing. */
export function toCommand(id: ActionId, project: ProjectState): Command | null {
  const { id: projectId } = project;
  switch (id) {
    case 'start':
      return { type: 'startProject', projectId };
    case 'stop':
      return { type: 'stopProject', projectId };
    case 'stop-without-saving':
      return { type: 'stopProject', projectId, force: true };
    case 'restart':
      return { type: 'restartProject', projectId };
    case 'rebuild':
      return { type: 'rebuildProject', projectId };
    case 'rebuild-fresh':
      return { type: 'rebuildProject', projectId, pull: true };
    case 'retry-setup':
      return { type: 'retrySetup', projectId };
    case 'reconnect':
      return { type: 'reconnectNetwork', projectId };
    case 'sync-now':
      return { type: 'syncNow', projectId };
    case 'lock-vault':
      return { type: 'lockVault', projectId };
    case 'forget':
      return { type: 'forgetProject', projectId };
    case 'look-again':
      return { type: 'refreshProjects' };
    case 'adopt':
      return project.adoptable === null
        ? null
        : { type: 'adoptContainer', projectId, containerId: project.adoptable.id };
    case 'cancel': {
      const running = project.operations.find(({ cancellable }) => cancellable);
      return running === undefined ? null : { type: 'cancelOperation', operationId: running.id };
    }
    case 'retry':
      return toCommand(retriedOf(project), project);
    case 'open-terminal':
    case 'show-vault':
    case 'unlock-vault':
    case 'open-folder':
    case 'log-in':
    case 'doctor':
    case 'review':
    case 'write-config':
      return null;
    default: {
      const never: never = id;
      return never;
    }
  }
}
