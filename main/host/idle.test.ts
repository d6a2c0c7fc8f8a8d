import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ContainerState, Operation, ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import { noSync } from '../../preload/contract/sync.ts';
import { FakeEngine, fakeProject } from './fake-engine.ts';
import { IdleWatch, isIdle } from './idle.ts';

const base = new FakeEngine({ kind: 'agent', version: '1', quit: () => undefined }).snapshot();
const identity = { id: 'a'.repeat(64), name: 'p-lab', image: 'i', adopted: false };
const running: ContainerState = { status: 'running', startedAtMs: 1, ...identity };
const paused: ContainerState = { status: 'paused', startedAtMs: 1, ...identity };
const stopped: ContainerState = { status: 'stopped', exitCode: 0, ...identity };
const operation: Operation = {
  id: 'op-000000000000',
  kind: 'start',
  subject: 'p',
  step: 'waiting',
  cancellable: true,
  queuedAtMs: 0,
  startedAtMs: null,
  progress: null,
};
const withProject = (fields: Partial<ProjectState>): Snapshot => ({ ...base, projects: [fakeProject('/p', fields)] });

describe('idleness', () => {
  it.each([
    ['nothing at all', base, 0, true],
    ['a client', base, 1, false],
    ['an operation', { ...base, operations: [operation] }, 0, false],
    ['a registered project', withProject({}), 0, true],
    ['a stopped container', withProject({ container: stopped }), 0, true],
    ['a running container', withProject({ container: running }), 0, false],
    ['a paused container', withProject({ container: paused }), 0, false],
    ['a push under way', withProject({ sync: { ...noSync, running: true } }), 0, false],
    ['a sync operation', withProject({ sync: { ...noSync, operations: [operation] } }), 0, false],
    ['an operation of a project', withProject({ operations: [operation] }), 0, false],
    [
      'a session',
      withProject({ sessions: [{ id: 's', kind: 'shell', title: 'bash', kept: false, openedAtMs: 0 }] }),
      0,
      false,
    ],
  ] satisfies [string, Snapshot, number, boolean][])('%s', (_name, snapshot, clients, expected) => {
    expect(isIdle(snapshot, clients)).toBe(expected);
  });
});

describe('idle watch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('ends once idleness has lasted, counted from its beginning', () => {
    let idle = true;
    const onIdle = vi.fn<() => void>();
    const watch = new IdleWatch({ isIdle: () => idle, onIdle, afterMs: 100 });
    watch.look();
    vi.advanceTimersByTime(60);
    watch.look();
    vi.advanceTimersByTime(30);
    idle = false;
    watch.look();
    vi.advanceTimersByTime(500);
    expect(onIdle).not.toHaveBeenCalled();
    idle = true;
    watch.look();
    vi.advanceTimersByTime(99);
    expect(onIdle).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(onIdle).toHaveBeenCalledOnce();
    watch.look();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does nothing once stopped', () => {
    const onIdle = vi.fn<() => void>();
    const watch = new IdleWatch({ isIdle: () => true, onIdle, afterMs: 100 });
    watch.look();
    watch.stop();
    watch.look();
    vi.advanceTimersByTime(1000);
    expect(onIdle).not.toHaveBeenCalled();
  });
});
