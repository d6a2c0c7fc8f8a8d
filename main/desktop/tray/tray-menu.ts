import type { Command } from '../../../preload/contract/commands.ts';
import { isHeldByVault } from '../../../preload/contract/held-stop.ts';
import type { ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';

type ProjectAction = 'openTerminal' | 'openFolder' | 'showProject' | 'showVault' | 'askToStopUnsaved';

/** What a click in the tray does. */
export type TrayAction =
  | { readonly type: 'command'; readonly command: Command }
  | { readonly type: 'stopAll' }
  | { readonly type: ProjectAction; readonly projectId: string }
  | { readonly type: 'openLink'; readonly url: string }
  | { readonly type: 'addFolder' | 'showDoctor' | 'showWindow' | 'quit' };

export type TrayItem =
  | { readonly kind: 'item'; readonly label: string; readonly action: TrayAction | null }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly TrayItem[] }
  | { readonly kind: 'separator' };

/** More projects than this make a menu that does not fit on a screen. */
const maxTopLevelProjects = 30;

/** Ports of one project in its menu; the window has them all. */
const maxPorts = 8;
const toPortUrl = (port: number): string => `http://localhost:${port}/`;

/** Snapshot -> the tray's menu. Pure: running first, then the rest, each in the order of the alphabet. */
export function toTrayMenu(snapshot: Snapshot): readonly TrayItem[] {
  const projects = snapshot.projects.toSorted(byUse);
  const submenus = projects.map((project) => toProjectMenu(project, snapshot));
  const shown = submenus.slice(0, maxTopLevelProjects);
  const rest = submenus.slice(maxTopLevelProjects);
  const canStop = projects.some((project) => isUp(project));
  return [
    ...engineLines(snapshot),
    ...shown,
    ...(rest.length === 0 ? [] : [{ kind: 'submenu' as const, label: `More (${rest.length})`, items: rest }]),
    ...(projects.length === 0 ? [] : [separator]),
    item('Add folder…', { type: 'addFolder' }),
    item('Stop all', canStop ? { type: 'stopAll' } : null),
    item('Doctor', { type: 'showDoctor' }),
    item('Show window', { type: 'showWindow' }),
    separator,
    item('Quit', { type: 'quit' }),
  ];
}

const separator: TrayItem = { kind: 'separator' };
const item = (label: string, action: TrayAction | null): TrayItem => ({ kind: 'item', label, action });

function engineLines(snapshot: Snapshot): readonly TrayItem[] {
  if (snapshot.engine.status === 'away') return [item('No Docker engine', null), separator];
  return [];
}

const isUp = (project: ProjectState): boolean =>
  project.container.status === 'running' || project.container.status === 'paused';

function byUse(left: ProjectState, right: ProjectState): number {
  return Number(isUp(right)) - Number(isUp(left)) || left.name.localeCompare(right.name);
}

function toProjectMenu(project: ProjectState, snapshot: Snapshot): TrayItem {
  const { id: projectId } = project;
  const isReady = snapshot.engine.status === 'ready';
  const isBusy = project.operations.length > 0;
  const isStartable = isReady && !isBusy && project.trust.status === 'trusted' && project.folderStatus === 'present';
  const command = (type: 'startProject' | 'stopProject' | 'restartProject', allowed: boolean): TrayAction | null =>
    allowed ? { type: 'command', command: { type, projectId } } : null;
  const start = isUp(project)
    ? item('Stop and remove container', command('stopProject', isReady && !isBusy))
    : item('Start', command('startProject', isStartable));
  const running = project.operations.find((operation) => operation.cancellable);
  const cancel =
    running === undefined
      ? []
      : [
          item('Cancel', {
            type: 'command',
            command: { type: 'cancelOperation', operationId: running.id },
          }),
        ];
  return {
    kind: 'submenu',
    label: toLabel(project.name),
    items: [
      item(toStateWords(project), null),
      separator,
      ...cancel,
      start,
      ...(isHeldByVault(project)
        ? [item('Stop without saving…', isReady && !isBusy ? { type: 'askToStopUnsaved', projectId } : null)]
        : []),
      item('Restart', command('restartProject', isStartable && isUp(project))),
      item('Open terminal', isReady && !isBusy ? { type: 'openTerminal', projectId } : null),
      ...vaultItems(project, isReady && !isBusy),
      item('Open folder', project.folderStatus === 'present' ? { type: 'openFolder', projectId } : null),
      ...syncItems(project),
      ...project.ports
        .slice(0, maxPorts)
        .map(({ hostPort }) => item(`Open localhost:${hostPort}`, { type: 'openLink', url: toPortUrl(hostPort) })),
      item('Show in window', { type: 'showProject', projectId }),
    ],
  };
}

/** Nothing where the config names no remote. */
function syncItems({ id: projectId, sync, trust }: ProjectState): readonly TrayItem[] {
  if (sync.remote === null) return [];
  const isAllowed = trust.status === 'trusted' && sync.operations.length === 0;
  return [item('Sync now', isAllowed ? { type: 'command', command: { type: 'syncNow', projectId } } : null)];
}

/** Lock or unlock, whichever makes sense; a passphrase is typed in the window only. */
function vaultItems({ id: projectId, vault, container }: ProjectState, isFree: boolean): readonly TrayItem[] {
  if (container.status !== 'running') return [];
  if (vault.status === 'unlocked') {
    return [item('Lock vault', isFree ? { type: 'command', command: { type: 'lockVault', projectId } } : null)];
  }
  const isClosed = vault.status === 'locked' || vault.status === 'mounted';
  return isClosed ? [item('Unlock vault…', isFree ? { type: 'showVault', projectId } : null)] : [];
}

/** Longest label in characters; menus grow as wide as their longest one. */
const maxLabelLength = 40;

/** A folder may be called anything: control characters are shown as spaces, and a menu's `&` and `_` as themselves. */
export function toLabel(name: string): string {
  const visible = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim();
  const characters = Array.from(visible);
  return characters.length > maxLabelLength ? `${characters.slice(0, maxLabelLength - 1).join('')}…` : visible;
}

/** A project's state in words, the submenu's first line. */
export function toStateWords(project: ProjectState): string {
  const [operation] = project.operations;
  if (operation !== undefined) return operationWords[operation.kind];
  if (project.folderStatus !== 'present') return 'Folder missing';
  if (isUp(project)) return project.container.status === 'paused' ? 'Paused' : 'Running';
  if (project.config.status === 'absent') return 'No config yet';
  if (project.config.status === 'invalid') return 'Config has errors';
  if (project.trust.status === 'untrusted') return 'Waits for your trust';
  if (project.failure !== null) return 'Failed';
  return project.container.status === 'stopped' ? 'Stopped' : 'Not running';
}

const operationWords = {
  start: 'Starting…',
  stop: 'Stopping…',
  restart: 'Restarting…',
  rebuild: 'Rebuilding…',
  adopt: 'Adopting…',
  setup: 'Setting up…',
  'reconnect-network': 'Reconnecting the network…',
  'pull-image': 'Pulling…',
  'build-base-image': 'Building…',
  'unlock-vault': 'Unlocking the vault…',
  'save-vault': 'Saving the vault…',
  'lock-vault': 'Locking the vault…',
  'change-passphrase': 'Changing the passphrase…',
  sync: 'Syncing…',
  'look-at-remote': 'Looking at the remote…',
  'pull-vault': 'Pulling the vault…',
  'keep-own-vault': 'Pushing the own vault…',
  'list-history': 'Listing versions…',
  'preview-version': 'Looking into a version…',
  'restore-version': 'Restoring a version…',
  'setup-storage': 'Setting up storage…',
  'log-in': 'Logging in…',
} as const;

/** The icon's three states, told apart by shape. */
export type TrayState = 'idle' | 'running' | 'attention';

export function toTrayState(snapshot: Snapshot): TrayState {
  const needsPerson = snapshot.engine.status === 'away' || snapshot.projects.some(needsAttention);
  if (needsPerson) return 'attention';
  return snapshot.projects.some(isUp) ? 'running' : 'idle';
}

/** Something failed, or both sides of a vault wait for a choice. */
const needsAttention = ({ failure, sync }: ProjectState): boolean =>
  failure !== null || sync.failure !== null || sync.question !== null;

/** One line for the icon's tooltip. */
export function toTooltip(snapshot: Snapshot): string {
  if (snapshot.engine.status === 'away') return 'TazPod: no Docker engine';
  const running = snapshot.projects.filter(isUp).length;
  return `TazPod: ${running} of ${snapshot.projects.length} running`;
}
