import type { ContainerCreateOptions } from 'dockerode';
import type { ProjectConfig } from '../project/config.ts';
import { appLabelValue, labels } from './labels.ts';
import { innerAgentSocket } from '../inside/host-environment.ts';
import { workspacePath } from './observe.ts';
import { historyFolder, toLabelsOf, toProjectVolumes } from './volumes.ts';

/** What the create request depends on beside the config. */
export interface ContainerFacts {
  readonly installId: string;
  readonly version: string;
  readonly projectId: string;
  /** Canonical path. */
  readonly folder: string;
  readonly containerName: string;
  /** Canonical path of ~/.ssh; null where it does not exist: it is never created. */
  readonly sshFolder: string | null;
  /** The host's part in the environment: time zone and proxies. The config's own values win. */
  readonly environment: Readonly<Record<string, string>>;
  /** Socket of the SSH agent to forward; null for none. */
  readonly agentSocket: string | null;
  readonly networkName: string;
  readonly appArmor: boolean;
  readonly selinux: boolean;
  readonly driftHash: string;
  readonly driftFields: Readonly<Record<string, string>>;
}

/** Home of the config's default user, where the Go tool's images expect keys and the vault. */
const containerHome = '/home/tazpod';
/** Where the keys are mounted. */
export const innerSshFolder = `${containerHome}/.ssh`;
export const vaultFolder = `${containerHome}/secrets`;

/** Project -> create request of the Docker API. Pure: the same request is shown at the trust question. */
export function toCreateRequest(config: ProjectConfig, facts: ContainerFacts): ContainerCreateOptions {
  return {
    name: facts.containerName,
    Image: config.image,
    Cmd: ['sleep', 'infinity'],
    WorkingDir: workspacePath,
    Env: toEnvironment(config, facts),
    Labels: toLabels(facts),
    ExposedPorts: Object.fromEntries(config.ports.map((port) => [`${port.containerPort}/tcp`, {}])),
    HostConfig: {
      // Without an init, PID 1 ignores SIGTERM and each stop waits for the engine's grace of 10 s.
      Init: true,
      ...toSecurity(config, facts),
      ...(config.dns === 'host' ? {} : { Dns: [...config.dns] }),
      ...toMounts(config, facts),
      NetworkMode: facts.networkName,
      PortBindings: toPortBindings(config),
      // A restarted container has lost its tmpfs: it must come up by our hand.
      RestartPolicy: { Name: 'no' },
    },
  };
}

/** HOST_CWD, then what the host gives, then the config's own. */
function toEnvironment(config: ProjectConfig, facts: ContainerFacts): string[] {
  const values = {
    ...facts.environment,
    // One file for every shell that keeps a history in a file named so; others have their own ways.
    HISTFILE: `${historyFolder}/shell_history`,
    ...(facts.agentSocket !== null && config.ssh === 'agent' ? { SSH_AUTH_SOCK: innerAgentSocket } : {}),
    ...toAwsFiles(config),
    ...config.env,
  };
  return [`HOST_CWD=${facts.folder}`, ...Object.entries(values).map(([name, value]) => `${name}=${value}`)];
}

/** Nothing may be mounted in a hardened container, so the vault's .aws can't be bound over the home's. */
function toAwsFiles({ profile }: ProjectConfig): Readonly<Record<string, string>> {
  if (profile !== 'hardened') return {};
  const aws = `${vaultFolder}/.aws`;
  return { AWS_CONFIG_FILE: `${aws}/config`, AWS_SHARED_CREDENTIALS_FILE: `${aws}/credentials` };
}

function toLabels(facts: ContainerFacts): Record<string, string> {
  return {
    [labels.app]: appLabelValue,
    [labels.version]: facts.version,
    [labels.install]: facts.installId,
    [labels.project]: facts.projectId,
    [labels.configHash]: facts.driftHash,
    [labels.config]: JSON.stringify(facts.driftFields),
  };
}

type HostConfig = NonNullable<ContainerCreateOptions['HostConfig']>;

/** standard: the vault's tmpfs is mounted inside, which needs SYS_ADMIN; hardened: the engine makes it at creation. */
function toSecurity(config: ProjectConfig, facts: ContainerFacts): Partial<HostConfig> {
  if (config.profile === 'hardened') {
    return { Tmpfs: { [vaultFolder]: 'rw,noexec,nosuid,nodev,size=64m,mode=0700,uid=0,gid=0' } };
  }
  return { CapAdd: ['SYS_ADMIN'], SecurityOpt: facts.appArmor ? ['apparmor=unconfined'] : [] };
}

/**
 * Structured mounts: a path with a colon or a comma is still one path. Only an SELinux engine needs its relabel option
 * `z`, which the API takes in the old string form alone; such a folder must hold no colon (checked before start).
 */
function toMounts(config: ProjectConfig, facts: ContainerFacts): Pick<HostConfig, 'Mounts' | 'Binds'> {
  const ssh =
    facts.sshFolder === null || config.ssh === 'none'
      ? []
      : [{ Type: 'bind' as const, Source: facts.sshFolder, Target: innerSshFolder, ReadOnly: true }];
  const agent =
    facts.agentSocket === null || config.ssh !== 'agent'
      ? []
      : [{ Type: 'bind' as const, Source: facts.agentSocket, Target: innerAgentSocket }];
  const volumes = toProjectVolumes(facts.installId, facts.projectId, config.user, config.caches).map((volume) => ({
    Type: 'volume' as const,
    Source: volume.name,
    Target: volume.path,
    VolumeOptions: {
      NoCopy: false,
      Labels: toLabelsOf(facts.installId, facts.projectId, volume),
      DriverConfig: { Name: 'local', Options: {} },
    },
  }));
  const others = [...ssh, ...agent, ...volumes];
  if (facts.selinux) return { Binds: [`${facts.folder}:${workspacePath}:z`], Mounts: others };
  return { Mounts: [{ Type: 'bind' as const, Source: facts.folder, Target: workspacePath }, ...others] };
}

/** Published on loopback only: a port of a project is for this machine. */
function toPortBindings(config: ProjectConfig): Record<string, { HostIp: string; HostPort: string }[]> {
  const bindings = new Map<string, { HostIp: string; HostPort: string }[]>();
  for (const { hostPort, containerPort } of config.ports) {
    const key = `${containerPort}/tcp`;
    const own = bindings.get(key) ?? [];
    bindings.set(key, [...own, { HostIp: '127.0.0.1', HostPort: String(hostPort) }]);
  }
  return Object.fromEntries(bindings);
}
