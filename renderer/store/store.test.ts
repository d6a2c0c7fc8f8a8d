import { describe, expect, it, vi } from 'vitest';
import { diffSnapshot } from '../../preload/contract/snapshot-change.ts';
import type { WindowStart } from '../../preload/contract/window.ts';
import { createFakeApi } from '../testing/fake-api.ts';
import { project, snapshotOf } from '../testing/scenarios/parts.ts';
import { toReady, withChange, type AppState } from './app-state.ts';
import { createExternalStore } from './external-store.ts';
import { followApp } from './follow-app.ts';

const settle = async (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 0));

describe('the store', () => {
  it('tells only of what differs, and nobody who left', () => {
    const store = createExternalStore(1);
    const listener = vi.fn();
    const leave = store.subscribe(listener);
    store.set(1);
    store.set(2);
    leave();
    store.update((value) => value + 1);
    expect([listener.mock.calls.length, store.get()]).toEqual([1, 3]);
  });
});

describe('a change', () => {
  const first = snapshotOf([project('a'), project('b')]);
  const state = toReady({ snapshot: first } as WindowStart);
  const next = {
    ...first,
    revision: 2,
    projects: [project('a', { folderStatus: 'missing' }), ...first.projects.slice(1)],
  };
  const change = diffSnapshot(first, next);

  it('leaves every other project the same object', () => {
    const after = withChange(state, change);
    expect(after?.projects.get(project('a').id)?.folderStatus).toBe('missing');
    expect(after?.projects.get(project('b').id)).toBe(state.projects.get(project('b').id));
  });

  it('that is old is left out; one that fits nothing asks for a new start', () => {
    expect(withChange(state, { ...change, revision: 1, baseRevision: 0 })).toBe(state);
    expect(withChange(state, { ...change, revision: 9, baseRevision: 8 })).toBeNull();
    expect(withChange(state, { ...change, projectIds: ['never sent'] })).toBeNull();
  });
});

describe('following the app', () => {
  it('applies changes, those that came before the start too', async () => {
    const fake = createFakeApi({ snapshot: snapshotOf([project('a')]) });
    const store = createExternalStore<AppState>({ status: 'loading' });
    const stop = followApp(fake.api, store);
    fake.changeProject('a', { folderStatus: 'missing' });
    await settle();
    fake.changeProject('a', { folderStatus: 'unreadable' });
    const state = store.get();
    expect(state.status === 'ready' && [state.snapshot.revision, state.snapshot.projects[0]?.folderStatus]).toEqual([
      3,
      'unreadable',
    ]);
    stop();
  });

  it('begins again once where a change was missed', async () => {
    const fake = createFakeApi({ snapshot: snapshotOf([project('a')]) });
    const store = createExternalStore<AppState>({ status: 'loading' });
    const stop = followApp(fake.api, store);
    await settle();
    const gap = { baseRevision: 7, revision: 8, fields: {}, projects: [] };
    fake.emit('snapshotChange', gap);
    fake.emit('snapshotChange', { ...gap, baseRevision: 8, revision: 9 });
    fake.publish(() => ({ images: [] }));
    await settle();
    stop();
    expect(fake.calls.filter(([name]) => name === 'subscribe').length).toBeGreaterThanOrEqual(2);
    const state = store.get();
    expect(state.status === 'ready' && state.snapshot.images).toEqual([]);
  });
});
