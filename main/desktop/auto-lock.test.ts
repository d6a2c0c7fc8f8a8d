import { expect, test } from 'vitest';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import { absentVault, type VaultStatus } from '../../preload/contract/vault.ts';
import { watchAutoLock } from './auto-lock.ts';

const projectWith = (id: string, status: VaultStatus, shells: number): ProjectState =>
  ({
    id,
    vault: { ...absentVault, status },
    sessions: Array.from({ length: shells }, (_, at) => ({ id: String(at), kind: 'shell' })),
  }) as unknown as ProjectState;
const snapshotOf = (...projects: readonly ProjectState[]): Snapshot => ({ projects }) as unknown as Snapshot;

function watched(
  settings: Partial<Record<'lockOnScreenLock' | 'lockOnSuspend' | 'lockWhenLastTerminalCloses', boolean>>,
) {
  const locked: (readonly string[] | 'all')[] = [];
  let tell: (snapshot: Snapshot) => void = () => undefined;
  const events: Record<string, () => void> = {};
  let now = snapshotOf();
  const stop = watchAutoLock({
    engine: {
      snapshot: () => now,
      subscribe: (listener) => {
        tell = listener;
        return () => (tell = () => undefined);
      },
      lockVaults: (ids) => {
        locked.push(ids ?? 'all');
        return Promise.resolve([]);
      },
    },
    settings: () => ({ lockOnScreenLock: false, lockOnSuspend: false, lockWhenLastTerminalCloses: false, ...settings }),
    onScreenLock: (listener) => (events['screen'] = listener),
    onSuspend: (listener) => (events['suspend'] = listener),
  });
  const show = (...projects: readonly ProjectState[]): void => tell((now = snapshotOf(...projects)));
  return { locked, events, show, stop };
}

test('locks all when the screen is locked or the machine sleeps, each only where it is set', () => {
  const both = watched({ lockOnScreenLock: true, lockOnSuspend: true });
  both.events['screen']?.();
  both.events['suspend']?.();
  expect(both.locked).toEqual(['all', 'all']);
  const none = watched({});
  none.events['screen']?.();
  none.events['suspend']?.();
  expect(none.locked).toEqual([]);
  both.stop();
  both.events['screen']?.();
  expect(both.locked).toHaveLength(2);
});

test('locks a project when its last shell ends, not before, and no other project', () => {
  const { locked, show } = watched({ lockWhenLastTerminalCloses: true });
  show(projectWith('a', 'unlocked', 2), projectWith('b', 'unlocked', 0), projectWith('c', 'locked', 1));
  show(projectWith('a', 'unlocked', 1), projectWith('b', 'unlocked', 0), projectWith('c', 'locked', 0));
  expect(locked).toEqual([]);
  show(projectWith('a', 'unlocked', 0), projectWith('b', 'unlocked', 0), projectWith('c', 'locked', 0));
  expect(locked).toEqual([['a']]);
  const off = watched({});
  off.show(projectWith('a', 'unlocked', 1));
  off.show(projectWith('a', 'unlocked', 0));
  expect(off.locked).toEqual([]);
});
