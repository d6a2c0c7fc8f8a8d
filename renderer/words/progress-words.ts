import type { Operation, OperationKind, OperationStep } from '../../preload/contract/snapshot.ts';
import { formatBytes } from './units.ts';
import { toVisibleText } from './visible-text.ts';

/** What an operation does now. */
export const stepWords: { readonly [Step in OperationStep]: string } = {
  waiting: 'Waiting for the operation before it',
  checking: 'Checking',
  'pulling-image': 'Pulling the image',
  'building-image': 'Building the image',
  'preparing-network': 'Preparing the network',
  'creating-container': 'Creating the container',
  'starting-container': 'Starting the container',
  'running-setup': 'Running the setup command',
  'ending-processes': 'Ending processes',
  'stopping-container': 'Stopping the container',
  'removing-container': 'Removing the container',
  'deriving-key': 'Deriving the key',
  'opening-vault': 'Opening the vault',
  'packing-vault': 'Packing the vault',
  'saving-vault': 'Saving the vault',
  'locking-vault': 'Locking the vault',
  'reaching-remote': 'Talking to the remote',
  'beginning-login': 'Asking AWS for a login',
  'awaiting-login': 'Waiting for you to confirm it in the browser',
  cancelling: 'Cancelling',
};

/** What an operation is. */
export const kindWords: { readonly [Kind in OperationKind]: string } = {
  start: 'Starting',
  stop: 'Stopping',
  restart: 'Restarting',
  rebuild: 'Rebuilding',
  adopt: 'Adopting',
  setup: 'Setting up',
  'reconnect-network': 'Reconnecting',
  'pull-image': 'Pulling image',
  'build-base-image': 'Building base image',
  'unlock-vault': 'Unlocking the vault',
  'save-vault': 'Saving the vault',
  'lock-vault': 'Locking the vault',
  'change-passphrase': 'Changing the passphrase',
  sync: 'Syncing the vault',
  'look-at-remote': 'Looking at the remote',
  'pull-vault': 'Pulling the vault',
  'keep-own-vault': 'Pushing the own vault',
  'list-history': 'Listing versions',
  'preview-version': 'Looking into a version',
  'restore-version': 'Restoring a version',
  'setup-storage': 'Setting up storage',
  'log-in': 'Logging in',
};

/** Share of the bytes that is done, 0 to 1; null while unknown. */
export function fractionOf({ progress }: Operation): number | null {
  if (progress === null || progress.totalBytes === null || progress.totalBytes <= 0) return null;
  return Math.min(1, Math.max(0, progress.doneBytes / progress.totalBytes));
}

/** In two or three words, for a row: `pulling 62%`. */
export function shortOperationWords(operation: Operation): string {
  if (operation.step === 'cancelling') return 'cancelling';
  if (operation.step === 'waiting') return 'waiting';
  const what = operation.step === 'pulling-image' ? 'pulling' : kindWords[operation.kind].toLowerCase();
  const fraction = fractionOf(operation);
  return fraction === null ? what : `${what} ${Math.floor(fraction * 100)}%`;
}

/** What is known of how far it is: `412 MB of 1.2 GB`, `3 of 7 layers`. */
export function progressFacts({ progress }: Operation): readonly string[] {
  if (progress === null) return [];
  const facts: string[] = [];
  const done = formatBytes(progress.doneBytes);
  if (progress.totalBytes !== null) facts.push(`${done} of ${formatBytes(progress.totalBytes)}`);
  else if (progress.doneBytes > 0) facts.push(done);
  if (progress.detail !== '') facts.push(toVisibleText(progress.detail));
  return facts;
}
