import { noSync } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type {
  ActivityEntry,
  EngineState,
  HostState,
  LocalImage,
  Operation,
  ProjectState,
  SessionState,
} from '../../../preload/contract/snapshot.ts';
import { toFailure } from '../../../preload/contract/errors.ts';
import { appLabelValue, labels } from '../docker/labels.ts';
import { toProjectVolumes } from '../docker/volumes.ts';
import type { ProjectConfig } from '../project/config.ts';
import type { ContainerChange, CoreState, EngineEvent, ObservedContainer, ProjectRead } from './core-state.ts';
import { toProjectState } from './project-view.ts';
import { initialState, reduce } from './reduce.ts';

/** The real one, counted. */
vi.mock(import('./project-view.ts'), async (original) => {
  const actual = await original();
  return { ...actual, toProjectState: vi.fn(actual.toProjectState) };
});

const host: HostState = {
  kind: 'agent',
  version: '1.0.0',
  runtime: 'Node 24',
  processId: 1,
  installId: 'install-of-ours',
  startedAtMs: 0,
};

const ready: EngineState = {
  status: 'ready',
  endpoint: 'unix:///var/run/docker.sock',
  source: 'Docker',
  name: 'host',
  version: '28.0.0',
  apiVersion: '1.48',
  operatingSystem: 'Debian',
  securityOptions: ['name=apparmor'],
  rootless: false,
};

const config: ProjectConfig = {
  image: 'alpine:3',
  containerName: null,
  user: 'tazpod',
  build: null,
  profile: 'standard',
  dns: 'host',
  mtu: null,
  ssh: 'none',
  env: {},
  ports: [],
  shell: null,
  setup: null,
  caches: [],
  awsSso: null,
  vaultRetention: 50,
  sync: { intervalSeconds: 300, prefix: null, remote: null },
};

function validRead(part: Partial<ProjectConfig> = {}, driftFields: Record<string, string> = { image: 'alpine:3' }) {
  return {
    folderStatus: 'present',
    config: {
      status: 'valid',
      file: '/c.yaml',
      config: { ...config, ...part },
      warnings: [],
      containerName: 'a-lab',
      driftHash: JSON.stringify(driftFields),
      driftFields,
    },
    trust: { status: 'unknown' },
  } as const satisfies ProjectRead;
}

const labelsOf = (projectId: string, more: Record<string, string> = {}): Record<string, string> => ({
  [labels.app]: appLabelValue,
  [labels.install]: host.installId,
  [labels.project]: projectId,
  ...more,
});

function container(id: string, part: Partial<ObservedContainer> = {}): ObservedContainer {
  return {
    id,
    name: `name-${id}`,
    image: 'alpine:3',
    imageId: null,
    status: 'running',
    exitCode: null,
    startedAtMs: null,
    createdAtMs: 1_000,
    labels: labelsOf('a'),
    workspaceFolder: '/p/a',
    networks: [],
    ...part,
  };
}

const added = (id: string, read: ProjectRead = validRead()): EngineEvent => ({
  type: 'projectAdded',
  id,
  folder: `/p/${id}`,
  read,
});
const listed = (...containers: ObservedContainer[]): EngineEvent => ({ type: 'containersListed', containers });
const changed = (change: ContainerChange): EngineEvent => ({ type: 'containerChanged', change });

const run = (state: CoreState, ...events: readonly EngineEvent[]): CoreState => events.reduce(reduce, state);
const start = (...ids: string[]): CoreState => run(initialState(host), ...ids.map((id) => added(id)));

function project(state: CoreState, id = 'a'): ProjectState {
  const found = state.snapshot.projects.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no project ${id}`);
  return found;
}

const operation: Operation = {
  id: 'op-1',
  kind: 'start',
  subject: 'a',
  step: 'checking',
  cancellable: true,
  queuedAtMs: 1,
  startedAtMs: 2,
  progress: null,
};
const entry: ActivityEntry = { atMs: 5, kind: 'start', outcome: 'done', text: 'Started a.' };
const session: SessionState = { id: 'session-1', kind: 'shell', title: 'bash', kept: false, openedAtMs: 3 };
const image: LocalImage = { id: 'sha256:1', tags: ['alpine:3'], sizeBytes: 5 };
const absent: ProjectRead = {
  folderStatus: 'missing',
  config: { status: 'absent', file: '/c.yaml' },
  trust: { status: 'unknown' },
};

describe('each event', () => {
  it('engineChanged shows the engine', () => {
    expect(run(start('a'), { type: 'engineChanged', engine: ready }).snapshot.engine).toEqual(ready);
  });

  it('imagesListed shows the images', () => {
    expect(run(start('a'), { type: 'imagesListed', images: [image] }).snapshot.images).toEqual([image]);
  });

  it('projectAdded shows it last, with what was read of it', () => {
    const state = run(start('b'), added('a', absent));
    expect(state.snapshot.projects.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(project(state)).toEqual({
      id: 'a',
      folder: '/p/a',
      name: 'a',
      folderStatus: 'missing',
      config: { status: 'absent', file: '/c.yaml' },
      trust: { status: 'unknown' },
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
      ports: [],
      adoptable: null,
      sessions: [],
    });
  });

  it('containerImageTold and imagesListed tell when the name that it was made from means another image', () => {
    const images = (id: string): EngineEvent => ({
      type: 'imagesListed',
      images: [{ id, tags: ['alpine:3'], sizeBytes: 1 }],
    });
    const madeFrom = labelsOf('a', { [labels.config]: '{"image":"alpine:3"}' });
    const up = run(start('a'), images('sha256:1'), {
      type: 'containersListed',
      containers: [container('1', { labels: madeFrom })],
    });
    expect(project(up).imageChange).toBeNull();
    const told = run(up, { type: 'containerImageTold', id: '1', imageId: 'sha256:1' });
    expect(project(told).imageChange).toBeNull();
    const pulled = run(told, images('sha256:2'));
    expect(project(pulled).imageChange).toEqual({ image: 'alpine:3', before: 'sha256:1', after: 'sha256:2' });
    // The engine's list tells an id in place of a name that means something else by now.
    const relisted = run(pulled, {
      type: 'containersListed',
      containers: [container('1', { labels: madeFrom, image: 'sha256:1', imageId: 'sha256:1' })],
    });
    expect(project(relisted)).toMatchObject({ container: { image: 'alpine:3' }, imageChange: { after: 'sha256:2' } });
    expect(project(run(relisted, { type: 'imagesListed', images: [] })).imageChange).toBeNull();
    expect(run(up, { type: 'containerImageTold', id: 'gone', imageId: 'sha256:9' })).toBe(up);
  });

  it('volumesListed shows a project’s own, with what the config makes of them', () => {
    const [history, cache] = toProjectVolumes(host.installId, 'a', 'tazpod', ['~/.npm']);
    const names = [
      { name: history?.name ?? '', path: null },
      { name: cache?.name ?? '', path: '/home/tazpod/.npm' },
    ];
    const volumes = new Map([
      ['a', [...names, { name: 'old', path: '/old' }]],
      ['b', [{ name: 'x', path: null }]],
    ]);
    const before = run(start('a', 'b'), {
      type: 'projectsRead',
      reads: new Map([['a', validRead({ caches: ['~/.npm'] })]]),
    });
    const after = run(before, { type: 'volumesListed', volumes });
    expect(project(after).volumes).toEqual([
      { name: history?.name, kind: 'history', path: '/var/lib/tazpod/history', inConfig: true },
      { name: cache?.name, kind: 'cache', path: '/home/tazpod/.npm', inConfig: true },
      { name: 'old', kind: 'cache', path: '/old', inConfig: false },
    ]);
    const next = run(after, { type: 'volumesListed', volumes: new Map([...volumes, ['b', []]]) });
    expect(project(next)).toBe(project(after));
    expect(project(next, 'b').volumes).toEqual([]);
  });

  it('projectsRead shows what was read, and keeps all else', () => {
    const before = run(start('a', 'b'), { type: 'operationsChanged', projectId: 'a', operations: [operation] });
    const reads = new Map<string, ProjectRead>([
      ['a', absent],
      ['unknown', absent],
    ]);
    const after = run(before, { type: 'projectsRead', reads });
    expect(project(after)).toMatchObject({ folderStatus: 'missing', operations: [operation] });
    expect(after.snapshot.projects).toHaveLength(2);
    expect(project(after, 'b')).toBe(project(before, 'b'));
  });

  it('projectRemoved drops it and what it had adopted', () => {
    const before = run(start('a', 'b'), { type: 'containerAdopted', containerId: 'x', projectId: 'a' });
    const after = run(before, { type: 'projectRemoved', id: 'a' });
    expect(after.snapshot.projects.map(({ id }) => id)).toEqual(['b']);
    expect([...after.adopted]).toEqual([]);
  });

  it('operationsChanged shows them at the project or at the host', () => {
    const one = run(start('a'), { type: 'operationsChanged', projectId: 'a', operations: [operation] });
    expect(project(one).operations).toEqual([operation]);
    expect(one.snapshot.operations).toEqual([]);
    const other = run(start('a'), { type: 'operationsChanged', projectId: null, operations: [operation] });
    expect(other.snapshot.operations).toEqual([operation]);
    expect(project(other).operations).toEqual([]);
  });

  it('activityAdded keeps the newest 50, last', () => {
    const many = Array.from({ length: 60 }, (_, at) => ({ ...entry, atMs: at }));
    for (const projectId of ['a', null]) {
      const state = run(start('a'), ...many.map((one) => ({ type: 'activityAdded', projectId, entry: one }) as const));
      const shown = projectId === null ? state.snapshot.activity : project(state).activity;
      expect(shown.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 50 }, (_, at) => at + 10));
      expect(projectId === null ? project(state).activity : state.snapshot.activity).toEqual([]);
    }
  });

  it('activityAdded shows a failure until something succeeds', () => {
    const failure = toFailure('internal', { reason: 'x' });
    const tell = (part: Partial<ActivityEntry>): EngineEvent => ({
      type: 'activityAdded',
      projectId: 'a',
      entry: { ...entry, ...part },
    });
    const failed = run(start('a'), tell({ outcome: 'failed', failure }));
    expect(project(failed).failure).toEqual(failure);
    expect(project(run(failed, tell({ outcome: 'notice' }))).failure).toEqual(failure);
    expect(project(run(failed, tell({ outcome: 'cancelled' }))).failure).toEqual(failure);
    expect(project(run(failed, tell({ outcome: 'done' }))).failure).toBeNull();
  });

  it('sessionOpened and sessionClosed show and drop one session', () => {
    const other = { ...session, id: 'session-2' };
    const open = run(
      start('a'),
      { type: 'sessionOpened', projectId: 'a', session },
      { type: 'sessionOpened', projectId: 'a', session: other },
    );
    expect(project(open).sessions).toEqual([session, other]);
    expect(project(run(open, { type: 'sessionClosed', projectId: 'a', sessionId: session.id })).sessions).toEqual([
      other,
    ]);
  });

  it('containerObserved shows one container without touching the others', () => {
    const before = run(start('a', 'b'), listed(container('1'), container('2', { labels: labelsOf('b') })));
    const after = run(before, { type: 'containerObserved', container: container('1', { name: 'seen' }) });
    expect(project(after).container).toMatchObject({ id: '1', name: 'seen' });
    expect(project(after, 'b')).toBe(project(before, 'b'));
  });

  it('containersListed is the whole truth: what is not in it is gone', () => {
    const state = run(start('a'), listed(container('1')), listed());
    expect(project(state).container).toEqual({ status: 'missing' });
  });
});

describe('a change of a container', () => {
  const before = run(start('a'), listed(container('1', { status: 'created', networks: ['n1'] })));

  it('created brings it in stopped', () => {
    const state = run(start('a'), changed({ kind: 'created', container: container('1', { status: 'created' }) }));
    expect(project(state).container).toEqual({
      status: 'stopped',
      exitCode: null,
      id: '1',
      name: 'name-1',
      image: 'alpine:3',
      adopted: false,
    });
  });

  it('created, told again after a list, does not forget the mount that only the list tells', () => {
    const stranger = container('s', { labels: {}, status: 'created' });
    const state = run(
      start('a'),
      listed(stranger),
      changed({ kind: 'created', container: { ...stranger, workspaceFolder: null } }),
    );
    expect(project(state).adoptable).toMatchObject({ id: 's' });
  });

  it.each([
    [[{ kind: 'started', id: '1', atMs: 7 }], { status: 'running', startedAtMs: 7 }],
    [
      [
        { kind: 'started', id: '1', atMs: 7 },
        { kind: 'died', id: '1', exitCode: 3 },
      ],
      { status: 'stopped', exitCode: 3 },
    ],
    [
      [
        { kind: 'started', id: '1', atMs: 7 },
        { kind: 'paused', id: '1' },
      ],
      { status: 'paused', startedAtMs: 7 },
    ],
    [
      [
        { kind: 'started', id: '1', atMs: 7 },
        { kind: 'paused', id: '1' },
        { kind: 'unpaused', id: '1' },
      ],
      { status: 'running', startedAtMs: 7 },
    ],
    [
      [
        { kind: 'died', id: '1', exitCode: 3 },
        { kind: 'started', id: '1', atMs: 9 },
        { kind: 'died', id: '1', exitCode: 0 },
      ],
      { status: 'stopped', exitCode: 0 },
    ],
    [[{ kind: 'destroyed', id: '1' }], { status: 'missing' }],
    [[{ kind: 'renamed', id: '1', name: 'new' }], { name: 'new' }],
  ] satisfies [ContainerChange[], object][])('%j shows %j', (changes, shown) => {
    expect(project(run(before, ...changes.map(changed))).container).toMatchObject(shown);
  });

  it('started and died leave nothing of the state before', () => {
    const died = run(
      before,
      changed({ kind: 'started', id: '1', atMs: 7 }),
      changed({ kind: 'died', id: '1', exitCode: 3 }),
    );
    expect(died.containers.get('1')).toMatchObject({ exitCode: 3, startedAtMs: null });
    const again = run(died, changed({ kind: 'started', id: '1', atMs: 9 }));
    expect(again.containers.get('1')).toMatchObject({ exitCode: null, startedAtMs: 9 });
  });

  it('connected and disconnected change its networks, each once', () => {
    const twice = run(
      before,
      changed({ kind: 'connected', id: '1', network: 'n2' }),
      changed({ kind: 'connected', id: '1', network: 'n2' }),
    );
    expect(twice.containers.get('1')?.networks).toEqual(['n1', 'n2']);
    const left = run(twice, changed({ kind: 'disconnected', id: '1', network: 'n1' }));
    expect(left.containers.get('1')?.networks).toEqual(['n2']);
  });

  it.each([
    { kind: 'started', id: 'nobody', atMs: 7 },
    { kind: 'died', id: 'nobody', exitCode: 3 },
    { kind: 'paused', id: 'nobody' },
    { kind: 'unpaused', id: 'nobody' },
    { kind: 'destroyed', id: 'nobody' },
    { kind: 'renamed', id: 'nobody', name: 'x' },
    { kind: 'connected', id: 'nobody', network: 'x' },
    { kind: 'disconnected', id: 'nobody', network: 'x' },
  ] satisfies ContainerChange[])('$kind of a container that nobody told of changes nothing', (change) => {
    expect(reduce(before, changed(change))).toBe(before);
  });
});

describe('the start of a container', () => {
  const started = run(start('a'), listed(container('1')), changed({ kind: 'started', id: '1', atMs: 7 }));

  it('is kept over a list, which does not tell it', () => {
    expect(reduce(started, listed(container('1'))).snapshot).toBe(started.snapshot);
    expect(project(run(started, listed(container('1', { name: 'n' })))).container).toMatchObject({ startedAtMs: 7 });
  });

  it('is dropped where the list shows another state, and taken where a look tells it', () => {
    const paused = run(started, listed(container('1', { status: 'paused' })));
    expect(project(paused).container).toMatchObject({ startedAtMs: null });
    const seen = run(started, { type: 'containerObserved', container: container('1', { startedAtMs: 9 }) });
    expect(project(seen).container).toMatchObject({ startedAtMs: 9 });
  });
});

describe('which container is a project’s', () => {
  it.each([
    ['the running one over a newer stopped one', { status: 'running' }, { status: 'exited', createdAtMs: 9_999 }],
    ['the paused one over a newer stopped one', { status: 'paused' }, { status: 'created', createdAtMs: 9_999 }],
    ['the newer of two that run', { createdAtMs: 9_999 }, { createdAtMs: 1 }],
    ['the newer of two that are stopped', { status: 'exited', createdAtMs: 9 }, { status: 'exited', createdAtMs: 1 }],
  ] satisfies [string, Partial<ObservedContainer>, Partial<ObservedContainer>][])('%s', (_what, wins, loses) => {
    const [winner, loser] = [container('winner', wins), container('loser', loses)];
    for (const order of [
      [winner, loser],
      [loser, winner],
    ]) {
      expect(project(run(start('a'), listed(...order))).container).toMatchObject({ id: 'winner' });
    }
  });

  it('is never one of another installation, without an app label, or known by its name', () => {
    const strange = { ...labelsOf('a'), [labels.install]: 'theirs' };
    const state = run(
      start('a'),
      listed(
        container('1', { labels: strange, workspaceFolder: null }),
        container('2', { labels: { [labels.project]: 'a', [labels.install]: host.installId }, workspaceFolder: null }),
        container('3', { labels: {}, name: 'a-lab', workspaceFolder: null }),
      ),
    );
    expect(project(state)).toMatchObject({ container: { status: 'missing' }, adoptable: null });
  });

  it('may be one without labels that was adopted, and says so', () => {
    const stranger = container('s', { labels: {} });
    const state = run(start('a', 'b'), listed(stranger), {
      type: 'containerAdopted',
      containerId: 's',
      projectId: 'a',
    });
    expect(project(state)).toMatchObject({ container: { id: 's', adopted: true }, adoptable: null, drift: [] });
    expect(project(state, 'b').container).toEqual({ status: 'missing' });
    const dropped = run(state, { type: 'projectRemoved', id: 'a' }, added('a'));
    expect(project(dropped)).toMatchObject({ container: { status: 'missing' }, adoptable: { id: 's' } });
  });
});

describe('a stranger’s container', () => {
  const stranger = container('s', { labels: {}, name: 'theirs', status: 'exited' });

  it('with this folder at /workspace can be adopted', () => {
    const state = run(start('a', 'b'), listed(stranger));
    expect(project(state).adoptable).toEqual({ id: 's', name: 'theirs', image: 'alpine:3', status: 'exited' });
    expect(project(state, 'b').adoptable).toBeNull();
  });

  it('is not offered while the project has one of its own', () => {
    expect(project(run(start('a'), listed(stranger, container('1')))).adoptable).toBeNull();
  });

  it('is not offered where it belongs to another project of ours', () => {
    expect(project(run(start('a', 'b'), listed(container('1', { labels: labelsOf('b') })))).adoptable).toBeNull();
  });
});

describe('drift', () => {
  const made = (hash: string, fields: string): ObservedContainer =>
    container('1', { labels: labelsOf('a', { [labels.configHash]: hash, [labels.config]: fields }) });
  const wanted = validRead({}, { image: 'alpine:4', ssh: 'none' });

  it('is empty where the hash agrees, whatever the fields say', () => {
    const same = made(wanted.config.driftHash, '{"image":"other"}');
    expect(project(run(initialState(host), added('a', wanted), listed(same))).drift).toEqual([]);
  });

  it('shows what differs, before and after', () => {
    const state = run(
      initialState(host),
      added('a', wanted),
      listed(made('old', '{"image":"alpine:3","dns":"host","ssh":"none"}')),
    );
    expect(project(state).drift.toSorted((one, two) => one.key.localeCompare(two.key))).toEqual([
      { key: 'dns', before: 'host', after: null },
      { key: 'image', before: 'alpine:3', after: 'alpine:4' },
    ]);
  });

  it.each(['{', '[]', 'null', '{"image":1}', ''])('shows all as changed for a damaged label %j', (label) => {
    const state = run(initialState(host), added('a', wanted), listed(made('old', label)));
    expect(project(state).drift.map(({ before }) => before)).toEqual([null, null]);
  });

  it('is empty without a valid config', () => {
    expect(project(run(initialState(host), added('a', absent), listed(made('old', '{}')))).drift).toEqual([]);
  });
});

describe('the network', () => {
  const mtus = new Map([
    ['n1280', 1280],
    ['n1500', 1500],
  ]);
  const on = (...networks: string[]): CoreState =>
    run(start('a'), { type: 'networksListed', mtus }, listed(container('1', { networks })));
  const measured = (mtu: number | null): EngineEvent => ({ type: 'hostMtuMeasured', mtu });

  it.each([
    ['larger than the way out', ['n1500'], 1280, { mtu: 1500, wantedMtu: 1280, tooLarge: true }],
    ['as large as the way out', ['n1280'], 1280, { mtu: 1280, wantedMtu: 1280, tooLarge: false }],
    ['smaller than the way out', ['n1280'], 1500, { mtu: 1280, wantedMtu: 1500, tooLarge: false }],
    ['the largest of several', ['n1280', 'n1500'], 1280, { mtu: 1500, wantedMtu: 1280, tooLarge: true }],
    ['not of ours', ['bridge'], 1280, { mtu: null, wantedMtu: 1280, tooLarge: false }],
    ['without a known way out', ['n1500'], null, { mtu: 1500, wantedMtu: null, tooLarge: false }],
  ])('is %s', (_what, networks, mtu, shown) => {
    expect(project(run(on(...networks), measured(mtu))).network).toEqual(shown);
  });

  it('is compared with the config’s mtu where it has one', () => {
    const state = run(on('n1500'), measured(1500), {
      type: 'projectsRead',
      reads: new Map([['a', validRead({ mtu: 1400 })]]),
    });
    expect(project(state).network).toEqual({ mtu: 1500, wantedMtu: 1400, tooLarge: true });
  });

  it('follows networkAdded and networkRemoved', () => {
    const state = run(on('new'), { type: 'networkAdded', name: 'new', mtu: 1400 });
    expect(project(state).network.mtu).toBe(1400);
    expect(project(run(state, { type: 'networkRemoved', name: 'new' })).network.mtu).toBeNull();
  });
});

describe('an event that changes nothing', () => {
  const full = run(
    start('a', 'b'),
    { type: 'engineChanged', engine: ready },
    { type: 'imagesListed', images: [image] },
    listed(container('1', { networks: ['n'] }), container('s', { labels: {}, workspaceFolder: '/p/b' })),
    { type: 'containerAdopted', containerId: 's', projectId: 'b' },
    { type: 'networksListed', mtus: new Map([['n', 1500]]) },
    { type: 'hostMtuMeasured', mtu: 1500 },
    { type: 'operationsChanged', projectId: 'a', operations: [operation] },
    { type: 'operationsChanged', projectId: null, operations: [operation] },
    { type: 'sessionOpened', projectId: 'a', session },
  );

  it.each<EngineEvent>([
    { type: 'engineChanged', engine: structuredClone(ready) },
    { type: 'imagesListed', images: [structuredClone(image)] },
    { type: 'containerObserved', container: container('1', { networks: ['n'] }) },
    changed({ kind: 'connected', id: '1', network: 'n' }),
    changed({ kind: 'disconnected', id: '1', network: 'elsewhere' }),
    changed({ kind: 'unpaused', id: '1' }),
    { type: 'hostMtuMeasured', mtu: 1500 },
    { type: 'projectsRead', reads: new Map([['a', validRead()]]) },
    { type: 'projectsRead', reads: new Map() },
    { type: 'operationsChanged', projectId: 'a', operations: [{ ...operation }] },
    { type: 'operationsChanged', projectId: 'nobody', operations: [operation] },
    { type: 'activityAdded', projectId: 'nobody', entry },
    { type: 'sessionOpened', projectId: 'nobody', session },
    { type: 'sessionClosed', projectId: 'a', sessionId: 'nobody' },
  ])('gives back the same state: $type', (event) => {
    expect(reduce(full, event)).toBe(full);
  });

  /** The snapshot stays, but the state is another one; harmless, and against the words of reduce. */
  it.each<EngineEvent>([
    listed(container('1', { networks: ['n'] }), container('s', { labels: {}, workspaceFolder: '/p/b' })),
    { type: 'containerAdopted', containerId: 's', projectId: 'b' },
    { type: 'networksListed', mtus: new Map([['n', 1500]]) },
    { type: 'networkAdded', name: 'n', mtu: 1500 },
    { type: 'networkRemoved', name: 'nobody' },
    { type: 'projectRemoved', id: 'nobody' },
    { type: 'operationsChanged', projectId: null, operations: [{ ...operation }] },
  ])('gives back the same state: $type', (event) => {
    expect(reduce(full, event)).toBe(full);
  });

  it('of what is shown leaves the snapshot as it is', () => {
    const state = run(full, listed(...full.containers.values(), container('other', { labels: {} })));
    expect(state).not.toBe(full);
    expect(state.snapshot).toBe(full.snapshot);
    expect(run(full, { type: 'networkAdded', name: 'unused', mtu: 9 }).snapshot).toBe(full.snapshot);
  });
});

describe('the revision', () => {
  it('rises by one with each visible change, and shares all the rest', () => {
    const before = run(start('a', 'b'), listed(container('1')), { type: 'engineChanged', engine: ready });
    const after = run(before, changed({ kind: 'died', id: '1', exitCode: 1 }));
    expect(after.snapshot.revision).toBe(before.snapshot.revision + 1);
    expect(project(after, 'b')).toBe(project(before, 'b'));
    expect(project(after)).not.toBe(project(before));
    expect(after.snapshot.engine).toBe(before.snapshot.engine);
    expect(after.snapshot.images).toBe(before.snapshot.images);
    expect(after.snapshot.activity).toBe(before.snapshot.activity);
    const images = run(after, { type: 'imagesListed', images: [image] });
    expect(images.snapshot.projects).toBe(after.snapshot.projects);
  });
});

describe('random events', () => {
  const ids = ['1', '2', '3', '4'];
  const folders = ['/p/a', '/p/b', null];
  const networks = ['n1280', 'n1500'];
  const fresh = fc.record({
    id: fc.constantFrom(...ids),
    owner: fc.constantFrom('a', 'b', 'stranger'),
    folder: fc.constantFrom(...folders),
    createdAtMs: fc.nat(3),
  });
  const step = fc.oneof(
    fresh.map((one) => ({ kind: 'created' as const, one })),
    fc.record({ kind: fc.constant('started' as const), id: fc.constantFrom(...ids), atMs: fc.nat(100) }),
    fc.record({ kind: fc.constant('died' as const), id: fc.constantFrom(...ids), exitCode: fc.nat(3) }),
    fc.record({
      kind: fc.constantFrom('paused' as const, 'unpaused' as const, 'destroyed' as const),
      id: fc.constantFrom(...ids),
    }),
    fc.record({ kind: fc.constant('renamed' as const), id: fc.constantFrom(...ids), name: fc.constantFrom('x', 'y') }),
    fc.record({
      kind: fc.constantFrom('connected' as const, 'disconnected' as const),
      id: fc.constantFrom(...ids),
      network: fc.constantFrom(...networks),
    }),
  );

  /** The engine's own truth: a container of its own, by other means than the code under test. */
  type Truth = Map<string, ObservedContainer>;

  function happen(truth: Truth, event: typeof step extends fc.Arbitrary<infer E> ? E : never): ContainerChange | null {
    if (event.kind === 'created') {
      const { id, owner, folder, createdAtMs } = event.one;
      if (truth.has(id)) return null;
      const made = container(id, {
        status: 'created',
        createdAtMs,
        labels: owner === 'stranger' ? {} : labelsOf(owner),
        workspaceFolder: folder,
      });
      truth.set(id, made);
      return { kind: 'created', container: { ...made, workspaceFolder: null } };
    }
    const known = truth.get(event.id);
    if (known === undefined) return event;
    const put = (part: Partial<ObservedContainer>): void => void truth.set(event.id, { ...known, ...part });
    if (event.kind === 'started') put({ status: 'running', exitCode: null });
    if (event.kind === 'died') put({ status: 'exited', exitCode: event.exitCode });
    if (event.kind === 'paused') put({ status: 'paused' });
    if (event.kind === 'unpaused') put({ status: 'running' });
    if (event.kind === 'destroyed') truth.delete(event.id);
    if (event.kind === 'renamed') put({ name: event.name });
    if (event.kind === 'connected') put({ networks: [...new Set([...known.networks, event.network])] });
    if (event.kind === 'disconnected') put({ networks: known.networks.filter((one) => one !== event.network) });
    return event;
  }

  /** The list does not tell the start, so that the two may differ in it. */
  const shown = (state: CoreState): unknown =>
    state.snapshot.projects.map(({ container: own, ...rest }) => ({ ...rest, own: { ...own, startedAtMs: null } }));

  /** New each time: views are remembered by their project, and a store has one line of states only. */
  const base = (): CoreState =>
    run(
      start('a', 'b'),
      { type: 'networksListed', mtus: new Map(networks.map((name) => [name, name === 'n1280' ? 1280 : 1500])) },
      { type: 'hostMtuMeasured', mtu: 1280 },
      { type: 'containerAdopted', containerId: '3', projectId: 'a' },
    );

  it('followed by a list show what the list alone shows', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const truth: Truth = new Map();
        let state = base();
        for (const one of steps) {
          const change = happen(truth, one);
          if (change === null) continue;
          const before = state;
          state = reduce(state, changed(change));
          const { snapshot } = state;
          // The revision tells exactly whether something visible changed.
          expect(snapshot === before.snapshot).toBe(snapshot.revision === before.snapshot.revision);
          if (snapshot !== before.snapshot) expect(snapshot.projects).not.toEqual(before.snapshot.projects);
        }
        const list = listed(...truth.values());
        expect(shown(reduce(state, list))).toEqual(shown(reduce(base(), list)));
        // Events alone tell the same of our own containers.
        const statuses = (of: CoreState): unknown => of.snapshot.projects.map((one) => one.container.status);
        expect(statuses(state)).toEqual(statuses(reduce(base(), list)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('1,000 events with 200 projects', () => {
  it('make one view anew each, and none for events of strangers', () => {
    const ids = Array.from({ length: 200 }, (_, at) => `p${at}`);
    const own = ids.map((id) => container(`c-${id}`, { labels: labelsOf(id), workspaceFolder: `/p/${id}` }));
    const strangers = Array.from({ length: 50 }, (_, at) =>
      container(`s${at}`, { labels: {}, workspaceFolder: '/else' }),
    );
    let state = run(start(...ids), listed(...own, ...strangers));
    vi.mocked(toProjectState).mockClear();
    let renewed = 0;
    for (let at = 0; at < 1_000; at++) {
      const strange = at % 4 === 0;
      const id = strange ? `s${at % 50}` : `c-p${(at * 7) % 200}`;
      const next = reduce(state, changed({ kind: 'started', id, atMs: at }));
      const old = state.snapshot.projects;
      const differ = next.snapshot.projects.filter((one, index) => one !== old[index]).length;
      expect(differ).toBe(strange ? 0 : 1);
      if (strange) expect(next.snapshot).toBe(state.snapshot);
      renewed += differ;
      state = next;
    }
    expect(renewed).toBe(750);
    expect(toProjectState).toHaveBeenCalledTimes(750);
    // A full list of the same makes none.
    const after = reduce(state, listed(...structuredClone([...state.containers.values()])));
    expect(after.snapshot).toBe(state.snapshot);
    expect(toProjectState).toHaveBeenCalledTimes(750);
  });
});
