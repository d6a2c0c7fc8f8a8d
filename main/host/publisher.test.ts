import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { FakeEngine } from './fake-engine.ts';
import { minUpdateIntervalMs, SnapshotPublisher } from './publisher.ts';
import type { SnapshotChange } from '../../preload/contract/snapshot-change.ts';

const first = new FakeEngine({ kind: 'agent', version: '1', quit: () => undefined }).snapshot();
const at = (revision: number): Snapshot => ({ ...first, revision });

function setUp() {
  const sent: SnapshotChange[] = [];
  const drains: (() => void)[] = [];
  const publisher = new SnapshotPublisher({
    first,
    send: async (change) => {
      sent.push(change);
      await new Promise<void>((resolve) => drains.push(resolve));
    },
  });
  const drain = async (): Promise<void> => {
    for (const resolve of drains.splice(0)) resolve();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { sent, publisher, drain, revisions: () => sent.map(({ revision }) => revision) };
}

describe('publisher', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends at once when calm, and skips to the newest while one is under way', async () => {
    const { publisher, drain, revisions } = setUp();
    publisher.publish(at(1));
    expect(revisions()).toEqual([1]);
    publisher.publish(at(2));
    publisher.publish(at(3));
    await vi.advanceTimersByTimeAsync(minUpdateIntervalMs * 4);
    expect(revisions()).toEqual([1]);
    await drain();
    expect(revisions()).toEqual([1, 3]);
  });

  it('sends at most 20 updates a second', async () => {
    const { publisher, drain, revisions } = setUp();
    for (let revision = 1; revision <= 1000; revision += 1) {
      publisher.publish(at(revision));
      await drain();
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(revisions().length).toBeGreaterThanOrEqual(19);
    expect(revisions().length).toBeLessThanOrEqual(21);
    await vi.advanceTimersByTimeAsync(minUpdateIntervalMs);
    expect(revisions().at(-1)).toBe(1000);
  });

  it('flushes whatever the pace, each change once', async () => {
    const { publisher, drain, sent } = setUp();
    publisher.publish(at(1));
    publisher.publish(at(2));
    publisher.flush();
    publisher.flush();
    expect(sent.map(({ baseRevision, revision }) => [baseRevision, revision])).toEqual([
      [0, 1],
      [1, 2],
    ]);
    await drain();
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toHaveLength(2);
  });

  it('says nothing after it was closed', async () => {
    const { publisher, drain, revisions } = setUp();
    publisher.publish(at(1));
    publisher.publish(at(2));
    publisher.close();
    await drain();
    await vi.advanceTimersByTimeAsync(1000);
    expect(revisions()).toEqual([1]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
