import { noSync } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';
import type { ActivityEntry, Operation, ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';

/** Snapshots for tests. */

export const engineReady: Snapshot['engine'] = {
  status: 'ready',
  endpoint: 'unix:///run/docker.sock',
  source: 'usual socket of Docker',
  name: 'Docker Engine',
  version: '28.2.0',
  apiVersion: '1.50',
  operatingSystem: 'Debian',
  securityOptions: [],
  rootless: false,
};

export const nowMs = Date.UTC(2026, 0, 2, 12);
export const projectId = '00112233aabbccdd';
export const containerId = 'c'.repeat(64);
export const trustHash = 'a'.repeat(64);
export const operationId = 'op-0123456789ab';

export function snapshotOf(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    revision: 1,
    host: { kind: 'agent', version: '0.1.0', runtime: 'Node 24', processId: 7, installId: 'i', startedAtMs: nowMs },
    engine: engineReady,
    projects: [],
    operations: [],
    activity: [],
    images: [{ id: `sha256:${'1'.repeat(64)}`, tags: ['tazpod/base:local'], sizeBytes: 120_000_000 }],
    ...changes,
  };
}

export function projectOf(folder: string, changes: Partial<ProjectState> = {}): ProjectState {
  return {
    id: projectId,
    folder,
    name: folder.split('/').at(-1) ?? folder,
    folderStatus: 'present',
    config: {
      status: 'valid',
      file: `${folder}/.tazpod/config.yaml`,
      image: 'tazpod/base:local',
      containerName: 'acme-lab',
      user: 'tazpod',
      warnings: [],
    },
    trust: { status: 'trusted', trustHash, atMs: nowMs, grants: [] },
    container: { status: 'missing' },
    drift: [],
    imageChange: null,
    volumes: [],
    network: { mtu: null, wantedMtu: 1500, tooLarge: false },
    operations: [],
    failure: null,
    activity: [],
    vault: absentVault,
    sync: noSync,
    adoptable: null,
    ports: [],
    sessions: [],
    ...changes,
  };
}

export const runningContainer = {
  status: 'running' as const,
  id: containerId,
  name: 'acme-lab',
  image: 'tazpod/base:local',
  adopted: false,
  startedAtMs: nowMs - 2 * 3_600_000,
} satisfies ProjectState['container'];

export const untrusted = {
  status: 'untrusted' as const,
  trustHash,
  grants: [
    { key: 'image', label: 'Image', value: 'tazpod/base:local', meaning: 'What runs.' },
    { key: 'dns', label: 'DNS', value: '1.1.1.1', meaning: 'Who answers for names.' },
  ],
  differences: [{ key: 'dns', before: 'host', after: '1.1.1.1' }],
  trustedBefore: true,
  createRequest: '{\n  "Image": "tazpod/base:local"\n}',
} satisfies ProjectState['trust'];

export function operationOf(changes: Partial<Operation> = {}): Operation {
  return {
    id: operationId,
    kind: 'start',
    subject: 'acme',
    step: 'starting-container',
    cancellable: true,
    queuedAtMs: nowMs,
    startedAtMs: nowMs,
    progress: null,
    ...changes,
  };
}

export function endingOf(changes: Partial<ActivityEntry> = {}): ActivityEntry {
  return { atMs: nowMs, operationId, kind: 'start', outcome: 'done', text: 'Started', durationMs: 900, ...changes };
}
