import type { ActivityEntry, Operation, Snapshot } from '../../../preload/contract/snapshot.ts';
import type { Client } from '../client.ts';
import { CliFailure, cliFailure } from '../failure.ts';
import type { CliIo } from '../io.ts';
import { createProgressView } from './view.ts';

/** Where an operation stands in a snapshot. */
export type OperationStanding =
  | { readonly status: 'running'; readonly operation: Operation }
  | { readonly status: 'ended'; readonly entry: ActivityEntry }
  | { readonly status: 'unseen' };

/** Looks an operation up: what ended stands in the activity, what runs or waits in the operations. */
export function standingOf(snapshot: Snapshot, operationId: string): OperationStanding {
  for (const place of [snapshot, ...snapshot.projects]) {
    const entry = place.activity.findLast((one) => one.operationId === operationId);
    if (entry !== undefined) return { status: 'ended', entry };
  }
  for (const place of [snapshot, ...snapshot.projects]) {
    const operations = 'sync' in place ? [...place.operations, ...place.sync.operations] : place.operations;
    const operation = operations.find((one) => one.id === operationId);
    if (operation !== undefined) return { status: 'running', operation };
  }
  return { status: 'unseen' };
}

/** How following ended. `unseen`: no trace of it, so only the state can tell. `left`: Ctrl-C twice. */
export type FollowEnd =
  | { readonly outcome: 'ended'; readonly entry: ActivityEntry }
  | { readonly outcome: 'unseen' }
  | { readonly outcome: 'left' };

/** What else is made of an operation as it changes; `say` writes lines above its progress. */
export type OperationLook = (operation: Operation, say: (text: string) => void) => void;

/** A host shows an accepted operation at once; after this long without a trace it is taken for gone. */
const unseenLimitMs = 2000;

/**
 * Follows an operation to its end, with progress. The first Ctrl-C asks the host to cancel, the second one leaves the
 * operation running. Throws `host-lost`.
 */
export async function followOperation(
  client: Client,
  io: CliIo,
  operationId: string,
  look: OperationLook,
): Promise<FollowEnd> {
  const view = createProgressView(io);
  const show = (operation: Operation): void => {
    view.show(operation);
    look(operation, (text) => view.note(text));
  };
  let interrupts = 0;
  const left = Promise.withResolvers<FollowEnd>();
  const cancel = async (): Promise<void> => {
    view.note('Cancelling. Press Ctrl-C again to leave it running.');
    const answer = await client.ask({ type: 'cancelOperation', operationId });
    if (!answer.accepted) view.note(`${answer.failure.message} ${answer.failure.nextStep}`);
  };
  const stopSignal = io.onSignal('SIGINT', () => {
    interrupts += 1;
    // A lost host is told by the wait itself.
    if (interrupts === 1) cancel().catch(() => undefined);
    else left.resolve({ outcome: 'left' });
  });
  try {
    return await Promise.race([left.promise, waitForEnd(client, operationId, show)]);
  } finally {
    stopSignal();
    view.end();
  }
}

/** Shows an operation as it changes, until it ends. */
export async function waitForEnd(
  client: Client,
  operationId: string,
  show: (operation: Operation) => void,
): Promise<FollowEnd> {
  let wasSeen = false;
  let timer: NodeJS.Timeout | undefined;
  const unseen = new Promise<FollowEnd>((resolve) => {
    timer = setTimeout(() => {
      if (!wasSeen) resolve({ outcome: 'unseen' });
    }, unseenLimitMs);
  });
  const ended = client.until<FollowEnd>((snapshot) => {
    const standing = standingOf(snapshot, operationId);
    if (standing.status === 'ended') return { outcome: 'ended', entry: standing.entry };
    if (standing.status === 'unseen') return wasSeen ? { outcome: 'unseen' } : undefined;
    wasSeen = true;
    show(standing.operation);
    return undefined;
  });
  try {
    return await Promise.race([unseen, ended]);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns an end into nothing (done) or the failure to print. */
export function assertDone(end: FollowEnd, action: string): void {
  if (end.outcome === 'left') {
    throw new CliFailure({
      code: 'cancelled',
      message: `${action} goes on; nobody waits for it here any more.`,
      nextStep: '"tazpod status" shows how it ends.',
    });
  }
  if (end.outcome === 'unseen') throw cliFailure('host-lost', { reason: `${action} left no trace` });
  const { entry } = end;
  if (entry.outcome === 'cancelled') throw cliFailure('cancelled', { action });
  if (entry.outcome === 'failed') throw toEntryFailure(entry);
}

function toEntryFailure(entry: ActivityEntry): Error {
  return entry.failure === undefined ? cliFailure('internal', { reason: entry.text }) : new CliFailure(entry.failure);
}
