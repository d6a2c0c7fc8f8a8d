import type { ContainerCreateOptions } from 'dockerode';
import type { ProjectConfig } from '../project/config.ts';
import { appLabelValue, labels } from './labels.ts';
import { workspacePath } from './observe.ts';

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
  readonly networkName: string;
  readonly appArmor: boolean;
  readonly selinux: boolean;
  readonly driftHash: string;
  readonly driftFields: Readonly<Record<string, string>>;
}

/** Home of the config's default user, where the Go tool's images expect keys and the vault. */
const containerHome = '/home/tazpod';
export const vaultFolder = `${containerHome}/secrets`;

/** Project -> create request of the Docker API. Pure: the same request is shown at the trust question. */
export function toCreateRequest(config: ProjectConfig, facts: ContainerFacts): ContainerCreateOptions {
  return {
    name: facts.containerName,
    Image: config.image,
    Cmd: ['sleep', 'infinity'],
    WorkingDir: workspacePath,
    Env: [`HOST_CWD=${facts.folder}`, ...Object.entries(config.env).map(([name, value]) => `${name}=${value}`)],
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
    return { Tmpfs: { [vaultFolder]: 'rw,noexec,nosuid,nodev,size=64m,mode=0700,uid=1000,gid=1000' } };
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
      : [{ Type: 'bind' as const, Source: facts.sshFolder, Target: `${containerHome}/.ssh`, ReadOnly: true }];
  if (facts.selinux) return { Binds: [`${facts.folder}:${workspacePath}:z`], Mounts: ssh };
  return { Mounts: [{ Type: 'bind' as const, Source: facts.folder, Target: workspacePath }, ...ssh] };
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
