import type { Grant, TrustState } from '../../preload/contract/snapshot.ts';
import { toContainerFacts } from './container-facts.ts';
import type { Core } from './core.ts';
import { toCreateRequest } from './docker/container-spec.ts';
import { imageIdOf } from './docker/image-names.ts';
import { networkName } from './docker/network.ts';
import { hideCredentials } from './inside/host-environment.ts';
import { findPrivateResolvers } from './inside/private-resolvers.ts';
import { findUserIds } from './inside/user-ids.ts';
import { reasonOf } from './failure.ts';
import { toDriftFields, toDriftHash } from './project/drift.ts';
import { checkFolder } from './project/folder.ts';
import { folderName } from './project/folder-name.ts';
import { toContainerName, toProjectId } from './project/id.ts';
import { readConfig } from './project/read-config.ts';
import { toGrants } from './project/grants.ts';
import { toDifferences, toTrustHash } from './project/trust.ts';
import type { ProjectConfigRead, ProjectRead } from './state/core-state.ts';

type ReadCore = Pick<Core, 'store' | 'ports' | 'registry'>;

/** Reads a project's folder: is it there, what does its config ask for, was that allowed. Runs nothing of it. */
export async function readProject(core: ReadCore, projectId: string, folder: string): Promise<ProjectRead> {
  const folderStatus = await checkFolder(folder);
  const config = toConfigRead(await readConfig(folder), folder);
  const trust = config.status === 'valid' ? await toTrustState(core, projectId, folder, config) : unknownTrust;
  return { folderStatus, config, trust };
}

const unknownTrust: TrustState = { status: 'unknown' };

function toConfigRead(reading: Awaited<ReturnType<typeof readConfig>>, folder: string): ProjectConfigRead {
  if (reading.status !== 'valid') return reading;
  const { file, config, warnings } = reading;
  const containerName = config.containerName ?? toContainerName(folderName(folder));
  const driftFields = toDriftFields(config, containerName);
  return { status: 'valid', file, config, warnings, containerName, driftFields, driftHash: toDriftHash(driftFields) };
}

async function toTrustState(
  core: ReadCore,
  projectId: string,
  folder: string,
  read: Extract<ProjectConfigRead, { status: 'valid' }>,
): Promise<TrustState> {
  const trustHash = toTrustHash(read.config, folder);
  const answer = core.registry.trustOf(projectId);
  if (answer?.trustHash === trustHash) {
    return { status: 'trusted', trustHash, atMs: answer.atMs, grants: answer.grants };
  }
  const { installId } = core.store.state().host;
  const names = {
    containerName: read.containerName,
    networkName: networkName(installId, read.config.mtu ?? core.store.state().hostMtu),
  };
  const facts = await toContainerFacts(core, projectId, folder, read, names);
  const shown = { ...facts, environment: hideCredentials(facts.environment) };
  const grants: readonly Grant[] = toGrants(read.config, {
    ...shown,
    userIds: await findUserIds(folder, read.config.user, core.store.state().engine).catch(() => null),
    privateResolvers: await findPrivateResolvers(),
    imageId: imageIdOf(core.store.state(), read.config.image),
  });
  return {
    status: 'untrusted',
    trustHash,
    grants,
    differences: answer === null ? [] : toDifferences(answer.grants, grants),
    trustedBefore: answer !== null,
    createRequest: JSON.stringify(toCreateRequest(read.config, shown), null, 2),
  };
}

/** Reads projects anew (all of them without a list) and puts what changed into the store. */
export async function rereadProjects(core: ReadCore, projectIds?: readonly string[]): Promise<void> {
  const ids = projectIds ?? [...core.store.state().projects.keys()];
  const reads = await Promise.all(
    ids.map(async (id) => {
      const folder = core.store.state().projects.get(id)?.folder;
      return folder === undefined ? null : ([id, await readProject(core, id, folder)] as const);
    }),
  );
  core.store.dispatch({ type: 'projectsRead', reads: new Map(reads.filter((read) => read !== null)) });
}

/** Puts a folder into the registry and the store; one that is there already is read anew. */
export async function registerFolder(core: ReadCore, folder: string): Promise<string> {
  const id = toProjectId(folder);
  if (core.store.state().projects.has(id)) {
    await rereadProjects(core, [id]);
    return id;
  }
  await core.registry.addProject(folder);
  core.store.dispatch({ type: 'projectAdded', id, folder, read: await readProject(core, id, folder) });
  return id;
}

/** Brings the registered projects into a fresh store; a folder that can't be read is shown, never dropped. */
export async function loadProjects(core: ReadCore): Promise<void> {
  const projects = core.registry.projects();
  const reads = await Promise.all(
    projects.map(async ({ id, folder }) => ({ id, folder, read: await readProject(core, id, folder) })),
  );
  for (const { id, folder, read } of reads) core.store.dispatch({ type: 'projectAdded', id, folder, read });
  for (const [containerId, { projectId }] of Object.entries(core.registry.adopted())) {
    core.store.dispatch({ type: 'containerAdopted', containerId, projectId });
  }
}

/** Runs a part whose failure must not stop what comes after it; the log keeps it. */
export async function attempt(core: Pick<Core, 'ports'>, what: string, part: () => Promise<void>): Promise<void> {
  try {
    await part();
  } catch (error) {
    core.ports.log(`${what}: ${reasonOf(error)}`);
  }
}
