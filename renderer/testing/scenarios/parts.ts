import { noSync } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';
import { toFailure } from '../../../preload/contract/errors.ts';
import type {
  ConfigState,
  ContainerState,
  Grant,
  Operation,
  ProjectState,
  SessionState,
  Snapshot,
  TrustState,
} from '../../../preload/contract/snapshot.ts';

/** Pieces of snapshots, as the engine makes them. */
export const startedMs = Date.now();
export const minutesAgo = (minutes: number): number => startedMs - minutes * 60_000;

const hex = (text: string, digits: number): string => {
  let value = 2_166_136_261;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  let result = '';
  while (result.length < digits) {
    value = (Math.imul(value, 1_664_525) + 1_013_904_223) >>> 0;
    result += value.toString(16).padStart(8, '0');
  }
  return result.slice(0, digits);
};

export const idOf = (folder: string): string => hex(folder, 16);
export const sessionIdOf = (text: string): string => `session-${hex(text, 12)}`;

export const grants: readonly Grant[] = [
  {
    key: 'image',
    label: 'Image',
    value: 'tazzo/tazpod-ai:latest',
    meaning: 'Programs of this image run on your machine, inside a container.',
  },
  { key: 'user', label: 'User', value: 'tazpod', meaning: 'Shells inside run as this user of the image.' },
  {
    key: 'mount:/workspace',
    label: 'Folder',
    value: '/home/mira/code/acme-api -> /workspace',
    meaning: 'Programs inside can read, change and delete everything in this folder.',
  },
  {
    key: 'mount:/home/tazpod/.ssh',
    label: 'SSH keys',
    value: '/home/mira/.ssh -> /home/tazpod/.ssh (read-only)',
    meaning: 'Programs inside can read and use your SSH keys, but not change them.',
  },
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
  {
    key: 'dns',
    label: 'DNS',
    value: '1.1.1.1, 1.0.0.1',
    meaning: 'Every name that programs inside look up goes to these servers.',
  },
  {
    key: 'network',
    label: 'Network',
    value: 'bridge',
    meaning: 'Programs inside reach the internet and your local network; MTU measured, now 1400.',
  },
  {
    key: 'port:3000',
    label: 'Port',
    value: '127.0.0.1:3000 -> 3000',
    meaning: 'Programs on this machine can reach what listens there inside.',
  },
  {
    key: 'setup',
    label: 'Setup command',
    value: 'npm ci && npm run build',
    meaning: 'Runs once inside, as the user, after the container is made.',
  },
];

const request = JSON.stringify(
  { Image: 'tazzo/tazpod-ai:latest', Cmd: ['sleep', 'infinity'], HostConfig: { Init: true, CapAdd: ['SYS_ADMIN'] } },
  null,
  2,
);

export const trusted: TrustState = {
  status: 'trusted',
  trustHash: 'a'.repeat(64),
  atMs: minutesAgo(60 * 24 * 9),
  grants,
};
export const untrusted = (again: boolean): TrustState => ({
  status: 'untrusted',
  trustHash: 'b'.repeat(64),
  grants,
  trustedBefore: again,
  differences: again
    ? [
        { key: 'image', before: 'tazzo/tazpod-base:latest', after: 'tazzo/tazpod-ai:latest' },
        { key: 'port:3000', before: null, after: '127.0.0.1:3000 -> 3000' },
        { key: 'env:DEBUG', before: 'DEBUG=1', after: null },
      ]
    : [],
  createRequest: request,
});

export const running = (name: string, minutes = 120): ContainerState => ({
  status: 'running',
  startedAtMs: minutesAgo(minutes),
  id: hex(name, 64),
  name,
  image: 'tazzo/tazpod-ai:latest',
  adopted: false,
});

export const stopped = (name: string, exitCode: number): ContainerState => ({
  status: 'stopped',
  exitCode,
  id: hex(name, 64),
  name,
  image: 'tazzo/tazpod-ai:latest',
  adopted: false,
});

export const shell = (text: string, title = 'bash'): SessionState => ({
  id: sessionIdOf(text),
  kind: 'shell',
  title,
  kept: true,
  openedAtMs: minutesAgo(30),
});

export const pulling: Operation = {
  id: 'op-00000000aaaa',
  kind: 'start',
  subject: 'billing',
  step: 'pulling-image',
  cancellable: true,
  queuedAtMs: minutesAgo(0.8),
  startedAtMs: minutesAgo(0.8),
  progress: { doneBytes: 744_000_000, totalBytes: 1_200_000_000, detail: '4 of 7 layers' },
};

export const valid = (folder: string, name: string): ConfigState => ({
  status: 'valid',
  file: `${folder}/.tazpod/config.yaml`,
  image: 'tazzo/tazpod-ai:latest',
  containerName: `${name}-lab`,
  user: 'tazpod',
  warnings: [],
});

export function invalid(folder: string): ConfigState {
  const file = `${folder}/.tazpod/config.yaml`;
  const problems = [
    { line: 7, column: 12, key: 'network.mtu', found: '"big"', allowed: 'a whole number from 576 to 9216' },
    { line: 11, column: 1, key: 'privileged', found: 'true', allowed: 'nothing: no config can ask for this' },
  ];
  return { status: 'invalid', file, problems, failure: toFailure('config-invalid', { file, problems }) };
}

export function project(name: string, part: Partial<ProjectState> = {}): ProjectState {
  const folder = part.folder ?? `/home/mira/code/${name}`;
  return {
    id: idOf(folder),
    folder,
    name,
    folderStatus: 'present',
    config: valid(folder, name),
    trust: trusted,
    container: { status: 'missing' },
    drift: [],
    imageChange: null,
    volumes: [],
    network: { mtu: part.container === undefined ? null : 1400, wantedMtu: 1400, tooLarge: false },
    operations: [],
    failure: null,
    activity: [],
    vault: absentVault,
    sync: noSync,
    ports: [],
    adoptable: null,
    sessions: [],
    ...part,
  };
}

export const readyEngine: Snapshot['engine'] = {
  status: 'ready',
  endpoint: 'unix:///var/run/docker.sock',
  source: 'context default',
  name: 'Docker',
  version: '28.2.2',
  apiVersion: '1.50',
  operatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  securityOptions: ['name=apparmor'],
  rootless: false,
};

export const snapshotOf = (projects: readonly ProjectState[], part: Partial<Snapshot> = {}): Snapshot => ({
  revision: 1,
  host: {
    kind: 'app',
    version: '0.1.0',
    runtime: 'Electron 45.4.1',
    processId: 4242,
    installId: 'fake',
    startedAtMs: startedMs,
  },
  engine: readyEngine,
  projects,
  operations: [],
  activity: [],
  images: [
    { id: 'sha256:1', tags: ['tazpod/base:local'], sizeBytes: 206_000_000 },
    { id: 'sha256:2', tags: ['debian:bookworm-slim'], sizeBytes: 74_800_000 },
    {
      id: 'sha256:3',
      tags: ['registry.example.com/platform-team/very/deep/path/build-image:2025.11.24-rc.1'],
      sizeBytes: 1_900_000_000,
    },
  ],
  ...part,
});
