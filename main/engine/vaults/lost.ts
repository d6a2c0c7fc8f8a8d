import { projectCore, type Core } from '../core.ts';
import { failWith, type TazpodError } from '../failure.ts';
import type { VaultMemory } from './memory.ts';
import { restingStatus, showVault } from './show.ts';

/**
 * The run of the container that held the vault is over, not by our doing: its files are gone and the key is of no more
 * use. Shows since when changes are lost and asks for attention.
 * @returns the failure, for whoever was about to use the vault
 */
export function markLost(core: Pick<Core, 'store' | 'ports'>, projectId: string, memory: VaultMemory): TazpodError {
  const { folder, vault } = projectCore(core, projectId);
  const nowMs = core.ports.nowMs();
  const sinceMs = vault.lastCheckedAtMs ?? vault.lastSavedAtMs ?? nowMs;
  const error = failWith('vault-lost', { folder, since: new Date(sinceMs).toISOString() });
  // Told once, whoever finds out first.
  if (memory.open === null && vault.lostSinceMs !== null) return error;
  memory.forgetKey();
  memory.isEmptied = false;
  showVault(core, projectId, {
    status: restingStatus(memory, { ...vault, status: 'locked' }),
    lostSinceMs: sinceMs,
    failure: error.failure,
    ...noContent,
  });
  const { failure } = error;
  core.store.dispatch({
    type: 'activityAdded',
    projectId,
    entry: { atMs: nowMs, kind: 'notice', outcome: 'failed', text: failure.message, failure },
  });
  return error;
}

/** The run of the container is over by our doing, after what the vault held was saved or given up. */
export function endVault(core: Pick<Core, 'store'>, projectId: string, memory: VaultMemory): void {
  memory.forgetKey();
  memory.isEmptied = false;
  const project = core.store.state().projects.get(projectId);
  if (project === undefined) return;
  const status = restingStatus(memory, { ...project.vault, status: 'locked' });
  showVault(core, projectId, { status, failure: null, ...noContent });
}

/** What is shown of the inside of a vault that is not open. */
export const noContent = { content: null, dirtySinceMs: null, lastCheckedAtMs: null, holders: [] } as const;
