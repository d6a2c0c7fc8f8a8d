import { projectCore, type Core } from '../core.ts';
import { createProjectContainer } from './create.ts';
import { obtainImage } from './obtain-image.ts';
import type { EndChoice } from '../vaults/before-end.ts';
import type { OperationWork } from './queue.ts';
import { requireStartable } from './require-startable.ts';
import { stopProject } from './stop.ts';

export interface RebuildChoice extends EndChoice {
  /** Fetch or build the image even where it is there. */
  readonly pull: boolean;
}

/**
 * Removes the container and creates it anew from the config. The image is made sure of first: a rebuild that can't
 * succeed leaves the old container running.
 * @throws as `saveBeforeEnd`, and then the old container runs on
 */
export async function rebuildProject(
  core: Core,
  projectId: string,
  work: OperationWork,
  { pull, force }: RebuildChoice,
): Promise<string> {
  work.step('checking', true);
  const read = await requireStartable(core, projectId);
  const client = await core.connection.client(work.signal);
  const { folder, name } = projectCore(core, projectId);
  await obtainImage(core, client, folder, read.config, work, pull || read.config.build !== null, pull);
  await stopProject(core, projectId, work, { force });
  await createProjectContainer(core, client, projectId, read, work);
  return `Rebuilt ${name}.`;
}
