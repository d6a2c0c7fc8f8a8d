import { containersOf, projectCore, type Core } from './core.ts';
import type { DockerClient } from './docker/client.ts';
import { assertOurs } from './docker/containers.ts';
import { failWith } from './failure.ts';
import type { ObservedContainer } from './state/core-state.ts';

/** The project's running container, proven to be ours. @throws container-not-running, container-paused, not-ours */
export async function requireRunning(core: Core, client: DockerClient, projectId: string): Promise<ObservedContainer> {
  const { folder } = projectCore(core, projectId);
  const [container] = containersOf(core, projectId);
  if (container === undefined) throw failWith('container-not-running', { folder });
  if (container.status === 'paused') throw failWith('container-paused', { container: container.name });
  if (container.status !== 'running') throw failWith('container-not-running', { folder });
  await assertOurs(client, core.store, container.id);
  return container;
}
