import { describe, expect, it, vi } from 'vitest';
import type { HostState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { createStore, waitForState } from './store.ts';

const host: HostState = {
  kind: 'agent',
  version: '1',
  runtime: 'Node 24',
  processId: 1,
  installId: 'i',
  startedAtMs: 0,
};

const connecting = (endpoint: string) =>
  ({ type: 'engineChanged', engine: { status: 'connecting', endpoint } }) as const;
const never = new AbortController().signal;

describe('a store', () => {
  it('tells each visible change once, and nothing of the others', () => {
    const store = createStore(host);
    const listener = vi.fn<(snapshot: Snapshot) => void>();
    store.subscribe(listener);
    store.dispatch(connecting('one'));
    store.dispatch(connecting('one'));
    store.dispatch({ type: 'hostMtuMeasured', mtu: 1400 });
    expect(listener).toHaveBeenCalledTimes(1);
    expect(listener).toHaveBeenCalledWith(store.state().snapshot);
    // Not seen, but kept.
    expect(store.state().hostMtu).toBe(1400);
  });

  it('tells a listener nothing more once it stopped, and the others still', () => {
    const store = createStore(host);
    const [one, two] = [vi.fn(), vi.fn()];
    const stop = store.subscribe(one);
    store.subscribe(two);
    stop();
    stop();
    store.dispatch(connecting('one'));
    expect(one).not.toHaveBeenCalled();
    expect(two).toHaveBeenCalledTimes(1);
  });

  it('lets a listener stop itself while it is told', () => {
    const store = createStore(host);
    const second = vi.fn();
    const stop = store.subscribe(() => stop());
    store.subscribe(second);
    store.dispatch(connecting('one'));
    store.dispatch(connecting('two'));
    expect(second).toHaveBeenCalledTimes(2);
  });

  it('never tells an older snapshot after a newer one, though a listener dispatches', () => {
    const store = createStore(host);
    const revisions: number[] = [];
    store.subscribe(({ engine }) => {
      if (engine.status === 'connecting' && engine.endpoint === 'one') store.dispatch(connecting('two'));
    });
    store.subscribe(({ revision }) => revisions.push(revision));
    store.dispatch(connecting('one'));
    expect(revisions).toEqual(revisions.toSorted((left, right) => left - right));
    expect(revisions.at(-1)).toBe(2);
  });
});

describe('waiting for a state', () => {
  const isAt =
    (endpoint: string) =>
    ({ engine }: { engine: Snapshot['engine'] }): boolean =>
      engine.status === 'connecting' && engine.endpoint === endpoint;

  it('resolves at once where it is so already, and listens no more', async () => {
    const store = createStore(host);
    store.dispatch(connecting('one'));
    const condition = vi.fn(isAt('one'));
    expect(await waitForState(store, condition, never)).toBe(store.state());
    condition.mockClear();
    store.dispatch(connecting('two'));
    expect(condition).not.toHaveBeenCalled();
  });

  it('resolves later with the first state that fits, and listens no more', async () => {
    const store = createStore(host);
    const condition = vi.fn(isAt('two'));
    const waiting = waitForState(store, condition, never);
    store.dispatch(connecting('one'));
    store.dispatch(connecting('two'));
    const wanted = store.state();
    condition.mockClear();
    store.dispatch(connecting('three'));
    expect(condition).not.toHaveBeenCalled();
    expect(await waiting).toBe(wanted);
  });

  it('rejects with the reason when it is aborted, and listens no more', async () => {
    const store = createStore(host);
    const abort = new AbortController();
    const condition = vi.fn(() => false);
    const waiting = waitForState(store, condition, abort.signal);
    const reason = new Error('enough');
    abort.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    condition.mockClear();
    store.dispatch(connecting('one'));
    expect(condition).not.toHaveBeenCalled();
  });

  it('rejects at once where it was aborted before, even if the state fits', async () => {
    const store = createStore(host);
    await expect(waitForState(store, () => true, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    await expect(waitForState(store, () => true, AbortSignal.abort('no error'))).rejects.toThrow('aborted');
  });

  it('leaves no listener at the signal', async () => {
    const store = createStore(host);
    const { signal } = new AbortController();
    const [add, remove] = [vi.spyOn(signal, 'addEventListener'), vi.spyOn(signal, 'removeEventListener')];
    const waiting = waitForState(store, isAt('one'), signal);
    store.dispatch(connecting('one'));
    await waiting;
    expect(remove).toHaveBeenCalledWith('abort', add.mock.calls[0]?.[1]);
  });
});
