import { containersOf, type Core } from '../core.ts';
import { assertOurs, startContainer, stopContainer } from '../docker/containers.ts';
import { explainStart } from './port-taken.ts';
import { proveRunning } from './prove.ts';
import { ensurePrepared } from './prepare.ts';
import type { OperationWork } from './queue.ts';
import { isRunning, settle } from './settle.ts';
import { requireStartable } from './require-startable.ts';
import { startProject } from './start.ts';
import { endPolitely } from './stop.ts';

/** Stops the container politely and starts the same one again; without one it is a start. */
export async function restartProject(core: Core, projectId: string, work: OperationWork): Promise<string> {
  const { config } = await requireStartable(core, projectId);
  const client = await core.connection.client(work.signal);
  const [container] = containersOf(core, projectId);
  if (container === undefined) return startProject(core, projectId, work);
  await assertOurs(client, core.store, container.id);
  await endPolitely(client, container, work);
  work.step('stopping-container');
  await stopContainer(client, container.id);
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
