import type { ContainerInfo, ImageInfo } from 'dockerode';
import { describe, expect, it } from 'vitest';
import { parseEngineMessage, toContainerChange, toLocalImage, toObservedContainer, watchedEvents } from './observe.ts';

const id = 'c0ffee'.padEnd(64, '0');

/** As Docker 20.10 lists one. */
const docker20 = {
  Id: id,
  Names: ['/api-lab'],
  Image: 'alpine:3',
  ImageID: 'sha256:1',
  Command: 'sleep infinity',
  Created: 1_700_000_000,
  Ports: [],
  Labels: { 'tazpod.app': 'tazpod-desktop' },
  State: 'running',
  Status: 'Up 2 minutes',
  HostConfig: { NetworkMode: 'n' },
  NetworkSettings: { Networks: { 'tazpod-1-mtu1500': {}, bridge: {} } },
  Mounts: [
    { Type: 'bind', Source: '/home/a/.ssh', Destination: '/home/tazpod/.ssh', Mode: '', RW: false, Propagation: '' },
    { Type: 'bind', Source: '/home/a/api', Destination: '/workspace', Mode: '', RW: true, Propagation: 'rprivate' },
  ],
} as unknown as ContainerInfo;
/** Docker 28 tells more of each. */
const docker28 = {
  ...docker20,
  ImageManifestDescriptor: { mediaType: 'x', digest: 'sha256:2', size: 1 },
  HostConfig: { NetworkMode: 'n', Annotations: {} },
} as ContainerInfo;
const observed = {
  id,
  name: 'api-lab',
  image: 'alpine:3',
  imageId: 'sha256:1',
  status: 'running',
  exitCode: null,
  startedAtMs: null,
  createdAtMs: 1_700_000_000_000,
  labels: { 'tazpod.app': 'tazpod-desktop' },
  workspaceFolder: '/home/a/api',
  networks: ['tazpod-1-mtu1500', 'bridge'],
};

describe('a row of the list', () => {
  it.each([
    ['Docker 20.10', docker20],
    ['Docker 28', docker28],
  ])('of %s', (_engine, row) => {
    expect(toObservedContainer(row)).toEqual(observed);
  });

  it('of an older Podman, which has null for mounts and networks', () => {
    const row = { ...docker20, Mounts: null, NetworkSettings: null } as unknown as ContainerInfo;
    expect(toObservedContainer(row)).toEqual({ ...observed, workspaceFolder: null, networks: [] });
    const half = { ...docker20, NetworkSettings: { Networks: null } } as unknown as ContainerInfo;
    expect(toObservedContainer(half).networks).toEqual([]);
  });

  it('without names (one that is being removed)', () => {
    expect(toObservedContainer({ ...docker20, Names: [] }).name).toBe('');
  });

  it.each([
    ['running', 'Up 2 hours (healthy)', 'running', null],
    ['restarting', 'Restarting (1) 2 seconds ago', 'running', null],
    ['paused', 'Up 2 hours (Paused)', 'paused', null],
    ['created', 'Created', 'created', null],
    ['exited', 'Exited (0) 2 hours ago', 'exited', 0],
    ['exited', 'Exited (137) Less than a second ago', 'exited', 137],
    ['dead', 'Dead', 'exited', null],
    ['removing', 'Removal In Progress', 'exited', null],
    ['stopped', 'Exited (3) 5 minutes ago', 'exited', 3],
  ])('in state %s (%s) is %s', (State, Status, status, exitCode) => {
    expect(toObservedContainer({ ...docker20, State, Status })).toMatchObject({ status, exitCode });
  });
});

const message = (Type: string, Action: string, Attributes: Record<string, string> | null = {}, ID = id): string =>
  JSON.stringify({
    Type,
    Action,
    Actor: { ID, Attributes },
    scope: 'local',
    time: 1_700_000_000,
    timeNano: 1.7e18 + 1e6,
  });

function change(line: string): unknown {
  const parsed = parseEngineMessage(line);
  if (parsed === null) throw new Error(`no event: ${line}`);
  return toContainerChange(parsed);
}

describe('an event', () => {
  it('create brings name, image and our labels, and no others', () => {
    const attributes = {
      name: 'api-lab',
      image: 'alpine:3',
      'tazpod.app': 'tazpod-desktop',
      'tazpod.project': 'p',
      'org.label': 'x',
    };
    expect(change(message('container', 'create', attributes))).toEqual({
      kind: 'created',
      container: {
        id,
        name: 'api-lab',
        image: 'alpine:3',
        imageId: null,
        status: 'created',
        exitCode: null,
        startedAtMs: null,
        createdAtMs: 1_700_000_000_001,
        labels: { 'tazpod.app': 'tazpod-desktop', 'tazpod.project': 'p' },
        workspaceFolder: null,
        networks: [],
      },
    });
  });

  it.each([
    ['start', {}, { kind: 'started', id, atMs: 1_700_000_000_001 }],
    ['die', { exitCode: '137' }, { kind: 'died', id, exitCode: 137 }],
    ['die', {}, { kind: 'died', id, exitCode: 0 }],
    ['pause', {}, { kind: 'paused', id }],
    ['unpause', {}, { kind: 'unpaused', id }],
    ['destroy', {}, { kind: 'destroyed', id }],
    ['rename', { name: 'new', oldName: '/old' }, { kind: 'renamed', id, name: 'new' }],
    // Podman's words.
    ['died', { containerExitCode: '3' }, { kind: 'died', id, exitCode: 3 }],
    ['remove', null, { kind: 'destroyed', id }],
    // Nothing that we show.
    ['exec_start: sh', {}, null],
    ['health_status: healthy', {}, null],
    ['resize', {}, null],
  ])('%s %j of a container', (action, attributes, expected) => {
    expect(change(message('container', action, attributes))).toEqual(expected);
  });

  it('connect and disconnect of a network are its container’s', () => {
    const attributes = { container: id, name: 'tazpod-1-mtu1500', type: 'bridge' };
    const network = { id, network: 'tazpod-1-mtu1500' };
    expect(change(message('network', 'connect', attributes, 'n'))).toEqual({ kind: 'connected', ...network });
    expect(change(message('network', 'disconnect', attributes, 'n'))).toEqual({ kind: 'disconnected', ...network });
    expect(change(message('network', 'destroy', { name: 'x' }, 'n'))).toBeNull();
    expect(change(message('network', 'connect', null, 'n'))).toBeNull();
  });

  it('of anything else is none of a container', () => {
    for (const type of ['image', 'volume', 'daemon', 'plugin']) expect(change(message(type, 'create'))).toBeNull();
  });

  it('without attributes, as Podman sends some, is one', () => {
    const line = JSON.stringify({ Type: 'container', Action: 'start', Actor: { ID: id }, timeNano: 1e6 });
    expect(change(line)).toEqual({ kind: 'started', id, atMs: 1 });
  });

  it.each([
    '',
    ' ',
    'garbage',
    '{',
    'null',
    '[]',
    '{}',
    '{"message":"Internal Server Error"}',
    '{"Type":"container","Action":"start"}',
    '{"Type":"container","Action":"start","Actor":{"ID":5},"timeNano":1}',
    '{"Type":"container","Action":"start","Actor":{"ID":"x","Attributes":{"a":1}},"timeNano":1}',
    '{"Type":"container","Action":"start","Actor":{"ID":"x","Attributes":{}}}',
  ])('is not the line %j', (line) => {
    expect(parseEngineMessage(line)).toBeNull();
  });

  it('is asked for by its name, for every name that is understood', () => {
    const actions = ['create', 'start', 'die', 'died', 'pause', 'unpause', 'destroy', 'remove', 'rename'];
    for (const action of [...actions, 'connect', 'disconnect']) expect(watchedEvents).toContain(action);
  });
});

it.each([
  [
    ['alpine:3', 'x/alpine:3'],
    ['alpine:3', 'x/alpine:3'],
  ],
  [['<none>:<none>'], []],
  [null, []],
  [undefined, []],
])('an image with tags %j has %j', (RepoTags, tags) => {
  const row = { Id: 'sha256:1', Size: 7, RepoTags } as unknown as ImageInfo;
  expect(toLocalImage(row)).toEqual({ id: 'sha256:1', tags, sizeBytes: 7 });
});
