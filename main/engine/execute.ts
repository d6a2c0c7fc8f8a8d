import type { Command } from '../../preload/contract/commands.ts';
import type { CommandAnswer } from '../../preload/contract/parse.ts';
import type { OperationKind } from '../../preload/contract/snapshot.ts';
import { assertNever } from './assert-never.ts';
import { containersOf, projectCore, type Core } from './core.ts';
import { baseImage, buildBaseImage } from './docker/base-image.ts';
import { measureHostMtu } from './docker/host-mtu.ts';
import { pullImage } from './docker/image.ts';
import { removeProjectVolumes } from './docker/volumes.ts';
import { failWith, failureOf, TazpodError } from './failure.ts';
import { adoptContainer } from './operations/adopt.ts';
import type { OperationWork } from './operations/queue.ts';
import { forgetPassphrase, showRemembered } from './operations/remember-passphrase.ts';
import { rebuildProject } from './operations/rebuild.ts';
import { reconnectNetwork } from './operations/reconnect-network.ts';
import { restartProject } from './operations/restart.ts';
import { cancelSetup, runSetup } from './operations/setup.ts';
import { startProject } from './operations/start.ts';
import { stopProject } from './operations/stop.ts';
import { assertFolderWritable, resolveProjectFolder } from './project/folder.ts';
import { changeImage } from './project/change-image.ts';
import { folderName } from './project/folder-name.ts';
import { parseImageReference } from './project/image-reference.ts';
import { toContainerName } from './project/id.ts';
import { writeInitialConfig } from './project/init.ts';
import { defaultImage, defaultUser } from './project/config.ts';
import { attempt, registerFolder, rereadProjects } from './projects.ts';
import { executeVaultCommand } from './vault-commands.ts';
import type { EndChoice } from './vaults/before-end.ts';
import { lockAll } from './vaults/lock-all.ts';
import { showFiles } from './vaults/show.ts';
import { queueSync } from './syncs/commands.ts';

/** Where each intent goes. Every failure comes back as a value. */
export async function execute(core: Core, command: Command): Promise<CommandAnswer> {
  try {
    const operationId = await dispatch(core, command);
    return operationId === null ? { accepted: true } : { accepted: true, operationId };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code === 'internal')
      core.ports.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return { accepted: false, failure };
  }
}

/** @returns the id of the operation that was queued; null where the command is done already */
async function dispatch(core: Core, command: Command): Promise<string | null> {
  switch (command.type) {
    case 'registerProject':
      await showRegistered(core, await registerFolder(core, await resolveFolder(core, command.folder)));
      return null;
    case 'initProject':
      return initProject(core, command);
    case 'forgetProject':
      return forgetProject(core, command.projectId, command.caches ?? false);
    case 'refreshProjects':
      await refresh(core);
      return null;
    case 'trustProject':
      return trustProject(core, command.projectId, command.trustHash);
    case 'startProject':
      return queue(core, command.projectId, 'start', startProject);
    case 'changeImage':
      return changeProjectImage(core, command.projectId, command.image);
    case 'retrySetup':
      return queue(core, command.projectId, 'setup', runSetup);
    case 'stopProject':
      cancelSetup(core, command.projectId);
      return queueEnd(core, command.projectId, 'stop', stopProject, command.force);
    case 'restartProject':
      return queueEnd(core, command.projectId, 'restart', restartProject, command.force);
    case 'rebuildProject': {
      const { pull = false, force = false } = command;
      cancelSetup(core, command.projectId);
      const run: ProjectOperation = async (...args) => rebuildProject(...args, { pull, force });
      return queue(core, command.projectId, 'rebuild', run, `${pull ? 'pull' : ''}${force ? 'force' : ''}`);
    }
    case 'endSession':
      await endSession(core, command.sessionId);
      return null;
    case 'adoptContainer': {
      const { containerId } = command;
      const run: ProjectOperation = async (...args) => adoptContainer(...args, containerId);
      return queue(core, command.projectId, 'adopt', run, containerId);
    }
    case 'reconnectNetwork':
      return queue(core, command.projectId, 'reconnect-network', reconnectNetwork);
    case 'pullImage':
      return queuePull(core, command.image);
    case 'buildBaseImage':
      return queueBaseImage(core);
    case 'cancelOperation':
      core.queue.cancel(command.operationId);
      return null;
    case 'unlockVault':
    case 'lockVault':
    case 'saveVault':
    case 'changeVaultPassphrase':
    case 'forgetVaultPassphrase':
    case 'inspectVault':
      return executeVaultCommand(core, command);
    case 'syncNow':
    case 'lookAtRemote':
    case 'pullVault':
    case 'keepOwnVault':
    case 'adoptRemote':
    case 'listHistory':
    case 'previewVersion':
    case 'restoreVersion':
    case 'setupStorage':
    case 'logIn':
      return queueSync(core, command);
    case 'quitHost':
      return quitHost(core, command.force ?? false);
    default:
      return assertNever(command);
  }
}

type ProjectOperation = (core: Core, projectId: string, work: OperationWork) => Promise<string>;

function queue(core: Core, projectId: string, kind: OperationKind, run: ProjectOperation, choice = ''): string {
  const { name } = projectCore(core, projectId);
  return core.queue.add({ projectId, kind, subject: name, choice, run: async (work) => run(core, projectId, work) });
}

function queueEnd(
  core: Core,
  projectId: string,
  kind: OperationKind,
  run: (...args: [...Parameters<ProjectOperation>, EndChoice]) => Promise<string>,
  force = false,
): string {
  return queue(core, projectId, kind, async (...args) => run(...args, { force }), force ? 'force' : '');
}

/**
 * Vaults that can't be saved keep the host process, unless that was decided: then they stay open in their containers, and
 * nothing of them is lost.
 */
async function quitHost(core: Core, force: boolean): Promise<null> {
  const [failure] = await lockAll(core);
  if (failure !== undefined && !force) throw new TazpodError(failure);
  core.ports.quit();
  return null;
}

function queuePull(core: Core, image: string): string {
  return core.queue.add({
    projectId: null,
    kind: 'pull-image',
    subject: image,
    run: async (work) => {
      work.step('pulling-image', true);
      const client = await core.connection.client(work.signal);
      await pullImage(client, image, core.store.state(), work, core.ports);
      return `Pulled ${image}.`;
    },
  });
}

function queueBaseImage(core: Core): string {
  return core.queue.add({
    projectId: null,
    kind: 'build-base-image',
    subject: baseImage,
    run: async (work) => {
      work.step('building-image', true);
      await buildBaseImage(await core.connection.client(work.signal), core.ports.baseImageFolder, work);
      return `Built ${baseImage}.`;
    },
  });
}

async function resolveFolder(core: Core, input: string): Promise<string> {
  return resolveProjectFolder(input, { homeFolder: core.ports.homeFolder, platform: process.platform });
}

async function showRegistered(core: Core, projectId: string): Promise<void> {
  await showFiles(core, [projectId]);
  void attempt(core, 'key store', async () => showRemembered(core, [projectId]));
}

async function initProject(core: Core, command: Extract<Command, { type: 'initProject' }>): Promise<null> {
  const folder = await resolveFolder(core, command.folder);
  await assertFolderWritable(folder);
  await writeInitialConfig(folder, {
    image: command.image ?? defaultImage,
    containerName: command.containerName ?? toContainerName(folderName(folder)),
    user: defaultUser,
  });
  await showRegistered(core, await registerFolder(core, folder));
  return null;
}

async function forgetProject(core: Core, projectId: string, caches: boolean): Promise<null> {
  const { folder, operations } = projectCore(core, projectId);
  const [running] = operations;
  if (running !== undefined) throw failWith('project-busy', { folder, operation: running.kind });
  const [container] = containersOf(core, projectId);
  if (container !== undefined) throw failWith('container-exists', { folder, container: container.name });
  if (caches) {
    const { installId } = core.store.state().host;
    await removeProjectVolumes(await core.connection.client(), installId, projectId);
  }
  await core.syncs.forget(projectId);
  await core.registry.removeProject(projectId);
  await forgetPassphrase(core, projectId);
  core.vaults.forget(projectId);
  core.store.dispatch({ type: 'projectRemoved', id: projectId });
  return null;
}

/** @throws image-is-built, config-not-changed, and what reading the config fails with */
async function changeProjectImage(core: Core, projectId: string, image: string): Promise<null> {
  await rereadProjects(core, [projectId]);
  const { folder, config } = projectCore(core, projectId);
  if (config.status === 'absent') throw failWith('config-missing', { file: config.file });
  if (config.status === 'invalid') throw new TazpodError(config.failure);
  const { build } = config.config;
  if (build !== null) throw failWith('image-is-built', { file: config.file, dockerfile: build.dockerfile });
  if (parseImageReference(image) === null) {
    throw failWith('invalid-command', { issues: `image: ${JSON.stringify(image)} is no image reference` });
  }
  if (image !== config.config.image) await changeImage(folder, image);
  await rereadProjects(core, [projectId]);
  return null;
}

async function trustProject(core: Core, projectId: string, trustHash: string): Promise<null> {
  await rereadProjects(core, [projectId]);
  const { folder, trust, config } = projectCore(core, projectId);
  if (trust.status === 'unknown') {
    throw config.status === 'absent'
      ? failWith('config-missing', { file: config.file })
      : failWith('trust-changed', { folder });
  }
  // The answer is for what was shown; if the file changed since, it was for something else.
  if (trust.trustHash !== trustHash) throw failWith('trust-changed', { folder });
  if (trust.status === 'trusted') return null;
  await core.registry.setTrust(projectId, { trustHash, grants: trust.grants });
  await rereadProjects(core, [projectId]);
  return null;
}

async function refresh(core: Core): Promise<void> {
  core.store.dispatch({ type: 'hostMtuMeasured', mtu: await measureHostMtu() });
  await Promise.all([rereadProjects(core), showFiles(core), core.connection.refresh()]);
  // A file that others wrote meanwhile is one that is not pushed.
  await core.syncs.looked();
}

/** Whoever shows the session hears that it was closed. */
async function endSession(core: Core, sessionId: string): Promise<void> {
  const session = core.openSessions.get(sessionId);
  if (session === undefined) throw failWith('session-unknown', { wanted: sessionId });
  await session.end();
}
