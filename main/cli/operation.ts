import type { Command } from '../../preload/contract/commands.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import type { Context } from './context.ts';
import { CliFailure, cliFailure } from './failure.ts';
import { assertDone, followOperation, standingOf, type OperationLook } from './progress/follow.ts';

/**
 * Sends a command and waits until its operation has ended well; anything else is thrown as a CliFailure.
 * @param action what it does, as a sentence begins: `Starting acme-api`
 * @param look what else is made of it while it runs
 * @param isReached whether a snapshot shows what the command wanted; tells how an operation ended whose trace was lost
 */
export async function runOperation(
  context: Context,
  command: Command,
  action: string,
  isReached: (snapshot: Snapshot) => boolean,
  look: OperationLook = ignore,
): Promise<void> {
  const { link } = context;
  let operationId: string | undefined;
  try {
    ({ operationId } = await link.client.execute(command));
    if (operationId === undefined) return;
    const end = await followOperation(link.client, context.io, operationId, look);
    if (end.outcome === 'unseen' && isReached(link.snapshot)) return;
    assertDone(end, action);
  } catch (error) {
    if (!(error instanceof CliFailure) || error.failure.code !== 'host-lost') throw error;
    await goOnAfterLoss({ context, operationId, action, isReached, look }, error);
  }
}

interface Followed {
  readonly context: Context;
  readonly operationId: string | undefined;
  readonly action: string;
  readonly isReached: (snapshot: Snapshot) => boolean;
  readonly look: OperationLook;
}

const ignore: OperationLook = () => undefined;

/** Connects once more, then goes by what the new host process knows: the operation itself, or only the state. */
async function goOnAfterLoss(
  { context, operationId, action, isReached, look }: Followed,
  loss: CliFailure,
): Promise<void> {
  const { io, link } = context;
  io.err.write('The connection to the host process was lost; connecting once more.\n');
  await link.open('ready');
  if (operationId !== undefined && standingOf(link.snapshot, operationId).status !== 'unseen') {
    const end = await followOperation(link.client, io, operationId, look);
    if (end.outcome !== 'unseen') {
      assertDone(end, action);
      return;
    }
  }
  if (isReached(link.snapshot)) return;
  throw cliFailure('host-lost', { reason: `${action} was interrupted (${loss.message})` });
}
