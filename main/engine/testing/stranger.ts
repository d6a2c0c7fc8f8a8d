import { randomBytes } from 'node:crypto';
import { baseImage } from '../docker/base-image.ts';
import type { DockerClient } from '../docker/client.ts';

/** A container that TazPod did not make, and the proof that nobody touched it. */
export interface Stranger {
  readonly id: string;
  readonly name: string;
  /** Its id and start time now, to compare with those at the beginning. */
  identity(): Promise<string>;
  remove(): Promise<void>;
}

/** Starts one with the given name; `folder` is mounted at /workspace as the Go tool does. */
export async function startStranger(
  client: DockerClient,
  name: string | null,
  folder: string | null,
): Promise<Stranger> {
  const chosen = name ?? `stranger-${randomBytes(4).toString('hex')}`;
  const container = await client.createContainer({
    name: chosen,
    Image: baseImage,
    Cmd: ['sleep', 'infinity'],
    HostConfig: { Init: true, Binds: folder === null ? [] : [`${folder}:/workspace`] },
  });
  await container.start();
  return {
    id: container.id,
    name: chosen,
    identity: async () => {
      const { Id: id, State: state } = await client.getContainer(chosen).inspect();
      return `${id} ${state.Status} ${state.StartedAt}`;
    },
    remove: async () => {
      await container.remove({ force: true });
    },
  };
}
