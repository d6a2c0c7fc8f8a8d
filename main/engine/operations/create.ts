import type { Core, ValidConfig } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { inspectContainer, removeContainer, startContainer } from '../docker/containers.ts';
import { createVolumes, toProjectVolumes } from '../docker/volumes.ts';
import { measureHostMtu } from '../docker/host-mtu.ts';
import { attempt } from '../projects.ts';
import { createNamed } from './create-named.ts';
import { explainStart } from './port-taken.ts';
import { proveRunning } from './prove.ts';
import { ensurePrepared } from './prepare.ts';
import type { OperationWork } from './queue.ts';
import { queueSetup } from './setup.ts';
import { isGone, isRunning, settle } from './settle.ts';

/** Creates and starts a project's container from its config; leaves nothing behind where it fails or is cancelled. */
export async function createProjectContainer(
  core: Core,
  client: DockerClient,
  projectId: string,
  read: ValidConfig,
  work: OperationWork,
): Promise<string> {
  work.step('preparing-network', true);
  const hostMtu = await measureHostMtu();
  core.store.dispatch({ type: 'hostMtuMeasured', mtu: hostMtu });
  return core.networks.using(client, read.config.mtu ?? hostMtu, async (networkName) => {
    work.step('creating-container', true);
    await ensureVolumes(core, client, projectId, read);
    const created = await createNamed(core, client, projectId, read, networkName, work);
    try {
      await startCreated(core, client, created.id, read, work);
      // Beside the rest: nobody waits for it.
      void attempt(core, 'image of a new container', async () => tellImage(core, client, created.id));
      await ensurePrepared(core, client, projectId, created.id);
      throwIfCancelled(work);
    } catch (error) {
      // Made a moment ago by this very operation: ours beyond doubt.
      await removeContainer(client, created.id, true);
      await settle(core, created.id, isGone);
      throw error;
    }
    await queueSetup(core, projectId, created.id);
    return `Started ${created.name}.`;
  });
}

/** Makes the volumes that the engine has not told of yet: the first time for a project, or for a new cache. */
async function ensureVolumes(
  core: Core,
  client: DockerClient,
  projectId: string,
  { config }: ValidConfig,
): Promise<void> {
  const { host, volumes } = core.store.state();
  const known = new Set((volumes.get(projectId) ?? []).map(({ name }) => name));
  const wanted = toProjectVolumes(host.installId, projectId, config.user, config.caches);
  const missing = wanted.filter(({ name }) => !known.has(name));
  await createVolumes(client, host.installId, projectId, missing);
}

/** Which image the name meant at that moment: the event does not tell, and the name may mean another one later. */
async function tellImage(core: Core, client: DockerClient, id: string): Promise<void> {
  const info = await inspectContainer(client, id);
  if (info !== null) core.store.dispatch({ type: 'containerImageTold', id, imageId: info.Image });
}

async function startCreated(
  core: Core,
  client: DockerClient,
  containerId: string,
  { config }: ValidConfig,
  work: OperationWork,
): Promise<void> {
  throwIfCancelled(work);
  work.step('starting-container', true);
  await startContainer(client, containerId).catch(async (error: unknown) => {
    throw await explainStart(client, error, config.image);
  });
  throwIfCancelled(work);
  await proveRunning(core, client, containerId, config, work);
  throwIfCancelled(work);
  await settle(core, containerId, isRunning);
  // Podman's events do not tell of networks; its list does.
  if (core.store.state().containers.get(containerId)?.networks.length === 0) await core.connection.refresh();
}

function throwIfCancelled(work: OperationWork): void {
  if (work.signal.aborted) throw work.signal.reason;
}
