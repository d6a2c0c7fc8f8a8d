import { containersOf, projectCore, type Core } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { assertOurs, inspectContainer } from '../docker/containers.ts';
import { failWith } from '../failure.ts';
import { defaultUser } from '../project/config.ts';
import type { ObservedContainer } from '../state/core-state.ts';
import { driftFieldsOf } from '../state/project-view.ts';
import { createTmpfsSession, type TmpfsSession } from '../vault/session/session.ts';
import { createVaultExec } from '../vault-exec.ts';

/** Where a vault is open or is about to be: the project's running container. */
export interface VaultRoom {
  readonly client: DockerClient;
  readonly container: ObservedContainer;
  readonly session: TmpfsSession;
  /** The config's user. */
  readonly user: string;
}

/**
 * The project's running container, proven to be ours.
 * @throws engine-unreachable and the like, container-not-running, container-paused, not-ours
 */
export async function requireRoom(core: Core, projectId: string): Promise<VaultRoom> {
  const { folder } = projectCore(core, projectId);
  // Before the engine is heard nobody knows what runs.
  const client = await core.connection.client();
  const [container] = containersOf(core, projectId);
  if (container?.status === 'paused') throw failWith('container-paused', { container: container.name });
  if (container?.status !== 'running') throw failWith('container-not-running', { folder });
  await assertOurs(client, core.store, container.id);
  return toRoom(core, projectId, client, container);
}

/** A container that is known to be ours, as a room. */
export function toRoom(core: Core, projectId: string, client: DockerClient, container: ObservedContainer): VaultRoom {
  const { folder, config } = projectCore(core, projectId);
  return {
    client,
    container,
    session: createTmpfsSession({
      exec: createVaultExec(client, container.id),
      folder,
      image: container.image,
      // What it was made with, whatever the config says by now.
      profile: driftFieldsOf(container)['profile'] === 'hardened' ? 'hardened' : 'standard',
    }),
    user: config.status === 'valid' ? config.config.user : defaultUser,
  };
}

/** When the present run of a container began, in the engine's words; null where it does not run. */
export async function readStart(client: DockerClient, containerId: string): Promise<string | null> {
  const info = await inspectContainer(client, containerId);
  return info?.State.Running === true ? info.State.StartedAt : null;
}
