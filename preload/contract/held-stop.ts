import type { ActivityEntry, ProjectState } from './snapshot.ts';

const endings: ReadonlySet<ActivityEntry['kind']> = new Set(['stop', 'restart', 'rebuild']);

/** Whether the container was left running by the last stop, restart or rebuild because its vault could not be saved. Pure. */
export function isHeldByVault({ failure, vault, container, activity }: ProjectState): boolean {
  const isUp = container.status === 'running' || container.status === 'paused';
  const isOpen = vault.status === 'unlocked' || vault.status === 'mounted';
  if (failure === null || !isUp || !isOpen) return false;
  if (failure.code !== vault.failure?.code && failure.code !== 'vault-key-missing') return false;
  const last = activity.findLast(({ outcome, failure: told }) => outcome === 'failed' && told?.code === failure.code);
  return last !== undefined && endings.has(last.kind);
}
