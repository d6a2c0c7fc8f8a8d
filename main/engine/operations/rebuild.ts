import { projectCore, type Core } from '../core.ts';
import { createProjectContainer } from './create.ts';
import { obtainImage } from './obtain-image.ts';
import type { OperationWork } from './queue.ts';
import { requireStartable } from './require-startable.ts';
import { stopProject } from './stop.ts';

/**
 * Removes the container and creates it anew from the config. The image is made sure of first: a rebuild that can't
 * succeed leaves the old container running.
 * @param pull fetch or build the image even where it is there
 */
export async function rebuildProject(
  core: Core,
  projectId: string,
  work: OperationWork,
  pull: boolean,
): Promise<string> {
  work.step('checking', true);
  const read = await requireStartable(core, projectId);
  const client = await core.connection.client(work.signal);
  const { folder, name } = projectCore(core, projectId);
  await obtainImage(core, client, folder, read.config, work, pull || read.config.build !== null, pull);
  await stopProject(core, projectId, work);
  await createProjectContainer(core, client, projectId, read, work);
  return `Rebuilt ${name}.`;
}
