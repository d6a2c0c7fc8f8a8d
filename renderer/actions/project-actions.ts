import { isHeldByVault } from '../../preload/contract/held-stop.ts';
import {
  syncOperationKinds,
  type ActivityEntry,
  type OperationKind,
  type ProjectState,
} from '../../preload/contract/snapshot.ts';
import type { VaultStatus } from '../../preload/contract/vault.ts';
import { loginNeedOf, syncHindrance } from '../words/sync-words.ts';

/** All that can be done with a project, under the names that the rest of the window uses. */
export type ActionId =
  | 'start'
  | 'stop'
  | 'stop-without-saving'
  | 'restart'
  | 'rebuild'
  | 'rebuild-fresh'
  | 'open-terminal'
  | 'open-folder'
  | 'doctor'
  | 'show-vault'
  | 'unlock-vault'
  | 'lock-vault'
  | 'sync-now'
  | 'log-in'
  | 'review'
  | 'retry'
  | 'write-config'
  | 'look-again'
  | 'adopt'
  | 'reconnect'
  | 'retry-setup'
  | 'cancel'
  | 'forget';

export const actionLabels: { readonly [Id in ActionId]: string } = {
  start: 'Start',
  stop: 'Stop and remove container',
  'stop-without-saving': 'Stop without saving…',
  restart: 'Restart',
  rebuild: 'Rebuild',
  'rebuild-fresh': 'Rebuild with a fresh image',
  'open-terminal': 'Open terminal',
  'open-folder': 'Open folder',
  doctor: 'Ask doctor',
  'show-vault': 'Show vault',
  'unlock-vault': 'Unlock vault…',
  'lock-vault': 'Lock vault',
  'sync-now': 'Sync now',
  'log-in': 'Log in to AWS…',
  review: 'Review and trust',
  retry: 'Retry',
  'write-config': 'Write config…',
  'look-again': 'Look again',
  adopt: 'Adopt',
  reconnect: 'Reconnect network',
  'retry-setup': 'Retry setup',
  cancel: 'Cancel',
  forget: 'Forget…',
};

export interface ProjectAction {
  readonly id: ActionId;
  readonly label: string;
  /** Why it can't be done now; null where it can. */
  readonly hindrance: string | null;
}

const noEngine = 'No Docker engine answers yet';
const isUp = ({ container }: ProjectState): boolean => container.status === 'running' || container.status === 'paused';

/** What keeps an action from making sense now; null where nothing does. */
export function hindranceOf(id: ActionId, project: ProjectState, engineReady: boolean): string | null {
  const busy = project.operations.length > 0;
  switch (id) {
    case 'open-folder':
      return project.folderStatus === 'present' ? null : 'The folder is not there';
    case 'review':
      return project.trust.status === 'untrusted' ? null : 'There is nothing to review';
    case 'write-config':
      return project.config.status === 'absent' ? null : 'There is a config already';
    case 'look-again':
    case 'doctor':
      return null;
    case 'cancel':
      return project.operations.some(({ cancellable }) => cancellable) ? null : 'Nothing can be cancelled now';
    case 'forget':
      return project.container.status === 'missing' && !busy ? null : 'Stop and remove its container first';
    case 'stop':
      return (
        engineHindrance(engineReady, busy) ?? (project.container.status === 'missing' ? 'There is no container' : null)
      );
    case 'stop-without-saving':
      return engineHindrance(engineReady, busy) ?? (isHeldByVault(project) ? null : 'No vault keeps it from stopping');
    case 'open-terminal':
      return (
        engineHindrance(engineReady, false) ?? (project.container.status === 'running' ? null : 'It is not running')
      );
    case 'retry-setup':
      return (
        engineHindrance(engineReady, busy) ??
        configHindrance(project) ??
        (project.container.status === 'running' ? null : 'It is not running') ??
        (hasSetup(project) ? null : 'The config has no setup command')
      );
    case 'show-vault':
      return null;
    case 'unlock-vault':
      return vaultHindrance(project, engineReady, ['locked', 'mounted'], 'There is no locked vault');
    case 'sync-now':
      return syncHindrance(project);
    case 'log-in':
      return loginNeedOf(project) === null ? 'No login is missing' : syncHindrance(project);
    case 'lock-vault':
      return vaultHindrance(project, engineReady, ['unlocked'], 'The vault is not unlocked');
    case 'reconnect':
      return engineHindrance(engineReady, busy) ?? (project.network.tooLarge ? null : 'The network fits');
    case 'adopt':
      return engineHindrance(engineReady, busy) ?? (project.adoptable === null ? 'There is nothing to adopt' : null);
    case 'start':
      return engineHindrance(engineReady, busy) ?? configHindrance(project) ?? (isUp(project) ? 'It is running' : null);
    case 'retry':
    case 'rebuild':
    case 'rebuild-fresh':
      return engineHindrance(engineReady, busy) ?? configHindrance(project);
    case 'restart':
      return (
        engineHindrance(engineReady, busy) ?? configHindrance(project) ?? (isUp(project) ? null : 'It is not running')
      );
    default: {
      const never: never = id;
      return never;
    }
  }
}

const hasSetup = ({ trust }: ProjectState): boolean =>
  trust.status !== 'unknown' && trust.grants.some(({ key }) => key === 'setup');

function engineHindrance(engineReady: boolean, busy: boolean): string | null {
  if (!engineReady) return noEngine;
  return busy ? 'Another operation is under way' : null;
}

function vaultHindrance(
  project: ProjectState,
  engineReady: boolean,
  fitting: readonly VaultStatus[],
  otherwise: string,
): string | null {
  const busy = engineHindrance(engineReady, project.operations.length > 0);
  if (busy !== null) return busy;
  if (project.container.status !== 'running') return 'It is not running';
  return fitting.includes(project.vault.status) ? null : otherwise;
}

function configHindrance(project: ProjectState): string | null {
  if (project.folderStatus !== 'present') return 'The folder is not there';
  if (project.config.status !== 'valid') return 'It has no valid config';
  return project.trust.status === 'trusted' ? null : 'It needs your trust first';
}

const toAction = (id: ActionId, project: ProjectState, engineReady: boolean): ProjectAction => ({
  id,
  label: actionLabels[id],
  hindrance: hindranceOf(id, project, engineReady),
});

/** The one action that makes sense now. While an operation runs it stays in place, hindered: Cancel is beside the progress. */
export function primaryActionOf(project: ProjectState, engineReady: boolean): ProjectAction {
  return toAction(primaryIdOf(project), project, engineReady);
}

function primaryIdOf(project: ProjectState): ActionId {
  const { container, config, trust, failure } = project;
  if (project.folderStatus !== 'present') return 'look-again';
  if (container.status === 'running') return 'open-terminal';
  if (config.status === 'absent') return 'write-config';
  if (config.status === 'invalid') return 'look-again';
  if (trust.status === 'untrusted') return 'review';
  if (container.status === 'paused') return 'restart';
  return failure === null ? 'start' : 'retry';
}

/** The rest, behind the split button and the list's context menu, in groups; what can't be done now is left out. */
export function menuActionsOf(project: ProjectState, engineReady: boolean): readonly (readonly ProjectAction[])[] {
  const groups: readonly (readonly ActionId[])[] = [
    ['cancel', 'review', 'write-config', 'start', 'stop', 'stop-without-saving', 'restart'],
    ['open-terminal', 'open-folder', 'doctor'],
    ['unlock-vault', 'lock-vault', 'sync-now', 'log-in'],
    ['adopt', 'reconnect', 'retry-setup', 'rebuild', 'rebuild-fresh'],
    ['forget'],
  ];
  return groups
    .map((group) =>
      group
        .map((id) => toAction(id, project, engineReady))
        // Forget stays in sight, so that one learns what stands in its way.
        .filter(({ id, hindrance }) => hindrance === null || id === 'forget'),
    )
    .filter((group) => group.length > 0);
}

const syncKinds: ReadonlySet<ActivityEntry['kind']> = new Set(syncOperationKinds);

/** What Retry does: the kind of the newest operation that failed. */
export function failedKindOf(activity: readonly ActivityEntry[]): OperationKind {
  const failed = activity.findLast(
    ({ outcome, kind }) => outcome === 'failed' && kind !== 'notice' && !syncKinds.has(kind),
  );
  return failed === undefined || failed.kind === 'notice' ? 'start' : failed.kind;
}
