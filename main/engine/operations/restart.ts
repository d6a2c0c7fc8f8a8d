import { containersOf, type Core } from '../core.ts';
import { assertOurs, startContainer, stopContainer } from '../docker/containers.ts';
import { explainStart } from './port-taken.ts';
import { proveRunning } from './prove.ts';
import { ensurePrepared } from './prepare.ts';
import { endingVault, saveBeforeEnd, type EndChoice } from '../vaults/before-end.ts';
import type { OperationWork } from './queue.ts';
import { isDown, isRunning, settle } from './settle.ts';
import { requireStartable } from './require-startable.ts';
import { startProject } from './start.ts';
import { endPolitely } from './stop.ts';

/**
 * Saves the vault, stops the container politely and starts the same one again, with its vault locked; without a container
 * it is a start.
 * @throws as `saveBeforeEnd`, and then the container runs on
 */
export async function restartProject(
  core: Core,
  projectId: string,
  work: OperationWork,
  choice: EndChoice,
): Promise<string> {
  const { config } = await requireStartable(core, projectId);
  const client = await core.connection.client(work.signal);
  const [container] = containersOf(core, projectId);
  if (container === undefined) return startProject(core, projectId, work);
  await assertOurs(client, core.store, container.id);
  await saveBeforeEnd(core, projectId, container, work, choice);
  if (await endPolitely(core, client, container, work)) await saveBeforeEnd(core, projectId, container, work, choice);
  work.step('stopping-container');
  await endingVault(core, projectId, async () => {
    await stopContainer(client, container.id);
    await settle(core, container.id, isDown);
  });
  core.prepared.delete(container.id);
  work.step('starting-container');
  await startContainer(client, container.id).catch(async (error: unknown) => {
    throw await explainStart(client, error, config.image);
  });
  await proveRunning(core, client, container.id, config, work);
  await settle(core, container.id, isRunning);
  await ensurePrepared(core, client, projectId, container.id);
  return `Restarted ${container.name}.`;
}
