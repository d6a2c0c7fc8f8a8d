import { describe, expect, it } from 'vitest';
import type { ProjectConfig } from '../project/config.ts';
import { toCreateRequest, type ContainerFacts } from './container-spec.ts';

const config: ProjectConfig = {
  image: 'tazzo/tazpod-ai:latest',
  containerName: null,
  user: 'tazpod',
  build: null,
  profile: 'standard',
  dns: ['1.1.1.1', '1.0.0.1'],
  mtu: null,
  ssh: 'read-only',
  env: {},
  ports: [],
  shell: null,
  setup: null,
  caches: [],
  awsSso: null,
  vaultRetention: 50,
  sync: { intervalSeconds: 300, prefix: null, remote: null },
};
const facts: ContainerFacts = {
  installId: 'install',
  version: '1.2.3',
  projectId: '0123456789abcdef',
  folder: '/home/a/api',
  containerName: 'api-lab',
  sshFolder: '/home/a/.ssh',
  environment: { TZ: 'Europe/Berlin' },
  agentSocket: null,
  networkName: 'tazpod-install-mtu1500',
  appArmor: true,
  selinux: false,
  driftHash: 'hash',
  driftFields: { image: 'tazzo/tazpod-ai:latest' },
};
const request = (part: Partial<ProjectConfig> = {}, about: Partial<ContainerFacts> = {}) =>
  toCreateRequest({ ...config, ...part }, { ...facts, ...about });
const hostConfig = (part: Partial<ProjectConfig> = {}, about: Partial<ContainerFacts> = {}) =>
  request(part, about).HostConfig ?? {};

const workspace = { Type: 'bind', Source: '/home/a/api', Target: '/workspace' };
const volumeAt = (Target: string, Source: unknown) => ({
  Type: 'volume',
  Source,
  Target,
  VolumeOptions: {
    NoCopy: false,
    Labels: {
      'tazpod.app': 'tazpod-desktop',
      'tazpod.install': 'install',
      'tazpod.project': '0123456789abcdef',
      'tazpod.volume': Target,
    },
    DriverConfig: { Name: 'local', Options: {} },
  },
});
const history = volumeAt(
  '/var/lib/tazpod/history',
  expect.stringMatching(/^tazpod-install-0123456789abcdef-[0-9a-f]{12}$/u),
);
const ssh = { Type: 'bind', Source: '/home/a/.ssh', Target: '/home/tazpod/.ssh', ReadOnly: true };

describe('the create request', () => {
  it('of the standard profile is exactly this', () => {
    expect(request()).toEqual({
      name: 'api-lab',
      Image: 'tazzo/tazpod-ai:latest',
      Cmd: ['sleep', 'infinity'],
      WorkingDir: '/workspace',
      Env: ['HOST_CWD=/home/a/api', 'TZ=Europe/Berlin', 'HISTFILE=/var/lib/tazpod/history/shell_history'],
      Labels: {
        'tazpod.app': 'tazpod-desktop',
        'tazpod.version': '1.2.3',
        'tazpod.install': 'install',
        'tazpod.project': '0123456789abcdef',
        'tazpod.config-hash': 'hash',
        'tazpod.config': '{"image":"tazzo/tazpod-ai:latest"}',
      },
      ExposedPorts: {},
      HostConfig: {
        Init: true,
        CapAdd: ['SYS_ADMIN'],
        SecurityOpt: ['apparmor=unconfined'],
        Dns: ['1.1.1.1', '1.0.0.1'],
        Mounts: [workspace, ssh, history],
        NetworkMode: 'tazpod-install-mtu1500',
        PortBindings: {},
        RestartPolicy: { Name: 'no' },
      },
    });
  });

  it('of the hardened profile has the tmpfs instead of SYS_ADMIN and of no AppArmor', () => {
    expect(hostConfig({ profile: 'hardened' })).toEqual({
      Init: true,
      Tmpfs: { '/home/tazpod/secrets': 'rw,noexec,nosuid,nodev,size=64m,mode=0700,uid=0,gid=0' },
      Dns: ['1.1.1.1', '1.0.0.1'],
      Mounts: [workspace, ssh, history],
      NetworkMode: 'tazpod-install-mtu1500',
      PortBindings: {},
      RestartPolicy: { Name: 'no' },
    });
  });

  it('of the hardened profile reaches .aws by environment, which the config may change', () => {
    const awsConfig = '/home/tazpod/secrets/.aws/config';
    const credentials = '/home/tazpod/secrets/.aws/credentials';
    const aws = (changes: Parameters<typeof request>[0]) =>
      request(changes).Env?.filter((one) => one.startsWith('AWS_'));
    expect(aws({ profile: 'hardened' })).toEqual([
      `AWS_CONFIG_FILE=${awsConfig}`,
      `AWS_SHARED_CREDENTIALS_FILE=${credentials}`,
    ]);
    expect(aws({ profile: 'hardened', env: { AWS_CONFIG_FILE: '/own' } })).toEqual([
      'AWS_CONFIG_FILE=/own',
      `AWS_SHARED_CREDENTIALS_FILE=${credentials}`,
    ]);
    expect(aws({})).toEqual([]);
  });

  it('says nothing of AppArmor to an engine without it', () => {
    expect(hostConfig({}, { appArmor: false }).SecurityOpt).toEqual([]);
  });

  it('relabels the workspace, and it alone, for SELinux', () => {
    const { Binds, Mounts } = hostConfig({}, { selinux: true });
    expect({ Binds, Mounts }).toEqual({ Binds: ['/home/a/api:/workspace:z'], Mounts: [ssh, history] });
  });

  it('leaves the engine’s own resolvers for dns: host', () => {
    expect(hostConfig({ dns: 'host' })).not.toHaveProperty('Dns');
    expect(hostConfig({ dns: ['9.9.9.9'] }).Dns).toEqual(['9.9.9.9']);
  });

  it.each([
    ['ssh: none', { ssh: 'none' }, {}],
    ['no ~/.ssh', {}, { sshFolder: null }],
  ] satisfies [string, Partial<ProjectConfig>, Partial<ContainerFacts>][])(
    'mounts no keys with %s',
    (_what, part, about) => {
      expect(hostConfig(part, about).Mounts).toEqual([workspace, history]);
    },
  );

  it('publishes on loopback only, also twice to one port of the container', () => {
    const ports = [
      { hostPort: 3000, containerPort: 80 },
      { hostPort: 3001, containerPort: 80 },
      { hostPort: 5432, containerPort: 5432 },
    ];
    expect(request({ ports }).ExposedPorts).toEqual({ '80/tcp': {}, '5432/tcp': {} });
    expect(hostConfig({ ports }).PortBindings).toEqual({
      '80/tcp': [
        { HostIp: '127.0.0.1', HostPort: '3000' },
        { HostIp: '127.0.0.1', HostPort: '3001' },
      ],
      '5432/tcp': [{ HostIp: '127.0.0.1', HostPort: '5432' }],
    });
  });

  it('keeps the order of env after HOST_CWD, and values as they are', () => {
    const env = { ZED: '1', A: 'x=y "z"\n$HOME', EMPTY: '' };
    expect(request({ env }).Env).toEqual([
      'HOST_CWD=/home/a/api',
      'TZ=Europe/Berlin',
      'HISTFILE=/var/lib/tazpod/history/shell_history',
      'ZED=1',
      'A=x=y "z"\n$HOME',
      'EMPTY=',
    ]);
  });

  it('takes the config’s own value before the host’s', () => {
    expect(request({ env: { TZ: 'UTC' } }).Env).toContain('TZ=UTC');
    expect(request({ env: { TZ: 'UTC' } }).Env).not.toContain('TZ=Europe/Berlin');
  });

  it('forwards the agent for ssh: agent alone', () => {
    const agent = { Type: 'bind', Source: '/run/agent.sock', Target: '/run/tazpod/ssh-agent.sock' };
    const about = { agentSocket: '/run/agent.sock' };
    expect(hostConfig({ ssh: 'agent' }, about).Mounts).toContainEqual(agent);
    expect(request({ ssh: 'agent' }, about).Env).toContain('SSH_AUTH_SOCK=/run/tazpod/ssh-agent.sock');
    expect(hostConfig({}, about).Mounts).not.toContainEqual(agent);
  });

  it('keeps caches in volumes named by installation, project and path', () => {
    const names = (caches: readonly string[]): unknown =>
      hostConfig({ caches })
        .Mounts?.filter(({ Type }) => Type === 'volume')
        .map(({ Source, Target }) => [Source, Target]);
    const [first] = names(['~/.npm']) as [string, string][][];
    expect(names(['~/.npm', '/var/cache/x'])).toEqual([
      first,
      [expect.stringMatching(/^tazpod-install-/u), '/home/tazpod/.npm'],
      [expect.stringMatching(/^tazpod-install-/u), '/var/cache/x'],
    ]);
  });

  it.each(['/home/a/x:/etc:rw', '/home/a/one,two', '/home/a/"quoted" \'name\'', '/home/a/ü \n\\n', '/home/a/-v'])(
    'mounts %j as one path',
    (folder) => {
      const { Binds, Mounts } = hostConfig({}, { folder });
      expect(Binds).toBeUndefined();
      expect(Mounts?.[0]).toEqual({ Type: 'bind', Source: folder, Target: '/workspace' });
    },
  );

  it('never grants more, whatever the config says', () => {
    const hostile = { privileged: true, cap_add: ['ALL'], network: 'host' } as unknown as Partial<ProjectConfig>;
    expect(request(hostile)).toEqual(request());
  });
});
