import { containersOf, projectCore, type Core } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { assertOurs, endProcesses, isIdle, removeContainer, stopContainer } from '../docker/containers.ts';
import { attempt } from '../projects.ts';
import type { ObservedContainer } from '../state/core-state.ts';
import { endingVault, saveBeforeEnd, type EndChoice } from '../vaults/before-end.ts';
import type { OperationWork } from './queue.ts';
import { isGone, settle } from './settle.ts';

/** Wait for processes to end by themselves, in all, before the engine's stop. */
const politeWaitMs = 2_000;

/** How long `down` waits for the last push, in milliseconds; it goes on without. */
const lastPushMs = 5_000;

/**
 * Saves the vault, then stops and removes a project's container; workspace and vault on the host stay.
 * @throws as `saveBeforeEnd`, and then the container runs on
 */
export async function stopProject(
  core: Core,
  projectId: string,
  work: OperationWork,
  choice: EndChoice,
): Promise<string> {
  const { name } = projectCore(core, projectId);
  const client = await core.connection.client(work.signal);
  const containers = containersOf(core, projectId);
  if (containers.length === 0) {
    await tidyNetworks(core, client);
    return `${name} has no container.`;
  }
  for (const container of containers) await removeOne(core, client, projectId, container, work, choice);
  await tidyNetworks(core, client);
  if (!(await core.syncs.settled(projectId, lastPushMs))) {
    work.notice('The vault is saved, and still on its way to the remote.');
  }
  return `Stopped and removed ${containers.map((one) => one.name).join(', ')}.`;
}

async function removeOne(
  core: Core,
  client: DockerClient,
  projectId: string,
  container: ObservedContainer,
  work: OperationWork,
  choice: EndChoice,
): Promise<void> {
  await assertOurs(client, core.store, container.id);
  await saveBeforeEnd(core, projectId, container, work, choice);
  const needsStop = await endPolitely(core, client, container, work);
  // What was asked to end may have written into the vault.
  if (needsStop) await saveBeforeEnd(core, projectId, container, work, choice);
  await endingVault(core, projectId, async () => {
    if (needsStop) {
      work.step('stopping-container');
      await stopContainer(client, container.id);
    }
    work.step('removing-container');
    await removeContainer(client, container.id, true);
    await settle(core, container.id, isGone);
  });
  core.prepared.delete(container.id);
  if (core.store.state().adopted.has(container.id)) await core.registry.removeAdopted(container.id);
}

/**
 * Gives what runs in a container the chance to flush.
 * @returns whether the container's own command still has to be stopped politely too; `sleep infinity` has not
 */
export async function endPolitely(
  core: Pick<Core, 'store'>,
  client: DockerClient,
  container: ObservedContainer,
  work: OperationWork,
): Promise<boolean> {
  const status = core.store.state().containers.get(container.id)?.status;
  if (status !== 'running' && status !== 'paused') return false;
  work.step('ending-processes');
  // A paused process can't act on a signal.
  if (status === 'paused') await client.getContainer(container.id).unpause();
  if (await isIdle(client, container.id)) return false;
  await endProcesses(client, container.id, politeWaitMs);
  return true;
}

/** The network goes with its last container; that it can't is no reason to call the stop failed. */
async function tidyNetworks(core: Core, client: DockerClient): Promise<void> {
  await attempt(core, 'networks', async () => core.networks.tidy(client));
}
