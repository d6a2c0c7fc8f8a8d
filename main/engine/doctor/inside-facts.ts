import { stat } from 'node:fs/promises';
import { findSshFolder } from '../container-facts.ts';
import type { Core } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { imageIdOf } from '../docker/image-names.ts';
import { registryDigestOf } from '../docker/image.ts';
import { findPortHolder } from '../docker/port-holder.ts';
import { agentProblem } from '../inside/ssh-agent.ts';
import { lookAtSshFiles, type SshProblem } from '../inside/ssh-files.ts';
import { findUserIds, mapsOwners, type UserIds } from '../inside/user-ids.ts';
import type { ProjectConfig } from '../project/config.ts';

/** What doctor finds out about a project with a valid config, beside what the snapshot tells. */
export interface InsideFacts {
  readonly config: ProjectConfig;
  /** uid of the folder's owner. */
  readonly ownerUid: number;
  /** uid of this process; null where the system has none. */
  readonly ownUid: number | null;
  /** Ids that the user has inside; null where the engine maps owners by itself. */
  readonly ids: UserIds | null;
  readonly ssh: SshFacts;
  /** Ports of the config that something else has, and what has them. */
  readonly takenPorts: readonly { readonly port: number; readonly holder: string }[];
  /** null: not on this machine. */
  readonly image: { readonly id: string; readonly registryDigest: string | null } | null;
}

export interface SshFacts {
  /** null: there is no `~/.ssh`. */
  readonly folder: string | null;
  readonly keyProblems: readonly SshProblem[];
  /** The host's config needs a corrected copy inside. */
  readonly usesCopy: boolean;
  /** null where the agent serves inside, or is not asked for. */
  readonly agent: SshProblem | null;
}

/** Looks at the folder, `~/.ssh`, ports and the image. @param client null while no engine answers */
export async function readInsideFacts(
  core: Pick<Core, 'store' | 'ports'>,
  client: DockerClient | null,
  folder: string,
  config: ProjectConfig,
  isUp: boolean,
): Promise<InsideFacts> {
  const state = core.store.state();
  const ids = await findInnerIds(folder, config.user, state.engine);
  const id = imageIdOf(state, config.image);
  return {
    config,
    ownerUid: (await stat(folder)).uid,
    ownUid: process.getuid?.() ?? null,
    ids,
    ssh: await readSshFacts(core, config, ids),
    // What is published holds its ports itself.
    takenPorts: client === null || isUp ? [] : await findTaken(client, config),
    image: id === null ? null : { id, registryDigest: client === null ? null : await registryDigestOf(client, id) },
  };
}

type EngineNow = ReturnType<Core['store']['state']>['engine'];

/** As `findUserIds`; of root and of a numeric user, the ids that they have anyway. */
async function findInnerIds(folder: string, user: string, engine: EngineNow): Promise<UserIds | null> {
  const given = await findUserIds(folder, user, engine);
  if (given !== null || process.platform !== 'linux' || (engine.status === 'ready' && mapsOwners(engine))) return given;
  const [uid = '0', gid = uid] = user === 'root' ? ['0'] : user.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

async function readSshFacts(core: Pick<Core, 'ports'>, config: ProjectConfig, ids: UserIds | null): Promise<SshFacts> {
  const { homeFolder, environment } = core.ports;
  const folder = config.ssh === 'none' ? null : await findSshFolder(homeFolder);
  const files = folder === null ? { config: null, problems: [] } : await lookAtSshFiles(folder, ids);
  return {
    folder,
    keyProblems: files.problems,
    usesCopy: files.config !== null,
    agent: config.ssh === 'agent' ? await agentProblem(environment, ids) : null,
  };
}

async function findTaken(client: DockerClient, { ports }: ProjectConfig): Promise<InsideFacts['takenPorts']> {
  const looked = await Promise.all(
    ports.map(async ({ hostPort }) => ({ port: hostPort, holder: await findPortHolder(client, hostPort) })),
  );
  return looked.filter(({ holder }) => holder !== '');
}
