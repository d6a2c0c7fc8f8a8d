import { toFailure } from '../../../preload/contract/errors.ts';
import type { Operation, ProjectState } from '../../../preload/contract/snapshot.ts';
import { noSync, type SyncState } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';
import { minutesAgo, project, running, startedMs } from './parts.ts';

const remote = {
  type: 's3',
  shown: 's3://mira-vaults/tazpod/projects/acme-api-lab at Amazon S3',
  intervalMs: 300_000,
  retention: 50,
} as const;

const calm: SyncState = {
  ...noSync,
  remote,
  lastRunAtMs: minutesAgo(2),
  lastPushedAtMs: minutesAgo(47),
  nextRunAtMs: startedMs + 182_000,
};

const members = [
  { path: '.aws', kind: 'directory', sizeBytes: 0 },
  { path: '.aws/config', kind: 'file', sizeBytes: 412 },
  { path: '.aws/credentials', kind: 'file', sizeBytes: 188 },
  { path: 'deploy/keys/production-eu-central-1-signing-key-2026.pem', kind: 'file', sizeBytes: 3_272 },
] as const;

const mine = { timeMs: minutesAgo(4), machine: 'mira-laptop', sizeBytes: 48_211, members };
const theirs = {
  etag: 'vault-20260102T030405-17',
  timeMs: minutesAgo(31),
  machine: 'build-server-with-a-very-long-name.internal.example.com',
  sizeBytes: 51_004,
  members: null,
};

const versions = Array.from({ length: 50 }, (_, index) => ({
  name: `vault-202601${String(28 - Math.floor(index / 2)).padStart(2, '0')}T0${index % 10}0405`,
  timeMs: minutesAgo(47 + index * 611),
  sizeBytes: 48_211 - index * 17,
}));

const loginNeeded = toFailure('sync-login-needed', {
  remote: remote.shown,
  profile: 'work',
  reason: 'The SSO session associated with this profile has expired.',
});

const loggingIn: Operation = {
  id: 'op-00000000cccc',
  kind: 'log-in',
  subject: 'acme-api',
  step: 'awaiting-login',
  cancellable: true,
  queuedAtMs: minutesAgo(0.3),
  startedAtMs: minutesAgo(0.3),
  progress: null,
  login: {
    page: `https://${'a-long-name-of-a-company-'.repeat(3)}.awsapps.com/start/#/device?user_code=KQXV-RTPL`,
    userCode: 'KQXV-RTPL',
    expiresAtMs: startedMs + 582_000,
  },
};

/** One project in each state of sync, by the scenario's name. */
export const syncStates: Readonly<Record<string, SyncState>> = {
  sync: { ...calm, history: { listedAtMs: minutesAgo(1), versions, count: 240 } },
  'sync-unpushed': { ...calm, unpushed: true, nextRunAtMs: null },
  'sync-none': noSync,
  'sync-conflict': { ...calm, question: { kind: 'conflict', mine, theirs } },
  'sync-offer': { ...calm, lastPushedAtMs: null, question: { kind: 'offer-pull', mine: null, theirs } },
  'sync-adopt': { ...calm, question: { kind: 'ask-adopt', mine, theirs: { ...theirs, machine: null } } },
  'sync-other': { ...calm, question: { kind: 'other-vault', mine, theirs } },
  'sync-failed': {
    ...calm,
    nextRunAtMs: null,
    failure: toFailure('sync-credentials', { remote: remote.shown, profile: 'work', reason: 'the token has expired' }),
  },
  'sync-login': { ...calm, nextRunAtMs: null, failure: loginNeeded },
  'sync-login-waits': { ...calm, nextRunAtMs: null, failure: loginNeeded, operations: [loggingIn] },
  // No vault here: the guided entry's step before the first terminal.
  'login-step': { ...calm, lastPushedAtMs: null, nextRunAtMs: null, failure: loginNeeded },
  'login-step-waits': { ...calm, lastPushedAtMs: null, failure: loginNeeded, operations: [loggingIn] },
  'sync-by-hand': { ...calm, byHandReason: 'the service ignores If-None-Match' },
  'sync-hostile': {
    ...calm,
    remote: { ...remote, type: 'folder', shown: `/home/mira/${'deep/'.repeat(40)}\u202Ed` },
    question: {
      kind: 'conflict',
      mine: { ...mine, machine: '<b>x</b>\u001B[2J' },
      theirs: { ...theirs, machine: 'm'.repeat(200), members },
    },
  },
};

/** The project of a scenario. */
export const syncProject = (sync: SyncState): ProjectState =>
  project('acme-api', {
    container: running('acme-api-lab'),
    vault:
      sync.question?.mine === null || (sync.failure?.code === 'sync-login-needed' && sync.lastPushedAtMs === null)
        ? absentVault
        : { ...absentVault, status: 'locked', fileBytes: 48_211, lastSavedAtMs: minutesAgo(4) },
    sync,
  });
