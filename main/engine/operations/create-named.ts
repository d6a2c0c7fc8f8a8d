import { toContainerFacts } from '../container-facts.ts';
import { projectCore, type Core, type ValidConfig } from '../core.ts';
import { engineError, engineReason, statusOf, type DockerClient } from '../docker/client.ts';
import { toCreateRequest } from '../docker/container-spec.ts';
import { createContainer, inspectContainer, toObserved } from '../docker/containers.ts';
import { isOurs, labels, projectOf } from '../docker/labels.ts';
import { failWith } from '../failure.ts';
import { withProjectSuffix } from '../project/id.ts';
import { obtainImage } from './obtain-image.ts';
import type { OperationWork } from './queue.ts';

export interface Created {
  readonly id: string;
  readonly name: string;
}

/**
 * Creates a project's container under its config's name. Where another project of ours has that name, the id's first four
 * characters are appended; where a stranger has it, nothing is touched.
 * @throws name-taken
 */
export async function createNamed(
  core: Core,
  client: DockerClient,
  projectId: string,
  read: ValidConfig,
  networkName: string,
  work: OperationWork,
): Promise<Created> {
  const create = async (name: string): Promise<Created> =>
    createOrFindOwn(core, client, projectId, read, { containerName: name, networkName }, work);
  const wanted = read.containerName;
  if (isFree(core, wanted, projectId)) {
    try {
      return await claiming(core, wanted, projectId, create);
    } catch (error) {
      if (!(error instanceof HeldByOurs)) throw error;
    }
  }
  const name = withProjectSuffix(wanted, projectId);
  work.notice(`The name ${wanted} belongs to another project; this container is called ${name}.`);
  return claiming(core, name, projectId, create);
}

/** Another project of this installation has the name: known only from the engine's refusal. */
class HeldByOurs extends Error {}

/** Whether no other project of ours has a container of this name, or is about to make one. */
function isFree(core: Core, name: string, projectId: string): boolean {
  const { containers, host } = core.store.state();
  const claimedBy = core.claimedNames.get(name);
  if (claimedBy !== undefined && claimedBy !== projectId) return false;
  return ![...containers.values()].some(
    (container) =>
      container.name === name &&
      isOurs(container.labels, host.installId) &&
      container.labels[labels.project] !== projectId,
  );
}

/** Keeps a name for a project until its container shows in the store. */
async function claiming<Value>(
  core: Core,
  name: string,
  projectId: string,
  work: (name: string) => Promise<Value>,
): Promise<Value> {
  core.claimedNames.set(name, projectId);
  try {
    return await work(name);
  } finally {
    core.claimedNames.delete(name);
  }
}

async function createOrFindOwn(
  core: Core,
  client: DockerClient,
  projectId: string,
  read: ValidConfig,
  names: { readonly containerName: string; readonly networkName: string },
  work: OperationWork,
): Promise<Created> {
  const { folder } = projectCore(core, projectId);
  const name = names.containerName;
  const request = toCreateRequest(read.config, await toContainerFacts(core, projectId, folder, read, names));
  const create = async (): Promise<Created> => ({ id: await createContainer(client, request), name });
  try {
    return await create();
  } catch (error) {
    if (statusOf(error) === 409) return ownOrRefuse(core, client, projectId, name, error);
    // The list said that the image is there, but it went meanwhile.
    if (statusOf(error) !== 404 || !/no such image/iu.test(engineReason(error))) {
      throw engineError(error, 'create the container');
    }
    await obtainImage(core, client, folder, read.config, work, true);
    return create().catch((second: unknown) => {
      throw engineError(second, 'create the container');
    });
  }
}

/**
 * Who has the name: this very project (a request of a host process that was killed arrived late), another one of ours, or
 * a stranger, whose container is only looked at.
 */
async function ownOrRefuse(
  core: Core,
  client: DockerClient,
  projectId: string,
  name: string,
  cause: unknown,
): Promise<Created> {
  const info = await inspectContainer(client, name);
  if (info === null) throw engineError(cause, 'create the container');
  const holder = toObserved(info);
  const owner = projectOf(holder.labels, core.store.state().host.installId);
  if (owner === projectId) return { id: holder.id, name };
  if (owner !== null) throw new HeldByOurs(name, { cause });
  const { folder } = projectCore(core, projectId);
  throw failWith(
    'name-taken',
    {
      name,
      holderId: holder.id,
      holderImage: holder.image,
      holderState: info.State.Status,
      adoptable: holder.workspaceFolder === folder,
    },
    cause,
  );
}
