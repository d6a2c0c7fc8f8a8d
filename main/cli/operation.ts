import type { Command } from '../../preload/contract/commands.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import type { Context } from './context.ts';
import { CliFailure, cliFailure } from './failure.ts';
import { assertDone, followOperation, standingOf } from './progress/follow.ts';

/**
 * Sends a command and waits until its operation has ended well; anything else is thrown as a CliFailure.
 * @param action what it does, as a sentence begins: `Starting acme-api`
 * @param isReached whether a snapshot shows what the command wanted; tells how an operation ended whose trace was lost
 */
export async function runOperation(
  context: Context,
  command: Command,
  action: string,
  isReached: (snapshot: Snapshot) => boolean,
): Promise<void> {
  const { link } = context;
  let operationId: string | undefined;
  try {
    ({ operationId } = await link.client.execute(command));
    if (operationId === undefined) return;
    const end = await followOperation(link.client, context.io, operationId);
    if (end.outcome === 'unseen' && isReached(link.snapshot)) return;
    assertDone(end, action);
  } catch (error) {
    if (!(error instanceof CliFailure) || error.failure.code !== 'host-lost') throw error;
    await goOnAfterLoss(context, operationId, action, isReached, error);
  }
}

/** Connects once more, then goes by what the new host process knows: the operation itself, or only the state. */
async function goOnAfterLoss(
  context: Context,
  operationId: string | undefined,
  action: string,
  isReached: (snapshot: Snapshot) => boolean,
  loss: CliFailure,
): Promise<void> {
  const { io, link } = context;
  io.err.write('The connection to the host process was lost; connecting once more.\n');
  await link.open('ready');
  if (operationId !== undefined && standingOf(link.snapshot, operationId).status !== 'unseen') {
    const end = await followOperation(link.client, io, operationId);
    if (end.outcome !== 'unseen') {
      assertDone(end, action);
      return;
    }
  }
  if (isReached(link.snapshot)) return;
  throw cliFailure('host-lost', { reason: `${action} was interrupted (${loss.message})` });
}
