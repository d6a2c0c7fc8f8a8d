import type { Grant } from '../../../preload/contract/snapshot.ts';
import type { ProjectConfig } from './config.ts';
import type { UserIds } from '../inside/user-ids.ts';
import { toVisibleText } from './visible-text.ts';

/** What the host knows when the trust question is asked. */
export interface GrantFacts {
  /** Canonical path of the project. */
  readonly folder: string;
  /** Canonical path of the user's `~/.ssh`; null where there is none. */
  readonly sshFolder: string | null;
  /** The name that the container will have. */
  readonly containerName: string;
  /** MTU of the host's way out, where it is known; shown only where the config sets none. */
  readonly mtu?: number | null;
  /** Ids that the user gets inside; null or absent where they stay as the image has them. */
  readonly userIds?: UserIds | null;
  /** Private or VPN name servers of the host. */
  readonly privateResolvers?: readonly string[];
  /** Id of the image on this machine; null or absent where it is not here. */
  readonly imageId?: string | null;
  /** The host's part in the environment, credentials hidden. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * What a config's container would get, one plain line each, in the order of the trust question. Values come from a
 * stranger's file and are made visible: no line breaks, no hidden characters.
 */
export function toGrants(config: ProjectConfig, facts: GrantFacts): readonly Grant[] {
  return [
    ...imageGrants(config, facts),
    ...userIdGrants(config, facts),
    ...mountGrants(config, facts),
    ...capabilityGrants(config),
    ...networkGrants(config, facts),
    ...commandGrants(config),
    ...syncGrants(config, facts),
  ].map(toVisibleGrant);
}

function toVisibleGrant({ key, label, value, meaning }: Grant): Grant {
  return { key: toVisibleText(key), label, value: toVisibleText(value), meaning };
}

const named = (label: string, value: string | null): string => (value === null ? '' : `, ${label} ${value}`);

function imageGrants({ image, build, user }: ProjectConfig, { imageId }: GrantFacts): Grant[] {
  const now = typeof imageId === 'string' ? ` On this machine now: ${imageId.slice(0, 19)}.` : '';
  const isRoot = user === 'root' || /^0+(?::|$)/.test(user);
  const grants: Grant[] = [
    {
      key: 'image',
      label: 'Image',
      value: image,
      meaning:
        build === null
          ? `Programs of this image run on your machine, inside a container.${now}`
          : 'The image built from this folder gets this name, and its programs run inside a container.',
    },
  ];
  if (build !== null) {
    grants.push({
      key: 'build',
      label: 'Build',
      value: `${build.dockerfile} in ${build.context}`,
      meaning: 'The commands of this Dockerfile, as it is at each build, run in a container with network access.',
    });
  }
  grants.push({
    key: 'user',
    label: 'User',
    value: user,
    meaning: isRoot ? 'Shells inside run as root of the container.' : 'Shells inside run as this user of the image.',
  });
  return grants;
}

function userIdGrants({ user }: ProjectConfig, { userIds }: GrantFacts): Grant[] {
  if (userIds === undefined || userIds === null) return [];
  const isRoot = userIds.uid === 0 ? ' They are root of the container.' : '';
  return [
    {
      key: 'user-ids',
      label: 'User ids',
      value: `${user} gets ${userIds.uid}:${userIds.gid}`,
      meaning: `The ids of this folder's owner, so that files made inside are theirs.${isRoot}`,
    },
  ];
}

/** Names that only a private server knows are not found through public ones. */
function suggestHostDns(resolvers: readonly string[] | undefined): string {
  if (resolvers === undefined || resolvers.length === 0) return '';
  return ` Your machine resolves through ${resolvers.join(', ')}; names known only there need "dns: host".`;
}

function mountGrants({ ssh }: ProjectConfig, { folder, sshFolder }: GrantFacts): Grant[] {
  const grants: Grant[] = [
    {
      key: 'mount:/workspace',
      label: 'Folder',
      value: `${folder} -> /workspace`,
      meaning: 'Programs inside can read, change and delete everything in this folder.',
    },
  ];
  if (ssh === 'none') return grants;
  if (sshFolder === null) {
    grants.push({
      key: 'ssh',
      label: 'SSH keys',
      value: `${ssh}, once there is a ~/.ssh`,
      meaning: 'You have no ~/.ssh now; one that you make later is shown read-only to programs inside.',
    });
  } else {
    grants.push({
      key: 'mount:/home/tazpod/.ssh',
      label: 'SSH keys',
      value: `${sshFolder} -> /home/tazpod/.ssh (read-only)`,
      meaning: 'Programs inside can read and use your SSH keys, but not change them.',
    });
  }
  if (ssh === 'agent') {
    grants.push({
      key: 'ssh-agent',
      label: 'SSH agent',
      value: 'forwarded',
      meaning: 'Programs inside can sign in anywhere your SSH agent can, while the container runs.',
    });
  }
  return grants;
}

function capabilityGrants({ profile }: ProjectConfig): Grant[] {
  if (profile === 'hardened') {
    const meaning = "No capability beyond Docker's own, and its AppArmor profile stays on.";
    return [{ key: 'profile', label: 'Profile', value: 'hardened', meaning }];
  }
  return [
    { key: 'profile', label: 'Profile', value: 'standard', meaning: 'The container gets the two rights below.' },
    {
      key: 'capability:SYS_ADMIN',
      label: 'Capability',
      value: 'SYS_ADMIN',
      meaning: 'Needed to mount the vault inside; also lets programs inside try more than in an ordinary container.',
    },
    {
      key: 'apparmor',
      label: 'AppArmor',
      value: 'unconfined',
      meaning: "Docker's AppArmor profile is off for this container, where the engine has AppArmor.",
    },
  ];
}

function networkGrants({ dns, mtu, env, ports }: ProjectConfig, facts: GrantFacts): Grant[] {
  const measured = typeof facts.mtu === 'number' ? `, now ${facts.mtu}` : '';
  return [
    {
      key: 'dns',
      label: 'DNS',
      value: dns === 'host' ? 'host' : dns.join(', '),
      meaning:
        dns === 'host'
          ? "Names are resolved as the engine's own settings say."
          : `Every name that programs inside look up goes to these servers.${suggestHostDns(facts.privateResolvers)}`,
    },
    {
      key: 'network',
      label: 'Network',
      value: mtu === null ? 'bridge' : `bridge, MTU ${mtu}`,
      meaning: `Programs inside reach the internet and your local network; MTU ${mtu === null ? `measured${measured}` : 'set by the config'}.`,
    },
    ...Object.entries(facts.environment ?? {}).map(([name, value]) => ({
      key: `host-env:${name}`,
      label: 'From your machine',
      value: `${name}=${value}`,
      meaning: 'Your own setting, passed on to programs inside.',
    })),
    ...Object.entries(env).map(([name, value]) => ({
      key: `env:${name}`,
      label: 'Environment',
      value: `${name}=${value}`,
      meaning: 'Set for every program inside.',
    })),
    ...ports.map(({ hostPort, containerPort }) => ({
      key: `port:${hostPort}`,
      label: 'Port',
      value: `127.0.0.1:${hostPort} -> ${containerPort}`,
      meaning: 'Programs on this machine can reach what listens there inside.',
    })),
  ];
}

function commandGrants({ setup, caches, shell }: ProjectConfig): Grant[] {
  const meaningOfHistory = 'What is typed into shells inside is kept in a volume of this project.';
  const grants: Grant[] = [{ key: 'history', label: 'Shell history', value: 'kept', meaning: meaningOfHistory }];
  if (setup !== null) {
    const meaning = 'Runs once inside, as the user, after the container is made.';
    grants.push({ key: 'setup', label: 'Setup command', value: setup.trimEnd(), meaning });
  }
  for (const path of caches) {
    const meaning = 'Kept in a volume that outlives the container.';
    grants.push({ key: `cache:${path}`, label: 'Cache', value: path, meaning });
  }
  if (shell !== null) {
    grants.push({ key: 'shell', label: 'Shell', value: shell, meaning: 'Terminals start this program of the image.' });
  }
  return grants;
}

function syncGrants({ awsSso, sync }: ProjectConfig, { containerName }: GrantFacts): Grant[] {
  const grants: Grant[] = [];
  const prefix = sync.prefix ?? `tazpod/projects/${containerName}`;
  if (sync.remote?.type === 'folder') {
    const meaning = 'Copies of the encrypted vault are written to this folder of your machine.';
    grants.push({ key: 'sync:remote', label: 'Vault copies', value: `${sync.remote.path}, ${prefix}`, meaning });
  } else if (sync.remote !== null) {
    const { bucket, endpoint, region, profile, pathStyle } = sync.remote;
    const where = `s3://${bucket}/${prefix} at ${endpoint ?? 'Amazon S3'}`;
    const value = `${where}${named('region', region)}${named('profile', profile)}${pathStyle ? ', path style' : ''}`;
    const meaning = 'The encrypted vault is pushed there, signed with your AWS credentials.';
    grants.push({ key: 'sync:remote', label: 'Vault copies', value, meaning });
  }
  if (awsSso !== null) {
    const isRemote = sync.remote === null && awsSso.bucket !== null;
    const where = awsSso.bucket === null ? '' : `s3://${awsSso.bucket}/${isRemote ? prefix : ''}`;
    const value = `${where}${named('profile', awsSso.profile)}${named('region', awsSso.region)}`.replace(/^, /, '');
    const meaning = isRemote
      ? 'The encrypted vault is pushed there, signed with your AWS SSO session.'
      : 'Signing in to AWS uses these.';
    grants.push({ key: 'sync:aws_sso', label: 'AWS SSO', value, meaning });
  }
  if (sync.remote === null && sync.prefix !== null && awsSso === null) {
    const meaning = 'Has no effect while there is no remote.';
    grants.push({ key: 'sync:prefix', label: 'Vault prefix', value: sync.prefix, meaning });
  }
  return grants;
}
