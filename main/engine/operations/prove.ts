import type { Core } from '../core.ts';
import { engineError, engineReason, type DockerClient } from '../docker/client.ts';
import { inspectContainer, logTail } from '../docker/containers.ts';
import { runInContainer } from '../docker/exec.ts';
import { imageIdOf } from '../docker/image-names.ts';
import { probeScript } from '../docker/scripts.ts';
import { failWith, type TazpodError } from '../failure.ts';
import type { ProjectConfig } from '../project/config.ts';
import type { OperationWork } from './queue.ts';

/** Lines of a container's own output shown when it exits at once. */
const logTailLines = 20;

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
    throw exited ?? toProbeError(probe.output, config.image);
  }
  if (!probe.output.includes('user=yes') && !/^\d+(?::\d+)?$/u.test(config.user)) {
    work.notice(`The image has no user ${config.user}; its own default user is used.`);
  }
  core.provenImages.add(key);
}

/**
 * Why no shell ran in a container that is up.
 * @param output what the engine wrote in the shell's place
 */
export function toProbeError(output: string, image: string): TazpodError {
  const reason = /OCI runtime exec failed: (?<reason>[^\r\n]*)/u.exec(output)?.groups?.['reason'];
  // Of a program that is not there the runtime says its name; all else is the engine's own trouble.
  if (reason !== undefined && !reason.includes('exec: "')) {
    return engineError(new Error(reason), 'run a program in the container');
  }
  return failWith('image-unsuitable', { image, missing: '/bin/sh' });
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
