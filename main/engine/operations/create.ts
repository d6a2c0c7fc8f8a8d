import { toContainerFacts } from '../container-facts.ts';
import { projectCore, type Core, type ValidConfig } from '../core.ts';
import { engineError, engineReason, statusOf, type DockerClient } from '../docker/client.ts';
import { toCreateRequest } from '../docker/container-spec.ts';
import {
  createContainer,
  inspectContainer,
  logTail,
  removeContainer,
  startContainer,
  toObserved,
} from '../docker/containers.ts';
import { runInContainer } from '../docker/exec.ts';
import { imageIdOf } from '../docker/image.ts';
import { isOurs, labels } from '../docker/labels.ts';
import { measureHostMtu } from '../docker/host-mtu.ts';
import { probeScript } from '../docker/scripts.ts';
import { failWith, type TazpodError } from '../failure.ts';
import type { ProjectConfig } from '../project/config.ts';
import { withProjectSuffix } from '../project/id.ts';
import { obtainImage } from './obtain-image.ts';
import type { OperationWork } from './queue.ts';
import { isGone, isRunning, settle } from './settle.ts';

/** Lines of a container's own output shown when it exits at once. */
const logTailLines = 20;

/** Creates and starts a project's container from its config; leaves nothing behind where it fails or is cancelled. */
export async function createProjectContainer(
  core: Core,
  client: DockerClient,
  projectId: string,
  read: ValidConfig,
  work: OperationWork,
): Promise<string> {
  const { config } = read;
  work.step('preparing-network', true);
  const hostMtu = await measureHostMtu();
  core.store.dispatch({ type: 'hostMtuMeasured', mtu: hostMtu });
  const networkName = await core.networks.ensure(client, config.mtu ?? hostMtu);
  work.step('creating-container', true);
  const created = await createNamed(core, client, projectId, read, networkName, work);
  try {
    throwIfCancelled(work);
    work.step('starting-container', true);
    await startContainer(client, created.id).catch((error: unknown) => {
      throw toStartError(error, config.image);
    });
    throwIfCancelled(work);
    await proveRunning(core, client, created.id, config, work);
    throwIfCancelled(work);
    await settle(core, created.id, isRunning);
  } catch (error) {
    // Made a moment ago by this very operation: ours beyond doubt.
    await removeContainer(client, created.id, true);
    await settle(core, created.id, isGone);
    throw error;
  }
  return `Started ${created.name}.`;
}

interface Created {
  readonly id: string;
  readonly name: string;
}

async function createNamed(
  core: Core,
  client: DockerClient,
  projectId: string,
  read: ValidConfig,
  networkName: string,
  work: OperationWork,
): Promise<Created> {
  const { folder } = projectCore(core, projectId);
  const wanted = read.containerName;
  const name = isHeldByUs(core, wanted, projectId) ? withProjectSuffix(wanted, projectId) : wanted;
  if (name !== wanted) work.notice(`The name ${wanted} belongs to another project; this container is called ${name}.`);
  const facts = await toContainerFacts(core, projectId, folder, read, { containerName: name, networkName });
  const request = toCreateRequest(read.config, facts);
  const create = async (): Promise<Created> => ({ id: await createContainer(client, request), name });
  try {
    return await create();
  } catch (error) {
    // The list said that the image is there, but it went meanwhile.
    if (statusOf(error) === 404 && /no such image/iu.test(engineReason(error))) {
      await obtainImage(core, client, folder, read.config, work, true);
      return create().catch((second: unknown) => {
        throw engineError(second, 'create the container');
      });
    }
    if (statusOf(error) === 409) throw await toNameTaken(client, name, folder, error);
    throw engineError(error, 'create the container');
  }
}

/** Whether another project of this installation has a container of this name. */
function isHeldByUs(core: Core, name: string, projectId: string): boolean {
  const { containers, host } = core.store.state();
  return [...containers.values()].some(
    (container) =>
      container.name === name &&
      isOurs(container.labels, host.installId) &&
      container.labels[labels.project] !== projectId,
  );
}

/** A stranger's container has the name: it is only looked at. */
async function toNameTaken(client: DockerClient, name: string, folder: string, cause: unknown): Promise<TazpodError> {
  const info = await inspectContainer(client, name);
  if (info === null) return engineError(cause, 'create the container');
  const holder = toObserved(info);
  return failWith(
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

function throwIfCancelled(work: OperationWork): void {
  if (work.signal.aborted) throw work.signal.reason;
}

/**
 * Shows that a fresh container lives: a shell runs in it. Once per image and user; what exits later is told by the
 * engine's events.
 * @throws container-exited, image-unsuitable
 */
export async function proveRunning(
  core: Core,
  client: DockerClient,
  containerId: string,
  config: ProjectConfig,
  work: OperationWork,
): Promise<void> {
  const imageId = imageIdOf(core.store.state(), config.image);
  const key = `${imageId ?? ''}|${config.user}`;
  if (imageId !== null && core.provenImages.has(key)) return;
  const command = ['/bin/sh', '-c', probeScript, 'tazpod-probe', config.user];
  const probe = await runInContainer(client, containerId, command, '').catch(async (error: unknown) => {
    throw (await toExited(client, containerId, config.image)) ?? error;
  });
  if (probe.exitCode !== 0) {
    const exited = await toExited(client, containerId, config.image);
    throw exited ?? failWith('image-unsuitable', { image: config.image, missing: '/bin/sh' });
  }
  if (!probe.output.includes('user=yes') && !/^\d+(?::\d+)?$/u.test(config.user)) {
    work.notice(`The image has no user ${config.user}; its own default user is used.`);
  }
  core.provenImages.add(key);
}

/** Why a container that was just started does not run; null where it does. */
export async function toExited(client: DockerClient, containerId: string, image: string): Promise<TazpodError | null> {
  const info = await inspectContainer(client, containerId);
  if (info === null || info.State.Running) return null;
  const tail = await logTail(client, containerId, logTailLines);
  // The words of docker-init when the container's command is missing from the image.
  const missing = /exec (?<program>\S+) failed: No such file or directory/u.exec(tail)?.groups?.['program'];
  if (missing !== undefined) return failWith('image-unsuitable', { image, missing });
  const name = info.Name.replace(/^\//u, '');
  return failWith('container-exited', { container: name, exitCode: info.State.ExitCode, logTail: tail });
}

/** What the engine says when a container can't be started, told apart as far as its words allow. */
export function toStartError(error: unknown, image: string): TazpodError {
  const reason = engineReason(error);
  const program = /exec: "(?<program>[^"]+)": .*(?:not found|no such file)/iu.exec(reason)?.groups?.['program'];
  if (program !== undefined) return failWith('image-unsuitable', { image, missing: program }, error);
  return engineError(error, 'start the container');
}
