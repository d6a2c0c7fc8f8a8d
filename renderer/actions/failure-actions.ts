import type { ErrorCode, Failure } from '../../preload/contract/errors.ts';
import type { ProjectState } from '../../preload/contract/snapshot.ts';
import { hindranceOf, type ActionId } from './project-actions.ts';

/** Which button helps against a failure, where one does. */
const remedies: { readonly [Code in ErrorCode]?: ActionId } = {
  'config-missing': 'write-config',
  'config-invalid': 'look-again',
  'config-exists': 'look-again',
  'config-symlink': 'look-again',
  'folder-not-found': 'look-again',
  'folder-unreadable': 'look-again',
  'not-trusted': 'review',
  'trust-changed': 'review',
  'container-not-running': 'start',
  'container-exists': 'stop',
  'setup-failed': 'retry-setup',
  'container-paused': 'restart',
  'name-taken': 'adopt',
  cancelled: 'start',
  'vault-unreadable': 'show-vault',
  'vault-retry-later': 'show-vault',
  'vault-not-unlocked': 'show-vault',
  'vault-key-missing': 'show-vault',
  'passphrase-needed': 'show-vault',
  'passphrase-unchanged': 'show-vault',
  'vault-missing': 'show-vault',
  'vault-exists': 'show-vault',
  'vault-held-open': 'show-vault',
  'vault-shrunk': 'show-vault',
  'vault-not-emptied': 'show-vault',
  'sync-login-needed': 'log-in',
};

/** Where the command line's next step is a button here, the words say so. */
const windowNextSteps: { readonly [Code in ErrorCode]?: string } = {
  'config-missing': 'Write one here, or add your own and look again.',
  'not-trusted': 'Look at what it asks for, then answer.',
  'container-not-running': 'Start it first.',
  'container-exists': 'Stop and remove it first.',
  'passphrase-needed': 'Type it.',
  'vault-held-open': 'Leave the folder in them or close them, or let TazPod end them.',
  'vault-not-unlocked': 'Unlock it first.',
  'vault-key-missing': 'Give the passphrase once. Nothing in the vault changes by that.',
  'vault-missing': 'Make one here.',
  'vault-exists': 'Unlock it.',
  'vault-not-emptied': 'Lock it again, or stop the container.',
  'sync-login-needed': 'Log in. The vault on this machine is safe.',
  'login-denied': 'If that was not meant, log in again and allow it.',
  'login-expired': 'Log in again.',
  'login-unreachable': 'Check the network and sso_region in ~/.aws/config, then log in again.',
  'setup-failed': 'The container stays up. Correct what it says, then run the setup again.',
};

export const nextStepOf = ({ code, nextStep }: Failure): string => windowNextSteps[code] ?? nextStep;

/** The action to offer beside a failure; null where none would help now. */
export function remedyOf(failure: Failure, project: ProjectState, engineReady: boolean): ActionId | null {
  const id = remedies[failure.code] ?? 'retry';
  return hindranceOf(id, project, engineReady) === null ? id : null;
}

/** Where a dropped symlink leads, out of the failure's own words; null where they don't say. */
export function symlinkTargetOf({ code, message }: Failure, folder: string): string | null {
  const start = `${folder} is a symbolic link to `;
  if (code !== 'folder-is-symlink' || !message.startsWith(start)) return null;
  return message.slice(start.length).replace(/\.$/u, '');
}
