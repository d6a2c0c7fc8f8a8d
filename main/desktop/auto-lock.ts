import type { Settings } from '../../preload/contract/settings.ts';
import type { ProjectState, Snapshot } from '../../preload/contract/snapshot.ts';
import type { Engine } from '../engine/engine.ts';

export interface AutoLockOptions {
  readonly engine: Pick<Engine, 'snapshot' | 'subscribe' | 'lockVaults'>;
  readonly settings: () => Pick<Settings, 'lockOnScreenLock' | 'lockOnSuspend' | 'lockWhenLastTerminalCloses'>;
  /** Calls the listener when the screen is locked, or the machine is about to sleep. */
  readonly onScreenLock: (listener: () => void) => void;
  readonly onSuspend: (listener: () => void) => void;
}

/**
 * Locks vaults when nobody is there any more. What has them open is ended; a vault that can't be saved stays unlocked and
 * asks for attention as any failed operation does.
 * @returns the way to stop
 */
export function watchAutoLock({ engine, settings, onScreenLock, onSuspend }: AutoLockOptions): () => void {
  let stopped = false;
  const lock = (projectIds?: readonly string[]): void => {
    // Failures show in the projects themselves.
    if (!stopped) void engine.lockVaults(projectIds);
  };
  onScreenLock(() => {
    if (settings().lockOnScreenLock) lock();
  });
  onSuspend(() => {
    if (settings().lockOnSuspend) lock();
  });
  let before = engine.snapshot();
  const unsubscribe = engine.subscribe((snapshot) => {
    const left = settings().lockWhenLastTerminalCloses ? leftAlone(before, snapshot) : [];
    before = snapshot;
    if (left.length > 0) lock(left);
  });
  return () => {
    stopped = true;
    unsubscribe();
  };
}

/** Unlocked projects whose last shell has just ended. */
function leftAlone(before: Snapshot, after: Snapshot): readonly string[] {
  if (before.projects === after.projects) return [];
  const hadShell = new Set(before.projects.filter(hasShell).map(({ id }) => id));
  return after.projects
    .filter((project) => project.vault.status === 'unlocked' && hadShell.has(project.id) && !hasShell(project))
    .map(({ id }) => id);
}

const hasShell = ({ sessions }: ProjectState): boolean => sessions.some(({ kind }) => kind === 'shell');
