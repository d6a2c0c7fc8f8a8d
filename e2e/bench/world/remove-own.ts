import { setTimeout as delay } from 'node:timers/promises';
import { statusOf, type DockerClient } from '../../../main/engine/docker/client.ts';
import { labels } from '../../../main/engine/docker/labels.ts';

/**
 * Removes what carries these install labels: containers of all of them first, since a baseline's container sits in the
 * network of another one. Looks twice: a request that was under way when we were interrupted may still make something.
 */
export async function removeOwn(client: DockerClient, installIds: readonly string[]): Promise<void> {
  const settleMs = 300;
  for (let look = 0; look < 2; look += 1) {
    for (const installId of installIds) await removeContainers(client, installId);
    await delay(settleMs);
  }
  for (const installId of installIds) {
    const networks = await client.listNetworks({ filters: { label: [`${labels.install}=${installId}`] } });
    for (const { Id: id } of networks) await unlessGone(client.getNetwork(id).remove());
  }
}

async function removeContainers(client: DockerClient, installId: string): Promise<void> {
  const filters = { label: [`${labels.install}=${installId}`] };
  const containers = await client.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(async ({ Id: id, State: state }) => {
      const container = client.getContainer(id);
      // Docker 20.10 can't kill a paused one.
      if (state === 'paused') await unlessGone(container.unpause());
      await unlessGone(container.remove({ force: true, v: true }));
    }),
  );
}

/** 404: gone; 409: being removed, or not paused any more. */
async function unlessGone(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw error;
  }
}
