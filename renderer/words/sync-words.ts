import type { Failure } from '../../preload/contract/errors.ts';
import type { LoginPrompt, ProjectState } from '../../preload/contract/snapshot.ts';
import type { SyncQuestion, SyncState } from '../../preload/contract/sync.ts';
import { formatAgo, formatElapsed } from './units.ts';

const needs: { readonly [Kind in SyncQuestion['kind']]: string } = {
  conflict: 'vault conflict',
  'offer-pull': 'newer vault',
  'ask-adopt': 'remote to confirm',
  'other-vault': 'another vault there',
};

/** What waits for a person, in a row's few words; null where nothing does. */
export function syncNeed({ question, failure }: SyncState): string | null {
  if (question !== null) return needs[question.kind];
  if (failure === null) return null;
  return failure.code === 'sync-login-needed' ? 'login needed' : 'push failed';
}

/** How sync stands, as a heading. */
export function syncTitle({ sync }: Pick<ProjectState, 'sync'>): string {
  const { question, failure, lastPushedAtMs, unpushed } = sync;
  switch (question?.kind) {
    case 'conflict':
      return 'The vault changed here and at the remote';
    case 'offer-pull':
      return 'The remote has a newer vault';
    case 'ask-adopt':
      return 'Is the vault at the remote this one?';
    case 'other-vault':
      return 'The remote holds another vault';
    default:
      if (failure !== null) return 'Not pushed';
      if (unpushed) return 'Not pushed yet';
      return lastPushedAtMs === null ? 'Nothing pushed yet' : 'In sync';
  }
}

/** When the next run is. */
export function nextRunWords({ sync, vault }: Pick<ProjectState, 'sync' | 'vault'>, nowMs: number): string {
  const { running, nextRunAtMs, failure } = sync;
  if (running) return 'Under way';
  if (nextRunAtMs !== null) return `In ${formatElapsed(Math.max(0, nextRunAtMs - nowMs))}`;
  if (vault.status === 'locked') return 'While the vault is unlocked';
  return failure === null ? 'While the container is up' : 'When you ask for it';
}

export const agoOr = (atMs: number | null, otherwise: string, nowMs: number): string =>
  atMs === null ? otherwise : formatAgo(atMs, nowMs);

/** Why the remote can't be asked before a login; null where no login is missing. */
export function loginNeedOf({ sync: { failure } }: Pick<ProjectState, 'sync'>): Failure | null {
  return failure?.code === 'sync-login-needed' ? failure : null;
}

/** A login that waits to be confirmed. */
export function loginPromptOf({ sync: { operations } }: Pick<ProjectState, 'sync'>): LoginPrompt | null {
  return operations.find(({ login }) => login !== undefined)?.login ?? null;
}

/** Why nothing can be asked of sync now; null where something can. */
export function syncHindrance({ sync, trust }: ProjectState): string | null {
  if (sync.remote === null) return 'The config names no remote';
  if (trust.status !== 'trusted') return 'It needs your trust first';
  return sync.operations.length > 0 ? 'Another sync operation is under way' : null;
}
