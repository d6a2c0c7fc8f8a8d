import { toFailure } from '../../../preload/contract/errors.ts';
import { absentVault, type VaultState } from '../../../preload/contract/vault.ts';
import type { ActivityEntry, Operation, ProjectState } from '../../../preload/contract/snapshot.ts';
import type { FakeScenario } from '../fake-api.ts';
import { invalid, minutesAgo, project, pulling, running, shell, snapshotOf, stopped, untrusted } from './parts.ts';
import { syncProject, syncStates } from './sync.ts';

const exited = toFailure('container-exited', {
  container: 'worker-lab',
  exitCode: 127,
  logTail: '/entrypoint.sh: line 3: exec: sleeep: not found\n/entrypoint.sh: giving up',
});

const activity: readonly ActivityEntry[] = [
  {
    atMs: minutesAgo(60 * 26),
    kind: 'start',
    outcome: 'failed',
    text: exited.message,
    durationMs: 1_830,
    failure: exited,
  },
  {
    atMs: minutesAgo(60 * 25),
    kind: 'pull-image',
    outcome: 'cancelled',
    text: 'Pulling tazzo/tazpod-ai:latest was cancelled.',
    durationMs: 48_200,
  },
  {
    atMs: minutesAgo(130),
    kind: 'rebuild',
    outcome: 'done',
    text: 'Rebuilt acme-api-lab from tazzo/tazpod-ai:latest.',
    durationMs: 2_410,
  },
  { atMs: minutesAgo(125), kind: 'notice', outcome: 'notice', text: 'The container was stopped from outside.' },
  { atMs: minutesAgo(120), kind: 'start', outcome: 'done', text: 'Started acme-api-lab.', durationMs: 640 },
];

const acme = (part: Partial<ProjectState> = {}): ProjectState =>
  project('acme-api', {
    container: running('acme-api-lab'),
    ports: [{ hostPort: 3000, containerPort: 3000 }],
    sessions: [shell('acme 1', 'bash'), shell('acme 2', 'vim src/server.ts')],
    activity,
    ...part,
  });

const setupText = [
  '$ npm ci && npm run build',
  'npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory.',
  '',
  'added 1184 packages, and audited 1185 packages in 41s',
  '',
  '> acme-api@2.4.0 build /workspace',
  '> tsc --build packages/a-package-with-a-very-long-name packages/another-one packages/and-one-more-of-them tools/codegen',
  `packages/orders/src/überblick-日本語.ts: generated ${'x'.repeat(160)}`,
  '',
].join('\n');

const settingUp: Operation = {
  id: 'op-00000000bbbb',
  kind: 'setup',
  subject: 'acme-api',
  step: 'running-setup',
  cancellable: true,
  queuedAtMs: minutesAgo(0.7),
  startedAtMs: minutesAgo(0.7),
  progress: { doneBytes: 0, totalBytes: null, detail: 'generated xxxxxxxxxxxxxxx' },
  output: { text: setupText, length: setupText.length },
};

const setupFailed = toFailure('setup-failed', { command: 'npm ci && npm run build', exitCode: 2, tail: setupText });

const everyState: readonly ProjectState[] = [
  acme(),
  project('billing', { operations: [pulling] }),
  project('docs'),
  project('infra', { config: invalid('/home/mira/code/infra'), trust: { status: 'unknown' } }),
  project('playground', { container: stopped('playground-lab', 137) }),
  project('cloned-from-somewhere', { trust: untrusted(false) }),
  project('checkout', { trust: untrusted(true), container: running('checkout-lab', 44) }),
  project('worker', { failure: exited, activity: activity.slice(0, 1) }),
  project('mobile', {
    container: running('mobile-lab', 8),
    network: { mtu: 1500, wantedMtu: 1280, tooLarge: true },
    imageChange: {
      image: 'registry.example.com/platform-team/very/deep/path/build-image:2025.11.24-rc.1',
      before: `sha256:${'1'.repeat(64)}`,
      after: `sha256:${'2'.repeat(64)}`,
    },
    drift: [
      { key: 'image', before: 'tazzo/tazpod-base:latest', after: 'tazzo/tazpod-ai:latest' },
      { key: 'ports', before: null, after: '127.0.0.1:3000 -> 3000' },
    ],
  }),
  project('legacy', {
    adoptable: { id: 'c'.repeat(64), name: 'legacy-lab', image: 'tazzo/tazpod-base:latest', status: 'running' },
  }),
  project('fresh', {
    config: { status: 'absent', file: '/home/mira/code/fresh/.tazpod/config.yaml' },
    trust: { status: 'unknown' },
  }),
  project('thumb-drive', { folder: '/media/mira/USB/thumb-drive', folderStatus: 'missing' }),
  project('notebooks', { container: { ...running('notebooks-lab'), status: 'paused' } as ProjectState['container'] }),
  project('docs', { folder: '/srv/archive/docs' }),
];

const unsavable = toFailure('vault-member-unsavable', {
  folder: '/home/mira/code/acme-api',
  member: 'TWIN',
  reason: 'it differs from twin in case alone',
});

const held: Partial<ProjectState> = {
  failure: unsavable,
  activity: [
    {
      atMs: minutesAgo(1),
      kind: 'stop',
      outcome: 'failed',
      text: unsavable.message,
      durationMs: 300,
      failure: unsavable,
    },
  ],
};

const vaulted = (vault: Partial<VaultState>, part: Partial<ProjectState> = {}): FakeScenario => ({
  snapshot: snapshotOf([acme({ vault: { ...absentVault, lastSavedAtMs: minutesAgo(2), ...vault }, ...part })]),
  selected: 'acme-api',
});

const openVault: Partial<VaultState> = {
  status: 'unlocked',
  content: {
    usedBytes: 5_300_000,
    memberCount: 240,
    members: [
      { path: '.aws', kind: 'directory', sizeBytes: 0 },
      { path: '.aws/credentials', kind: 'file', sizeBytes: 412 },
      { path: 'certificates/current', kind: 'symlink', sizeBytes: 0 },
      { path: `${'a-long-name-'.repeat(14)}.pem`, kind: 'file', sizeBytes: 5_299_588 },
    ],
  },
};

const select = (name: string, part: Partial<FakeScenario> = {}): FakeScenario => ({
  snapshot: snapshotOf(everyState),
  selected: name,
  ...part,
});

const hostile: readonly ProjectState[] = [
  project('<img src=x onerror=alert(1)>', { container: running('img-lab'), sessions: [shell('h', '<b>bold</b>')] }),
  project('a'.repeat(180)),
  project('invoice\u202Egnp.exe', { trust: untrusted(false) }),
  project('line\nbreak\u001B[31mred'),
  project('مشروع تجريبي', { container: running('arabic-lab') }),
  project('日本語のとても長い名前のプロジェクトフォルダ'),
  project('👩‍👩‍👧 family & friends_v2', {
    failure: toFailure('engine-failed', { action: `start ${'x'.repeat(300)}`, status: 500, reason: 'bad\u001B[2J' }),
  }),
  project(' ', { folder: '/home/mira/ ' }),
];

const many = Array.from({ length: 200 }, (_, index) =>
  project(`service-${index + 1}`, index % 10 === 0 ? { container: running(`service-${index + 1}-lab`) } : {}),
);

const away = toFailure('engine-unreachable', {
  tried: ['DOCKER_HOST (not set)', 'context default: unix:///var/run/docker.sock', '/run/user/1000/podman/podman.sock'],
});

/** By name; each is made anew. */
/** Three panes in one tab, and a tab beside it; what people and programs call them is long. */
function split(): FakeScenario {
  const long = 'npm run watch --workspace packages/a-package-with-a-very-long-name-überblick-日本語';
  const sessions = [shell('acme 1', 'bash'), shell('acme 2', long), shell('acme 3', 'psql'), shell('acme 4', 'vim')];
  const [left, above, below, alone] = sessions.map(({ id }) => id);
  const only = acme({ sessions });
  if (left === undefined || above === undefined || below === undefined || alone === undefined) throw new Error('few');
  const panes = {
    direction: 'right',
    share: 0.55,
    first: left,
    second: { direction: 'down', share: 0.4, first: above, second: below },
  } as const;
  const tabs = [
    { name: '', panes, active: above },
    { name: 'notes of the day', panes: alone, active: alone },
  ];
  return { snapshot: snapshotOf([only, project('docs')]), terminalLayouts: { [only.id]: { tabs, front: 0 } } };
}

export const scenarios: Readonly<Record<string, () => FakeScenario>> = {
  ...Object.fromEntries(
    Object.entries(syncStates).map(([name, sync]) => [
      name,
      () => ({ snapshot: snapshotOf([syncProject(sync)]), selected: 'acme-api' }),
    ]),
  ),
  zero: () => ({ snapshot: snapshotOf([]) }),
  loading: () => ({ snapshot: snapshotOf([]), neverStarts: true }),
  few: () => ({
    snapshot: snapshotOf([
      acme(),
      project('billing', { operations: [pulling] }),
      project('docs'),
      project('infra', { config: invalid('/home/mira/code/infra'), trust: { status: 'unknown' } }),
      project('playground'),
    ]),
    selected: 'acme-api',
  }),
  all: () => select('acme-api'),
  progress: () => select('billing'),
  stopped: () => select('playground'),
  invalid: () => select('infra'),
  trust: () => select('cloned-from-somewhere'),
  'trust-again': () => select('checkout'),
  failed: () => select('worker'),
  notices: () => select('mobile'),
  'stop-held': () => vaulted({ ...openVault, failure: unsavable, lastCheckedAtMs: minutesAgo(12) }, held),
  adopt: () => select('legacy'),
  init: () => select('fresh'),
  missing: () => select('thumb-drive'),
  paused: () => select('notebooks'),
  'no-engine': () => ({ snapshot: snapshotOf([], { engine: { status: 'away', failure: away } }) }),
  'engine-away': () => ({
    snapshot: snapshotOf([project('docs'), project('site')], { engine: { status: 'away', failure: away } }),
    selected: 'docs',
  }),
  setup: () => ({
    snapshot: snapshotOf([acme({ operations: [settingUp] }), project('docs')]),
    selected: 'acme-api',
  }),
  'setup-failed': () => ({
    snapshot: snapshotOf([
      acme({
        failure: setupFailed,
        activity: [
          ...activity,
          {
            atMs: minutesAgo(1),
            kind: 'setup',
            outcome: 'failed',
            text: setupFailed.message,
            durationMs: 43_000,
            failure: setupFailed,
            output: { text: setupText, length: setupText.length },
          },
        ],
      }),
    ]),
    selected: 'acme-api',
  }),
  doctor: () => select('acme-api', { page: 'doctor' }),
  'doctor-away': () => ({
    snapshot: snapshotOf([], { engine: { status: 'away', failure: away } }),
    page: 'doctor',
  }),
  'doctor-hostile': () => ({ snapshot: snapshotOf(hostile), selected: 'a'.repeat(180), page: 'doctor' }),
  'vault-absent': () => vaulted({ lastSavedAtMs: null }),
  'vault-locked': () =>
    vaulted({
      status: 'locked',
      triesLeft: 2,
      failure: toFailure('vault-unreadable', { folder: '/home/ada/code/acme-api', triesLeft: 2 }),
    }),
  'vault-mounted': () => vaulted({ status: 'mounted', rememberRefusal: 'this desktop has no key store' }),
  'vault-open': () => vaulted(openVault),
  'vault-troubled': () =>
    vaulted({
      ...openVault,
      dirtySinceMs: minutesAgo(1),
      holders: [{ processId: 214, name: 'bash' }],
      conflictCopies: ['vault-conflict-20261124T101500.tar.aes'],
      failure: toFailure('vault-held-open', { holders: ['bash (214)'] }),
    }),
  hostile: () => ({ snapshot: snapshotOf(hostile), selected: '👩‍👩‍👧 family & friends_v2' }),
  many: () => ({ snapshot: snapshotOf(many), selected: 'service-1' }),
  pulling: () => ({
    snapshot: snapshotOf([acme()], {
      operations: [{ ...pulling, kind: 'pull-image', subject: 'registry.example.com/team/image:tag' }],
    }),
    selected: 'acme-api',
  }),
  'terminal-split': () => ({ ...split(), selected: 'acme-api' }),
  'terminal-window': () => {
    const only = acme();
    return {
      snapshot: snapshotOf([only]),
      view: { kind: 'terminal', projectId: only.id, sessionId: only.sessions[0]?.id ?? null },
    };
  },
};
