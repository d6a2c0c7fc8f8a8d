import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Operation, Snapshot } from '../../../preload/contract/snapshot.ts';
import { failWith } from '../failure.ts';
import type { ProjectRead } from '../state/core-state.ts';
import { createStore, type Store } from '../state/store.ts';
import { createOperationQueue, describe as words, type OperationQueue, type OperationWork } from './queue.ts';

const read: ProjectRead = {
  folderStatus: 'present',
  config: { status: 'absent', file: '/c.yaml' },
  trust: { status: 'unknown' },
};

let store: Store;
let queue: OperationQueue;
let log: string[];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000 });
  log = [];
  store = createStore({ kind: 'agent', version: '1', runtime: 'n', processId: 1, installId: 'i', startedAtMs: 0 });
  for (const id of ['a', 'b']) store.dispatch({ type: 'projectAdded', id, folder: `/p/${id}`, read });
  queue = createOperationQueue(store, Date.now, (line) => log.push(line));
});
afterEach(() => {
  vi.useRealTimers();
});

/** A running operation that the test ends. */
interface Job {
  readonly id: string;
  readonly run: ReturnType<typeof vi.fn<(work: OperationWork) => Promise<string>>>;
  work(): OperationWork;
  done(text?: string): Promise<void>;
  fail(error: unknown): Promise<void>;
}

function add(kind: Operation['kind'], projectId: string | null = 'a', subject = projectId ?? 'alpine:3'): Job {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = vi.fn<(work: OperationWork) => Promise<string>>(async () => promise);
  const id = queue.add({ projectId, kind, subject, run });
  return {
    id,
    run,
    work: () => {
      const work = run.mock.calls[0]?.[0];
      if (work === undefined) throw new Error('it does not run');
      return work;
    },
    done: async (text = 'Done.') => {
      resolve(text);
      await settled();
    },
    fail: async (error) => {
      reject(error);
      await settled();
    },
  };
}

/** Lets everything run that waits for a promise only. */
const settled = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};

const stateOf = (projectId: string | null): Pick<Snapshot, 'operations' | 'activity'> => {
  const { snapshot } = store.state();
  if (projectId === null) return snapshot;
  const project = snapshot.projects.find(({ id }) => id === projectId);
  if (project === undefined) throw new Error(`no project ${projectId}`);
  return project;
};
const operations = (projectId: string | null = 'a'): readonly Operation[] => stateOf(projectId).operations;
const activity = (projectId: string | null = 'a'): Snapshot['activity'] => stateOf(projectId).activity;

it('shows a login that waits until the next step, and with its end no more', async () => {
  const job = add('log-in');
  const shown = (): Operation | undefined => store.state().snapshot.projects[0]?.operations[0];
  const login = { page: 'https://device.example/', userCode: 'ABCD-EFGH', expiresAtMs: 2_000 };
  job.work().step('awaiting-login', true);
  job.work().showLogin(login);
  expect(shown()).toMatchObject({ step: 'awaiting-login', cancellable: true, login });
  job.work().step('reaching-remote', true);
  expect(shown()).not.toHaveProperty('login');
  job.work().showLogin(login);
  await job.done();
  expect(JSON.stringify(store.state().snapshot)).not.toContain('ABCD-EFGH');
});

describe('operations of one project', () => {
  it('run one at a time, in the order they were asked', async () => {
    const [first, second, third] = [add('start'), add('stop'), add('start')];
    expect(operations().map(({ id, step, startedAtMs }) => [id, step, startedAtMs])).toEqual([
      [first.id, 'checking', 1_000],
      [second.id, 'waiting', null],
      [third.id, 'waiting', null],
    ]);
    expect(second.run).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(500);
    await first.done();
    expect(second.run).toHaveBeenCalledTimes(1);
    expect(third.run).not.toHaveBeenCalled();
    expect(operations()[0]).toMatchObject({ id: second.id, queuedAtMs: 1_000, startedAtMs: 1_500 });
    await second.fail(new Error('x'));
    expect(third.run).toHaveBeenCalledTimes(1);
    await third.done();
    expect(operations()).toEqual([]);
    expect(activity().map(({ operationId }) => operationId)).toEqual([first.id, second.id, third.id]);
  });

  it('run beside those of other projects and of none', () => {
    for (const projectId of ['a', 'b', null]) expect(add('start', projectId).run).toHaveBeenCalledTimes(1);
    expect(operations(null)).toHaveLength(1);
  });

  it('are shown under an id that commands can name', () => {
    expect(add('start').id).toMatch(/^op-[0-9a-f]{12}$/u);
    expect(add('stop').id).not.toBe(operations()[0]?.id);
  });

  it('are refused from the ninth that waits, with the number', () => {
    const kinds = ['start', 'stop', 'start', 'stop', 'start', 'stop', 'start', 'stop', 'start'] as const;
    for (const kind of kinds) add(kind);
    expect(operations()).toHaveLength(9);
    expect(() => add('stop')).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ code: 'queue-full', message: expect.any(String) }),
      }),
    );
    expect(() => add('stop')).toThrow(/^8 operations wait for a/u);
    expect(operations()).toHaveLength(9);
    // The same as the last is not one more, and others are not concerned.
    expect(add('start').id).toBe(operations().at(-1)?.id);
    expect(add('start', 'b').run).toHaveBeenCalledTimes(1);
  });
});

describe('the same asked twice', () => {
  it('is one operation, running or last in line', async () => {
    const first = add('start');
    const again = add('start');
    expect(again.id).toBe(first.id);
    expect(again.run).not.toHaveBeenCalled();
    const stop = add('stop');
    expect(add('stop').id).toBe(stop.id);
    // Something else came between: asked anew.
    expect(add('start').id).not.toBe(first.id);
    expect(operations()).toHaveLength(3);
    await first.done();
  });

  it('is two for another subject, and once the first was cancelled', () => {
    const first = add('pull-image', null, 'alpine:3');
    expect(add('pull-image', null, 'alpine:4').id).not.toBe(first.id);
    const start = add('start');
    queue.cancel(start.id);
    expect(add('start').id).not.toBe(start.id);
  });
});

describe('cancelling', () => {
  it('drops one that waits without ever running it', async () => {
    const first = add('start');
    const second = add('stop');
    queue.cancel(second.id);
    expect(operations().map(({ id }) => id)).toEqual([first.id]);
    expect(activity().at(-1)).toMatchObject({
      operationId: second.id,
      kind: 'stop',
      outcome: 'cancelled',
      text: 'Stopping a was cancelled before it began.',
    });
    await first.done();
    expect(second.run).not.toHaveBeenCalled();
  });

  it('signals one that runs, which then ends as cancelled', async () => {
    const job = add('start');
    job.work().step('pulling-image', true);
    queue.cancel(job.id);
    expect(operations()[0]).toMatchObject({ step: 'cancelling', cancellable: false });
    expect(job.work().signal.aborted).toBe(true);
    await job.fail(job.work().signal.reason);
    expect(activity()).toEqual([
      expect.objectContaining({ outcome: 'cancelled', operationId: job.id, text: 'Starting a was cancelled.' }),
    ]);
    expect(activity()[0]).not.toHaveProperty('failure');
  });

  it('is refused while it would leave something half done, and twice', () => {
    const job = add('start');
    job.work().step('creating-container');
    expect(() => queue.cancel(job.id)).toThrow(/^Starting a can't be cancelled safely/u);
    expect(job.work().signal.aborted).toBe(false);
    job.work().step('pulling-image', true);
    queue.cancel(job.id);
    expect(() => queue.cancel(job.id)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'not-cancellable' }) }),
    );
  });

  it('of one that is not there is refused by name', async () => {
    const job = add('start');
    await job.done();
    for (const id of [job.id, 'op-000000000000']) {
      expect(() => queue.cancel(id)).toThrow(
        expect.objectContaining({ failure: expect.objectContaining({ code: 'operation-unknown' }) }),
      );
    }
  });
});

describe('the ending', () => {
  it('shows before the operation is gone, with the time it took', async () => {
    const seen: string[] = [];
    const job = add('start');
    store.subscribe(() => seen.push(`${operations().length} running, ${activity().length} ended`));
    await vi.advanceTimersByTimeAsync(250);
    await job.done('Started a-lab.');
    expect(seen).toEqual(['1 running, 1 ended', '0 running, 1 ended']);
    expect(activity()).toEqual([
      {
        atMs: 1_250,
        operationId: job.id,
        kind: 'start',
        outcome: 'done',
        durationMs: 250,
        text: 'Started a-lab.',
      },
    ]);
    expect(log).toEqual(['start a: done in 250 ms']);
  });

  it('of a failure is a value with its code', async () => {
    const job = add('start');
    await job.fail(failWith('not-trusted', { folder: '/p/a' }));
    expect(activity()[0]).toMatchObject({ outcome: 'failed', failure: { code: 'not-trusted' } });
    expect(activity()[0]?.text).toBe(activity()[0]?.failure?.message);
    expect(store.state().snapshot.projects[0]?.failure?.code).toBe('not-trusted');
  });

  it.each([
    ['an error', new TypeError('oops'), 'oops'],
    ['a text', 'oops', 'oops'],
    ['nothing', undefined, 'undefined'],
  ])('of the unexpected (%s) is internal, and the log keeps it', async (_what, thrown, reason) => {
    const job = add('start');
    await job.fail(thrown);
    expect(activity()[0]?.failure).toMatchObject({ code: 'internal', message: expect.stringContaining(reason) });
    expect(log.join('\n')).toContain(thrown instanceof Error ? (thrown.stack ?? '') : reason);
  });

  it('of an operation that throws before its first wait is a failure too, and the next one runs', async () => {
    queue.add({
      projectId: 'a',
      kind: 'start',
      subject: 'a',
      run: () => {
        throw new Error('at once');
      },
    });
    const next = add('stop');
    await settled();
    expect(activity()[0]?.failure?.code).toBe('internal');
    expect(next.run).toHaveBeenCalledTimes(1);
  });

  it('comes beside notices', () => {
    const job = add('start');
    job.work().notice('The name is taken.');
    expect(activity()).toEqual([{ atMs: 1_000, kind: 'notice', outcome: 'notice', text: 'The name is taken.' }]);
    expect(operations()).toHaveLength(1);
  });
});

describe('progress', () => {
  const at = (doneBytes: number) => ({ doneBytes, totalBytes: 100, detail: '' });
  const shown = (): number | null => operations()[0]?.progress?.doneBytes ?? null;

  it('is told at once, then the latest per 100 ms, the last one included', async () => {
    const job = add('start');
    const told: (number | null)[] = [];
    store.subscribe(() => told.push(shown()));
    for (let done = 1; done <= 50; done++) job.work().progress(at(done));
    expect(told).toEqual([1]);
    await vi.advanceTimersByTimeAsync(99);
    expect(told).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toEqual([1, 50]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual([1, 50]);
    job.work().progress(at(60));
    expect(told).toEqual([1, 50, 60]);
  });

  it('of hundreds of lines a second makes ten changes a second', async () => {
    const job = add('start');
    const listener = vi.fn();
    store.subscribe(listener);
    for (let ms = 0; ms < 1_000; ms++) {
      job.work().progress(at(ms));
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(listener.mock.calls.length).toBeGreaterThanOrEqual(10);
    expect(listener.mock.calls.length).toBeLessThanOrEqual(11);
  });

  it('of one step never shows in the next, nor after the end', async () => {
    const job = add('start');
    job.work().progress(at(1));
    job.work().progress(at(2));
    job.work().step('starting-container');
    await vi.advanceTimersByTimeAsync(500);
    expect(shown()).toBeNull();
    job.work().progress(at(3));
    job.work().progress(at(4));
    await job.done();
    expect(vi.getTimerCount()).toBe(0);
    const after = store.state();
    await vi.advanceTimersByTimeAsync(500);
    expect(store.state()).toBe(after);
  });
});

describe('being idle', () => {
  it('comes at once where nothing was asked, else after the last of all projects', async () => {
    await queue.idle();
    const jobs = [add('start'), add('stop'), add('start', 'b')];
    const [one, two] = [vi.fn(), vi.fn()];
    void queue.idle().then(one);
    void queue.idle().then(two);
    await jobs[0]?.done();
    await jobs[1]?.fail(new Error('x'));
    expect(one).not.toHaveBeenCalled();
    await jobs[2]?.done();
    expect(one).toHaveBeenCalledTimes(1);
    expect(two).toHaveBeenCalledTimes(1);
    await queue.idle();
  });

  it('comes too when what was left was cancelled while it waited', async () => {
    const first = add('start');
    const second = add('stop');
    const idle = vi.fn();
    void queue.idle().then(idle);
    queue.cancel(second.id);
    await settled();
    expect(idle).not.toHaveBeenCalled();
    await first.done();
    expect(idle).toHaveBeenCalledTimes(1);
  });
});

it('names what is done', () => {
  expect(words({ kind: 'reconnect-network', subject: 'a' })).toBe('Reconnecting the network of a');
  expect(words({ kind: 'pull-image', subject: 'alpine' })).toBe('Pulling alpine');
});
