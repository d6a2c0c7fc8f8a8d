import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import { failWith } from '../failure.ts';
import type { ObservedContainer } from '../state/core-state.ts';
import type { Store } from '../state/store.ts';
import { askEngine, statusOf, type DockerClient } from './client.ts';
import { runInContainer } from './exec.ts';
import { isOurs } from './labels.ts';
import { createDemultiplexer } from './multiplex.ts';
import { workspacePath } from './observe.ts';
import { endProcessesScript } from './scripts.ts';

/** Seconds the engine waits between TERM and KILL for the container's own command, once everything else has ended. */
const stopGraceSeconds = 10;

/** Creates a container; the caller handles 404 (no image, no network) and 409 (name taken). */
export async function createContainer(client: DockerClient, request: ContainerCreateOptions): Promise<string> {
  const container = await client.createContainer(request);
  return container.id;
}

export async function startContainer(client: DockerClient, id: string): Promise<void> {
  try {
    await client.getContainer(id).start();
  } catch (error) {
    // 304: it runs already.
    if (statusOf(error) !== 304) throw error;
  }
}

/** The engine's whole truth about one container; null where it is gone. */
export async function inspectContainer(client: DockerClient, id: string): Promise<ContainerInspectInfo | null> {
  try {
    return await client.getContainer(id).inspect();
  } catch (error) {
    if (statusOf(error) === 404) return null;
    return askEngine('inspect the container', Promise.reject(error));
  }
}

/** An inspected container in the form that the store keeps. Pure. */
export function toObserved(info: ContainerInspectInfo): ObservedContainer {
  const { State: state } = info;
  const workspace = info.Mounts.find((mount) => mount.Destination === workspacePath);
  return {
    id: info.Id,
    name: info.Name.replace(/^\//u, ''),
    image: info.Config.Image,
    imageId: info.Image,
    status: state.Paused ? 'paused' : state.Running ? 'running' : state.Status === 'created' ? 'created' : 'exited',
    exitCode: state.Running || state.Status === 'created' ? null : state.ExitCode,
    startedAtMs: state.Running ? Date.parse(state.StartedAt) : null,
    createdAtMs: Date.parse(info.Created),
    labels: info.Config.Labels,
    workspaceFolder: workspace?.Source ?? null,
    networks: Object.keys(info.NetworkSettings.Networks),
  };
}

/**
 * Proves that a container is ours by the engine's own word, just before something is done to it: the store may be
 * late. Addressed by id, never by name.
 * @throws not-ours
 */
export async function assertOurs(client: DockerClient, store: Store, id: string): Promise<void> {
  const { host, adopted } = store.state();
  if (adopted.has(id)) return;
  const info = await inspectContainer(client, id);
  if (info !== null && !isOurs(info.Config.Labels, host.installId))
    throw failWith('not-ours', { what: 'container', id });
}

/**
 * Whether nothing but the container's own `sleep infinity` runs: then it has nothing to flush. Asks the engine's process
 * list once; an engine that can't tell counts as busy.
 */
export async function isIdle(client: DockerClient, id: string): Promise<boolean> {
  try {
    const { Processes: rows, Titles: titles } = (await client.getContainer(id).top()) as TopResult;
    const column = titles.findIndex((title) => title === 'CMD' || title === 'COMMAND');
    const commands = rows.map((row) => row[column] ?? '');
    const others = commands.filter((command) => !isOwnProcess(command));
    return column >= 0 && others.length === 0 && commands.some((command) => command.endsWith('sleep infinity'));
  } catch (error) {
    if (statusOf(error) > 0) return false;
    return askEngine('list the processes', Promise.reject(error));
  }
}

interface TopResult {
  readonly Titles: readonly string[];
  readonly Processes: readonly (readonly string[])[];
}

const isOwnProcess = (command: string): boolean =>
  /^(?:\S*\/)?sleep infinity$/u.test(command) || /(?:docker-init|tini|catatonit)\b.* sleep infinity$/u.test(command);

/**
 * Lets the processes in a running container end: TERM, wait, HUP to shells, wait. `docker stop` alone reaches PID 1 only
 * and kills all others before they can flush.
 * @param waitMs in all
 */
export async function endProcesses(client: DockerClient, id: string, waitMs: number): Promise<void> {
  const hundredths = String(Math.ceil(waitMs / 10));
  try {
    await runInContainer(client, id, ['/bin/sh', '-c', endProcessesScript, 'tazpod-stop', hundredths], '0');
  } catch (error) {
    // It stopped meanwhile (409), is gone (404) or has no sh (400, 500): the engine's own stop follows in any case.
    if (error instanceof Error && 'failure' in error && statusOf(error.cause) > 0) return;
    throw error;
  }
}

export async function stopContainer(client: DockerClient, id: string): Promise<void> {
  try {
    await client.getContainer(id).stop({ t: stopGraceSeconds });
  } catch (error) {
    // 304: stopped already; 404: removed by someone else, which is what we were about to do.
    if (statusOf(error) !== 304 && statusOf(error) !== 404)
      await askEngine('stop the container', Promise.reject(error));
  }
}

/** Removes a container and its anonymous volumes. One that is gone already is fine. */
export async function removeContainer(client: DockerClient, id: string, force: boolean): Promise<void> {
  try {
    await client.getContainer(id).remove({ force, v: true });
  } catch (error) {
    if (statusOf(error) === 404) return;
    if (statusOf(error) === 409 && /already in progress/u.test(String(error))) return;
    await askEngine('remove the container', Promise.reject(error));
  }
}

/** The last lines that a container printed, plain text, for an error message. */
export async function logTail(client: DockerClient, id: string, lines: number): Promise<string> {
  const logs = await askEngine(
    'read the log',
    client.getContainer(id).logs({ stdout: true, stderr: true, tail: lines, follow: false }),
  );
  return createDemultiplexer()(logs).toString('utf8').trim();
}
