import type { Core } from '../core.ts';
import { baseImage, buildBaseImage } from '../docker/base-image.ts';
import { buildImage } from '../docker/build-image.ts';
import type { DockerClient } from '../docker/client.ts';
import { hasImage, isLocalImage, pullImage } from '../docker/image.ts';
import type { ProjectConfig } from '../project/config.ts';
import type { OperationWork } from './queue.ts';

/**
 * Makes sure that a config's image is on this machine: built where the config says so, the base image made here, all
 * others pulled.
 * @param fresh build or pull even where it is there
 * @param newer where it is built: look for a newer base image too
 */
export async function obtainImage(
  core: Core,
  client: DockerClient,
  folder: string,
  config: ProjectConfig,
  work: OperationWork,
  fresh: boolean,
  newer = false,
): Promise<void> {
  if (!fresh && (isLocalImage(core.store.state(), config.image) || (await hasImage(client, config.image)))) return;
  if (config.build !== null) {
    work.step('building-image', true);
    const request = { folder, build: config.build, tag: config.image, pull: newer };
    await buildImage(client, request, work, core.ports);
  } else if (config.image === baseImage) {
    work.step('building-image', true);
    await buildBaseImage(client, core.ports.baseImageFolder, work);
  } else {
    work.step('pulling-image', true);
    await pullImage(client, config.image, core.store.state(), work, core.ports);
  }
}
