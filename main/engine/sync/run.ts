import { isDeepStrictEqual } from 'node:util';
import type { BaseStore } from './base-file.ts';
import { pruneHistory } from './history.ts';
import { planPush, type PushCondition } from './plan.ts';
import type { FetchedVault, Remote } from './remote.ts';
import type { BaseVersion, LocalVersion, RemoteVersion, VaultFile } from './version.ts';

/** The vault's bytes with the hash that `LocalVersion` would tell of them. */
export interface LocalFile extends VaultFile {
  readonly contentHash: string;
}

/** The encrypted vault on this machine, as sync needs it. */
export interface LocalVault {
  look(): Promise<LocalVersion | null>;
  /** The file as it is now, with the hash of these very bytes. */
  read(): Promise<LocalFile | null>;
  /**
   * Puts a fetched vault in place if the file still is the one that was looked at, and keeps that one beside it.
   * @returns what is there now
   */
  replace(fetched: VaultFile, expected: LocalVersion | null): Promise<LocalVersion>;
}

/** What a run works with. */
export interface SyncPorts {
  readonly vault: LocalVault;
  readonly remote: Remote;
  readonly base: BaseStore;
  /** Copies that stay in the history. */
  readonly retention: number;
}

/** How a run ended where nothing failed. */
export type SyncOutcome =
  | { readonly type: 'nothing' }
  | { readonly type: 'agreed'; readonly version: RemoteVersion }
  | { readonly type: 'pushed'; readonly version: RemoteVersion }
  | { readonly type: 'pulled'; readonly version: RemoteVersion }
  /** Somebody else changed the remote or the file meanwhile; nothing was replaced, and the next run sees it. */
  | { readonly type: 'raced' }
  /** The service ignores conditions. */
  | { readonly type: 'by-hand-only'; readonly reason: string }
  /** Only looked at: there is something to push. */
  | { readonly type: 'to-push' }
  | {
      readonly type: 'offer-pull' | 'conflict' | 'ask-adopt' | 'other-vault';
      readonly local: LocalVersion | null;
      readonly remote: RemoteVersion;
    };

/**
 * Who asked for a push. `loop`: nobody, so that services which ignore conditions are left alone; `person`: those are pushed
 * to as well; `look`: nothing is pushed at all.
 */
export type PushKind = 'loop' | 'person' | 'look';

/** Compares both sides and pushes where that is safe. */
export async function runPush(ports: SyncPorts, kind: PushKind, signal: AbortSignal): Promise<SyncOutcome> {
  const base = await ports.base.read();
  const local = await ports.vault.look();
  const remote = await ports.remote.head(signal);
  const action = planPush(base, local, remote);
  switch (action.type) {
    case 'nothing':
      return { type: 'nothing' };
    case 'agree':
      await agree(ports, base, { etag: action.etag, contentHash: local?.contentHash ?? null });
      // Both sides agree only where the remote has something.
      return remote === null ? { type: 'nothing' } : { type: 'agreed', version: remote };
    case 'push': {
      if (kind === 'look') return { type: 'to-push' };
      const reason = kind === 'person' ? null : await ports.remote.byHandReason(signal);
      return reason === null ? await push(ports, base, action.condition, signal) : { type: 'by-hand-only', reason };
    }
    default: {
      const type = action.type === 'refuse-other-vault' ? 'other-vault' : action.type;
      return remote === null ? { type: 'nothing' } : { type, local, remote };
    }
  }
}

async function push(
  ports: SyncPorts,
  base: BaseVersion,
  condition: PushCondition,
  signal: AbortSignal,
): Promise<SyncOutcome> {
  const file = await ports.vault.read();
  if (file === null) return { type: 'raced' };
  // Before the latest moves: were we killed after it, we would know our own version again.
  await ports.base.write({ ...base, pushing: file.contentHash });
  const version = await ports.remote.push(file, condition, signal);
  if (version === null) return { type: 'raced' };
  await agree(ports, base, { etag: version.etag, contentHash: file.contentHash });
  await pruneHistory(ports.remote, ports.retention, signal);
  return { type: 'pushed', version };
}

async function agree(
  { base: store }: SyncPorts,
  base: BaseVersion,
  now: Pick<BaseVersion, 'etag' | 'contentHash'> & Partial<Pick<BaseVersion, 'isAdopted'>>,
): Promise<void> {
  const next = { ...base, ...now, pushing: null };
  if (!isDeepStrictEqual(next, base)) await store.write(next);
}

/**
 * Takes the remote's version. What is here and was not pushed goes into the remote's history first, so that nothing
 * is lost by the choice.
 * @param etag the version that a person saw; another one is `raced`
 */
export async function pull(ports: SyncPorts, etag: string, signal: AbortSignal): Promise<SyncOutcome> {
  const base = await ports.base.read();
  const local = await ports.vault.look();
  const fetched = await ports.remote.readLatest(signal);
  if (fetched === null) return { type: 'nothing' };
  if (fetched.version.etag !== etag) return { type: 'raced' };
  const refusal = toRefusal(base, local, fetched);
  if (refusal !== null) return refusal;
  await keepUnpushed(ports, base, local, signal);
  const now = await ports.vault.replace(fetched.vault, local);
  // Nothing was here: whoever takes a vault without an id says by that that it is this one.
  const isAdopted = base.isAdopted || (local === null && fetched.version.vaultId === null);
  await agree(ports, base, { etag, contentHash: now.contentHash, isAdopted });
  return { type: 'pulled', version: fetched.version };
}

/**
 * Settles a conflict for the version of this machine. Theirs goes into the history first.
 * @param etag the version that a person saw; another one is `raced`
 */
export async function keepMine(ports: SyncPorts, etag: string, signal: AbortSignal): Promise<SyncOutcome> {
  const base = await ports.base.read();
  const theirs = await ports.remote.readLatest(signal);
  if (theirs?.version.etag !== etag) return { type: 'raced' };
  const refusal = toRefusal(base, await ports.vault.look(), theirs);
  if (refusal !== null) return refusal;
  await ports.remote.keep(theirs.vault, signal);
  return await push(ports, base, { kind: 'match', etag }, signal);
}

/** Brings a version of the history back to this machine; the one that is here is saved first. The next run pushes it. */
export async function restore(ports: SyncPorts, name: string, signal: AbortSignal): Promise<LocalVersion> {
  const base = await ports.base.read();
  const local = await ports.vault.look();
  const wanted = await ports.remote.readHistory(name, signal);
  await keepUnpushed(ports, base, local, signal);
  return await ports.vault.replace(wanted, local);
}

/** A person said that a place whose objects carry no vault id is this vault's. */
export async function adopt({ base }: SyncPorts): Promise<void> {
  await base.write({ ...(await base.read()), isAdopted: true });
}

/** What a person has to be told before either side may replace the other; null where they are the same vault. */
function toRefusal(base: BaseVersion, local: LocalVersion | null, { version }: FetchedVault): SyncOutcome | null {
  const { type } = planPush(base, local, version);
  if (type === 'refuse-other-vault') return { type: 'other-vault', local, remote: version };
  return type === 'ask-adopt' ? { type, local, remote: version } : null;
}

async function keepUnpushed(
  { vault, remote }: SyncPorts,
  base: BaseVersion,
  local: LocalVersion | null,
  signal: AbortSignal,
): Promise<void> {
  if (local === null || local.contentHash === base.contentHash) return;
  const file = await vault.read();
  if (file !== null) await remote.keep(file, signal);
}
