import { projectCore, type Core } from '../core.ts';
import { inspectContainer, toObserved } from '../docker/containers.ts';
import { failWith } from '../failure.ts';
import { attempt } from '../projects.ts';
import { checkMount } from '../vaults/watch.ts';
import { ownerOf } from '../state/project-view.ts';
import type { OperationWork } from './queue.ts';

/**
 * Takes over a container that another tool made for this very folder. Labels can't be added later, so it is remembered
 * by its id on our side; the container itself is left as it is.
 */
export async function adoptContainer(
  core: Core,
  projectId: string,
  work: OperationWork,
  containerId: string,
): Promise<string> {
  const { folder } = projectCore(core, projectId);
  const client = await core.connection.client(work.signal);
  const info = await inspectContainer(client, containerId);
  const container = info === null ? null : toObserved(info);
  if (container === null || container.workspaceFolder !== folder) throw failWith('nothing-to-adopt', { folder });
  const owner = ownerOf(core.store.state(), container);
  if (owner === projectId) return `${container.name} is this project's already.`;
  if (owner !== null) throw failWith('not-ours', { what: 'container', id: containerId });
  await core.registry.addAdopted(containerId, projectId);
  core.store.dispatch({ type: 'containerObserved', container });
  core.store.dispatch({ type: 'containerAdopted', containerId, projectId });
  await attempt(core, 'vault', async () => checkMount(core, projectId));
  return `Adopted ${container.name}.`;
}
