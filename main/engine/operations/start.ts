import { containersOf, projectCore, type Core } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { assertOurs, startContainer } from '../docker/containers.ts';
import { failWith } from '../failure.ts';
import { createProjectContainer } from './create.ts';
import { obtainImage } from './obtain-image.ts';
import { explainStart } from './port-taken.ts';
import { proveRunning } from './prove.ts';
import { ensurePrepared } from './prepare.ts';
import type { OperationWork } from './queue.ts';
import { requireStartable } from './require-startable.ts';
import { queueSetup } from './setup.ts';
import { isRunning, settle } from './settle.ts';

/** missing: create and start; stopped: start; running: nothing more. */
export async function startProject(core: Core, projectId: string, work: OperationWork): Promise<string> {
  work.step('checking', true);
  const read = await requireStartable(core, projectId);
  const client = await core.connection.client(work.signal);
  const [present] = containersOf(core, projectId);
  if (present === undefined) {
    const { folder } = projectCore(core, projectId);
    await obtainImage(core, client, folder, read.config, work, false);
    return createProjectContainer(core, client, projectId, read, work);
  }
  if (present.status === 'running') {
    await ensurePrepared(core, client, projectId, present.id);
    await queueSetup(core, projectId, present.id);
    return `${present.name} is running.`;
  }
  if (present.status === 'paused') throw failWith('container-paused', { container: present.name });
  return startStopped(core, client, projectId, present.id, work);
}

async function startStopped(
  core: Core,
  client: DockerClient,
  projectId: string,
  containerId: string,
  work: OperationWork,
): Promise<string> {
  await assertOurs(client, core.store, containerId);
  work.step('starting-container');
  const { config } = projectCore(core, projectId);
  core.prepared.delete(containerId);
  try {
    await startContainer(client, containerId);
  } catch (error) {
    throw await explainStart(client, error, config.status === 'valid' ? config.config.image : 'its image');
  }
  const [container] = containersOf(core, projectId);
  if (config.status === 'valid') await proveRunning(core, client, containerId, config.config, work);
  await settle(core, containerId, isRunning);
  await ensurePrepared(core, client, projectId, containerId);
  await queueSetup(core, projectId, containerId);
  return `Started ${container?.name ?? 'the container'}.`;
}
