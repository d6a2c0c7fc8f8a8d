import { containersOf, projectCore, type Core } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { innerSshFolder } from '../docker/container-spec.ts';
import { inspectContainer } from '../docker/containers.ts';
import { runInContainer } from '../docker/exec.ts';
import { prepareScript } from '../docker/prepare-script.ts';
import { toProjectVolumes } from '../docker/volumes.ts';
import { findSshFolder } from '../container-facts.ts';
import { readGitIdentity, toGitConfigText } from '../inside/git-identity.ts';
import { agentProblem } from '../inside/ssh-agent.ts';
import { hostLanguage, innerAgentSocket } from '../inside/host-environment.ts';
import { lookAtSshFiles, type SshFiles } from '../inside/ssh-files.ts';
import { findUserIds } from '../inside/user-ids.ts';
import type { ProjectConfig } from '../project/config.ts';

/** What a container turned out to be like for the person outside. */
export interface Prepared {
  readonly home: string;
  readonly uid: number;
  readonly gid: number;
  /** For sessions, beside what the container has of itself: `NAME=value`. */
  readonly environment: readonly string[];
}

const nothing: Prepared = { home: '', uid: 0, gid: 0, environment: [] };

/**
 * Makes a running container fit: user ids, git identity, ssh, owners of volumes, language. Once per container and start;
 * whoever comes meanwhile waits for the same work. An adopted container is left as it is.
 */
export async function ensurePrepared(
  core: Core,
  client: DockerClient,
  projectId: string,
  containerId: string,
): Promise<Prepared> {
  const { config } = projectCore(core, projectId);
  if (config.status !== 'valid' || core.store.state().adopted.has(containerId)) return nothing;
  const known = core.prepared.get(containerId);
  if (known !== undefined) return known;
  const work = prepare(core, client, projectId, containerId, config.config);
  core.prepared.set(containerId, work);
  work.catch(() => core.prepared.delete(containerId));
  return work;
}

async function prepare(
  core: Core,
  client: DockerClient,
  projectId: string,
  containerId: string,
  config: ProjectConfig,
): Promise<Prepared> {
  const { folder } = projectCore(core, projectId);
  const { host, engine } = core.store.state();
  const { environment, homeFolder } = core.ports;
  const ids = await findUserIds(folder, config.user, engine);
  const git = await readGitIdentity(homeFolder, environment, folder);
  const sshFolder = config.ssh === 'none' ? null : await findSshFolder(homeFolder);
  const ssh: SshFiles = sshFolder === null ? { config: null, problems: [] } : await lookAtSshFiles(sshFolder, ids);
  const info = await inspectContainer(client, containerId);
  const mounts = info?.Mounts.map(({ Destination }) => Destination) ?? [];
  const volumes = toProjectVolumes(host.installId, projectId, config.user, config.caches).map(({ path }) => path);
  const imageUser = (info?.Config.User ?? '').replace(/:.*$/u, '');
  const result = await runInContainer(
    client,
    containerId,
    [
      '/bin/sh',
      '-c',
      prepareScript,
      'tazpod-prepare',
      config.user,
      imageUser,
      ids === null ? '' : String(ids.uid),
      ids === null ? '' : String(ids.gid),
      mounts.includes(innerSshFolder) ? innerSshFolder : '',
      ssh.config ?? '',
      git.name ?? '',
      git.email ?? '',
      git.safeFolders.join('\n'),
      toGitConfigText(git),
      // Only what the container has: the config may name more since it was made.
      volumes.filter((volume) => mounts.includes(volume)).join('\n'),
      'LANG' in config.env ? '' : (hostLanguage(environment) ?? ''),
      process.platform === 'darwin' && mounts.includes(innerAgentSocket) ? innerAgentSocket : '',
    ],
    '0',
  );
  const told = readLines(result.output);
  const tell = (text: string): void => notice(core, projectId, text);
  for (const { what, nextStep } of ssh.problems) tell(`${what} ${toSentence(nextStep)}`);
  if (result.exitCode !== 0) core.ports.log(`prepare ${containerId.slice(0, 12)}: ${result.output.slice(0, 500)}`);
  if (config.ssh === 'agent') {
    const problem = await agentProblem(environment, ids);
    if (problem !== null) tell(problem.what);
  }
  for (const warning of told.get('warn') ?? []) tell(warningWords[warning] ?? warning);
  const language = told.get('lang')?.[0];
  const usesOwnConfig = told.get('warn')?.includes('ssh-config') === true;
  return {
    home: told.get('home')?.[0] ?? '',
    uid: Number(told.get('uid')?.[0] ?? 0),
    gid: Number(told.get('gid')?.[0] ?? 0),
    environment: [
      ...(language === undefined || 'LANG' in config.env ? [] : [`LANG=${language}`]),
      ...(usesOwnConfig && !('GIT_SSH_COMMAND' in config.env)
        ? ['GIT_SSH_COMMAND=ssh -F /var/lib/tazpod/ssh/config']
        : []),
    ],
  };
}

/** A next step that is a command, as doctor shows it, in a line of text. */
const toSentence = (step: string): string => (/^ch(?:mod|own) /u.test(step) ? `Run: ${step}` : step);

const warningWords: Readonly<Record<string, string>> = {
  home: "The home folder of the image's user could not be given to the folder's owner: the image has no find or chown.",
  passwd: "The user ids could not be changed: the image's /etc/passwd can't be written.",
  'ssh-config':
    'Your ~/.ssh/config has lines that ssh inside refuses, and this profile may not mount a corrected copy over it. git uses the copy; by hand: ssh -F /var/lib/tazpod/ssh/config.',
};

function readLines(output: string): ReadonlyMap<string, readonly string[]> {
  const told = new Map<string, string[]>();
  for (const line of output.split('\n')) {
    const match = /^(?<key>home|uid|gid|lang|warn)=(?<value>.*)$/u.exec(line)?.groups;
    if (match === undefined) continue;
    const key = match['key'] ?? '';
    told.set(key, [...(told.get(key) ?? []), match['value'] ?? '']);
  }
  return told;
}

/** One line in the project's activity, unless its last lines have it already. */
function notice(core: Core, projectId: string, text: string): void {
  if (containersOf(core, projectId).length === 0) return;
  const { activity } = projectCore(core, projectId);
  if (activity.slice(-5).some((entry) => entry.text === text)) return;
  core.store.dispatch({
    type: 'activityAdded',
    projectId,
    entry: { atMs: core.ports.nowMs(), kind: 'notice', outcome: 'notice', text },
  });
}
