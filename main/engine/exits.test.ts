import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Operation } from '../../preload/contract/snapshot.ts';
import type { Core } from './core.ts';
import type { DockerClient } from './docker/client.ts';
import { appLabelValue, labels } from './docker/labels.ts';
import { watchExits } from './exits.ts';
import type { ContainerChange } from './state/core-state.ts';
import { createStore, type Store } from './state/store.ts';

const operation: Operation = {
  id: 'op-1',
  kind: 'stop',
  subject: 'a',
  step: 'stopping-container',
  cancellable: false,
  queuedAtMs: 0,
  startedAtMs: 0,
  progress: null,
};

let store: Store;
let now: number;
let stop: () => void;
const inspect = vi.fn();
const log = vi.fn();

beforeEach(() => {
  now = 0;
  inspect.mockReset();
  log.mockReset();
  store = createStore({ kind: 'agent', version: '1', runtime: 'n', processId: 1, installId: 'i', startedAtMs: 0 });
  const client = {
    getContainer: () => ({
      inspect,
      logs: async () => Buffer.from('\x01\0\0\0\0\0\0\x05oops\n', 'latin1'),
    }),
  } as unknown as DockerClient;
  const core = { store, ports: { nowMs: () => now, log }, connection: { client: async () => client } };
  store.dispatch({
    type: 'projectAdded',
    id: 'a',
    folder: '/p/a',
    read: { folderStatus: 'present', config: { status: 'absent', file: 'c' }, trust: { status: 'unknown' } },
  });
  store.dispatch({
    type: 'containersListed',
    containers: [
      {
        id: '1',
        name: 'a-lab',
        image: 'alpine',
        imageId: null,
        status: 'created',
        exitCode: null,
        startedAtMs: null,
        createdAtMs: 0,
        labels: { [labels.app]: appLabelValue, [labels.install]: 'i', [labels.project]: 'a' },
        workspaceFolder: '/p/a',
        networks: [],
      },
    ],
  });
  stop = watchExits(core as unknown as Core);
});

const happens = (change: ContainerChange): void => store.dispatch({ type: 'containerChanged', change });
const died = (exitCode: number): void => happens({ kind: 'died', id: '1', exitCode });
const activity = () => store.state().snapshot.projects[0]?.activity ?? [];
const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a container that ends', () => {
  beforeEach(() => happens({ kind: 'started', id: '1', atMs: 0 }));

  it('long after its start is told with its code, once', async () => {
    now = 60_000;
    died(3);
    await settled();
    expect(activity()).toEqual([
      { atMs: 60_000, kind: 'notice', outcome: 'notice', text: 'The container ended with code 3, not by TazPod.' },
    ]);
    expect(inspect).not.toHaveBeenCalled();
  });

  it('at once is a failed start, with what it printed', async () => {
    inspect.mockResolvedValue({ Name: '/a-lab', State: { Running: false, ExitCode: 3 } });
    now = 4_000;
    died(3);
    await settled();
    expect(activity()).toEqual([
      expect.objectContaining({
        kind: 'start',
        outcome: 'failed',
        failure: expect.objectContaining({ details: 'oops' }),
      }),
    ]);
    expect(store.state().snapshot.projects[0]?.failure?.code).toBe('container-exited');
  });

  it('at once, but killed, was somebody’s will', async () => {
    now = 1_000;
    died(137);
    await settled();
    expect(activity()).toEqual([expect.objectContaining({ kind: 'notice' })]);
  });

  it('at once and can’t be looked at is logged', async () => {
    inspect.mockRejectedValue(new Error('gone'));
    died(1);
    await settled();
    expect(activity()).toEqual([]);
    expect(log).toHaveBeenCalledWith(expect.stringContaining('gone'));
  });

  it('during an operation of ours is that operation’s to tell', async () => {
    store.dispatch({ type: 'operationsChanged', projectId: 'a', operations: [operation] });
    now = 60_000;
    died(0);
    await settled();
    expect(activity()).toEqual([]);
  });

  it('after the watch has stopped is not told', async () => {
    stop();
    now = 60_000;
    died(0);
    await settled();
    expect(activity()).toEqual([]);
  });

  it('by being removed is not told', async () => {
    now = 60_000;
    happens({ kind: 'destroyed', id: '1' });
    await settled();
    expect(activity()).toEqual([]);
  });
});
