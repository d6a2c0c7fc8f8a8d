import type { Operation, OperationKind, OperationStep } from '../../../preload/contract/snapshot.ts';
import { escapeText } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { formatBytes, formatDuration } from '../text/units.ts';
import { displayWidth, truncateEnd } from '../text/width.ts';

/** What an operation is doing, as one sees it while it runs. */
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

/** What an operation is, for lists and questions. */
export const kindWords: { readonly [Kind in OperationKind]: string } = {
  start: 'starting',
  stop: 'stopping',
  restart: 'restarting',
  rebuild: 'rebuilding',
  adopt: 'adopting',
  setup: 'setting up',
  'reconnect-network': 'reconnecting',
  'pull-image': 'pulling image',
  'build-base-image': 'building base image',
  'unlock-vault': 'unlocking the vault',
  'save-vault': 'saving the vault',
  'lock-vault': 'locking the vault',
  'change-passphrase': 'changing the passphrase',
  sync: 'syncing the vault',
  'look-at-remote': 'looking at the remote',
  'pull-vault': 'pulling the vault',
  'keep-own-vault': 'pushing the own vault',
  'list-history': 'listing versions',
  'preview-version': 'looking into a version',
  'restore-version': 'restoring a version',
  'setup-storage': 'setting up storage',
  'log-in': 'logging in',
};

/** Share of the bytes that is done, 0 to 1; null while unknown. */
export function fractionOf(operation: Operation): number | null {
  const { progress } = operation;
  if (progress === null || progress.totalBytes === null || progress.totalBytes <= 0) return null;
  return Math.min(1, Math.max(0, progress.doneBytes / progress.totalBytes));
}

/** `[======------]`, `columns` wide in all. */
export function renderBar(fraction: number, columns: number, style: Style): string {
  const inner = columns - 2;
  const filled = Math.round(fraction * inner);
  return `[${style.blue('='.repeat(filled))}${style.dim('-'.repeat(inner - filled))}]`;
}

interface Part {
  readonly text: string;
  readonly columns: number;
  /** Dropped first: the highest number. */
  readonly dropOrder: number;
}

const barColumns = 22;

const part = (text: string, dropOrder: number): Part => ({ text, columns: displayWidth(text), dropOrder });

function partsOf(operation: Operation, nowMs: number, style: Style): Part[] {
  const parts = [part(stepWords[operation.step], 0)];
  const fraction = fractionOf(operation);
  if (fraction !== null) {
    parts.push({ text: renderBar(fraction, barColumns, style), columns: barColumns, dropOrder: 3 });
    parts.push(part(`${Math.floor(fraction * 100)}%`, 1));
  }
  const { progress } = operation;
  if (progress !== null) {
    const done = formatBytes(progress.doneBytes);
    if (progress.totalBytes !== null) parts.push(part(`${done} of ${formatBytes(progress.totalBytes)}`, 4));
    else if (progress.doneBytes > 0) parts.push(part(done, 4));
    if (progress.detail !== '') parts.push(part(escapeText(progress.detail), 5));
  }
  parts.push(part(formatDuration(nowMs - (operation.startedAtMs ?? operation.queuedAtMs)), 2));
  return parts;
}

/**
 * The live line: step, bar, per cent, bytes, layers, time. Never wider than `maxColumns - 1`, so that no terminal wraps
 * it; what matters least goes first.
 */
export function renderProgressLine(operation: Operation, nowMs: number, maxColumns: number, style: Style): string {
  const room = Math.max(1, maxColumns - 1);
  const parts = partsOf(operation, nowMs, style);
  const columns = (): number => parts.reduce((sum, one) => sum + one.columns, 0) + 2 * (parts.length - 1);
  while (parts.length > 1 && columns() > room) {
    const least = parts.reduce((worst, one) => (one.dropOrder > worst.dropOrder ? one : worst));
    parts.splice(parts.indexOf(least), 1);
  }
  if (columns() > room) return truncateEnd(parts[0]?.text ?? '', room);
  return parts.map(({ text }) => text).join('  ');
}

/** One line per step where nothing can be redrawn; a build's own steps count too. */
export function renderStepLine(operation: Operation): string {
  const subject = escapeText(operation.subject);
  const step = `${subject}: ${stepWords[operation.step].toLowerCase()}`;
  const detail = operation.step === 'building-image' ? (operation.progress?.detail ?? '') : '';
  return detail === '' ? step : `${step}: ${escapeText(detail)}`;
}
