import type { ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { noSync } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';

/** Snapshots for tests of what the desktop makes of them. */

export const project = (name: string, part: Partial<ProjectState> = {}): ProjectState => ({
  id: name.padStart(16, '0'),
  folder: `/code/${name}`,
  name,
  folderStatus: 'present',
  config: { status: 'valid', file: 'c', image: 'i', containerName: `${name}-lab`, user: 'tazpod', warnings: [] },
  trust: { status: 'trusted', trustHash: '', atMs: 0, grants: [] },
  container: { status: 'missing' },
  drift: [],
  imageChange: null,
  volumes: [],
  network: { mtu: null, wantedMtu: null, tooLarge: false },
  operations: [],
  failure: null,
  activity: [],
  vault: absentVault,
  sync: noSync,
  adoptable: null,
  ports: [],
  sessions: [],
  ...part,
});

export const running = {
  status: 'running',
  startedAtMs: 0,
  id: 'a',
  name: 'n',
  image: 'i',
  adopted: false,
} as const satisfies ProjectState['container'];

export const snapshot = (projects: readonly ProjectState[], engine?: Snapshot['engine']): Snapshot => ({
  revision: 1,
  host: { kind: 'app', version: '1', runtime: 'r', processId: 1, installId: 'x', startedAtMs: 0 },
  engine: engine ?? {
    status: 'ready',
    endpoint: 'e',
    source: 's',
    name: 'n',
    version: '28',
    apiVersion: '1.50',
    operatingSystem: 'o',
    securityOptions: [],
    rootless: false,
  },
  projects,
  operations: [],
  activity: [],
  images: [],
});
