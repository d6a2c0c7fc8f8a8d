import type { BaseVersion, LocalVersion, RemoteVersion } from './version.ts';

/** What a push may replace: nothing at all, or exactly the version named. */
export type PushCondition = { readonly kind: 'absent' } | { readonly kind: 'match'; readonly etag: string };

export type SyncAction =
  /** Neither side has a vault. */
  | { readonly type: 'nothing' }
  /** Both hold the same; `etag` is the base from now on. */
  | { readonly type: 'agree'; readonly etag: string }
  | { readonly type: 'push'; readonly condition: PushCondition }
  /** Only the remote changed. */
  | { readonly type: 'offer-pull' }
  /** Both changed: a person chooses. */
  | { readonly type: 'conflict' }
  /** The place belongs to another vault. */
  | { readonly type: 'refuse-other-vault'; readonly theirs: string }
  /** One side carries no vault id: a person says once whether they are the same. */
  | { readonly type: 'ask-adopt' };

/**
 * What a sync run does. Total and pure: the one place that decides whether a remote version may be replaced.
 * A push is planned only where what it replaces is known to be an ancestor of the local vault.
 */
export function planPush(base: BaseVersion, local: LocalVersion | null, remote: RemoteVersion | null): SyncAction {
  if (remote === null) return local === null ? { type: 'nothing' } : { type: 'push', condition: { kind: 'absent' } };
  if (local === null) return { type: 'offer-pull' };
  const { vaultId } = remote;
  if (vaultId !== null && local.vaultId !== null && vaultId !== local.vaultId) {
    return { type: 'refuse-other-vault', theirs: vaultId };
  }
  if ((vaultId === null || local.vaultId === null) && !base.isAdopted) return { type: 'ask-adopt' };
  if (remote.isForked) return { type: 'conflict' };
  if (remote.contentHash === local.contentHash) return { type: 'agree', etag: remote.etag };
  const isLocalChanged = local.contentHash !== base.contentHash;
  if (!isRemoteChanged(base, remote)) {
    return isLocalChanged
      ? { type: 'push', condition: { kind: 'match', etag: remote.etag } }
      : { type: 'agree', etag: remote.etag };
  }
  return isLocalChanged ? { type: 'conflict' } : { type: 'offer-pull' };
}

function isRemoteChanged(base: BaseVersion, remote: RemoteVersion): boolean {
  if (remote.etag === base.etag) return false;
  const { contentHash } = remote;
  return contentHash === null || (contentHash !== base.contentHash && contentHash !== base.pushing);
}
