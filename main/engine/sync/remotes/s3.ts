import { failWith } from '../../failure.ts';
import { sortHistory, toHistoryName } from '../history.ts';
import type { PushCondition } from '../plan.ts';
import type { FetchedVault, Remote } from '../remote.ts';
import type { RemoteVersion, VaultFile } from '../version.ts';
import { fromHistoryFile, historyFolder, latestName, toContentHash, toHistoryFile, toVaultId } from './names.ts';
import type { ObjectStore, StoredObject, WriteCondition } from './object-store.ts';
import { probeConditions, type Conditions } from './probe.ts';

/** Where in a bucket, and by which clock. */
export interface S3RemoteOptions {
  /** For people, without credentials. */
  readonly shown: string;
  /** Without slashes at its ends. */
  readonly prefix: string;
  readonly nowMs: () => number;
}

/** Vaults below a prefix of a bucket. */
export function openS3Remote(store: ObjectStore, { shown, prefix, nowMs }: S3RemoteOptions): Remote {
  const latest = `${prefix}/${latestName}`;
  const history = `${prefix}/${historyFolder}/`;
  let probed: Promise<Conditions> | null = null;
  const probe = async (signal: AbortSignal): Promise<Conditions> => {
    // A probe that failed says nothing about the service: the next one asks again.
    probed ??= probeConditions(store, prefix, signal).catch((error: unknown) => {
      probed = null;
      throw error;
    });
    return await probed;
  };
  const head = async (signal: AbortSignal): Promise<RemoteVersion | null> => {
    const object = await store.head(latest, signal);
    return object === null ? null : toVersion(object);
  };
  const keep = async (vault: VaultFile, parent: string | null, signal: AbortSignal): Promise<void> => {
    const { isHonoured } = await probe(signal);
    const object = { bytes: vault.bytes, metadata: toMetadata(vault, parent) };
    const timeMs = nowMs();
    for (let n = 1; ; n += 1) {
      const key = history + toHistoryFile(toHistoryName(timeMs, n));
      if (!isHonoured && (await store.head(key, signal)) !== null) continue;
      if ((await store.put(key, object, isHonoured ? { kind: 'absent' } : { kind: 'none' }, signal)) === null) continue;
      const back = await store.get(key, signal);
      if (back !== null && Buffer.compare(back.bytes, vault.bytes) === 0) return;
      throw failWith('sync-copy-damaged', { remote: shown, name: toHistoryName(timeMs, n) });
    }
  };
  return {
    shown,
    head,
    readLatest: async (signal): Promise<FetchedVault | null> => {
      const found = await store.get(latest, signal);
      return found === null ? null : { version: toVersion(found.object), vault: toVault(found) };
    },
    readHistory: async (name, signal) => {
      const isName = fromHistoryFile(toHistoryFile(name)) !== null;
      const found = isName ? await store.get(history + toHistoryFile(name), signal) : null;
      if (found === null) throw failWith('version-unknown', { remote: shown, name });
      return toVault(found);
    },
    listHistory: async (signal) =>
      sortHistory(
        (await store.list(history, signal)).flatMap(({ key, sizeBytes }) => {
          const entry = fromHistoryFile(key.slice(history.length));
          return entry === null ? [] : [{ ...entry, sizeBytes }];
        }),
      ),
    keep: async (vault, signal) => await keep(vault, null, signal),
    push: async (vault, condition, signal) => {
      const conditions = await probe(signal);
      if (!(await isAsExpected(store, latest, condition, signal))) return await ourOwn(head, vault, condition, signal);
      const parent = condition.kind === 'match' ? condition.etag : null;
      await keep(vault, parent, signal);
      // A service without conditions is asked once more, right before: the gap is as small as it can be.
      if (!conditions.isHonoured && !(await isAsExpected(store, latest, condition, signal))) return null;
      const metadata = toMetadata(vault, parent);
      const etag = await store.put(
        latest,
        { bytes: vault.bytes, metadata },
        toWriteCondition(condition, conditions),
        signal,
      );
      if (etag === null) return await ourOwn(head, vault, condition, signal);
      return toVersion({ etag, sizeBytes: vault.bytes.length, timeMs: nowMs(), metadata });
    },
    removeHistory: async (names, signal) => {
      for (const name of names) {
        const file = toHistoryFile(name);
        if (fromHistoryFile(file) === null) throw failWith('version-unknown', { remote: shown, name });
        await store.remove(history + file, signal);
      }
    },
    byHandReason: async (signal) => (await probe(signal)).reason,
  };
}

/** Spares a copy in the history where the latest already moved on. */
async function isAsExpected(
  store: ObjectStore,
  key: string,
  condition: PushCondition,
  signal: AbortSignal,
): Promise<boolean> {
  const object = await store.head(key, signal);
  return condition.kind === 'absent' ? object === null : object?.etag === condition.etag;
}

/** A request whose answer was lost is sent again and then refused because it had worked: that is ours, not somebody's. */
async function ourOwn(
  head: Remote['head'],
  { bytes, contentHash, vaultId }: VaultFile,
  condition: PushCondition,
  signal: AbortSignal,
): Promise<RemoteVersion | null> {
  const version = await head(signal);
  if (version === null || contentHash === null || version.contentHash !== contentHash) return null;
  const parents = condition.kind === 'match' ? [condition.etag] : [];
  const isOurs =
    version.vaultId === vaultId && version.sizeBytes === bytes.length && version.parents.join() === parents.join();
  return isOurs ? version : null;
}

function toWriteCondition(condition: PushCondition, { isHonoured, isQuoted }: Conditions): WriteCondition {
  if (!isHonoured) return { kind: 'none' };
  return condition.kind === 'absent' ? condition : { ...condition, isQuoted };
}

function toMetadata({ contentHash, vaultId, machine }: VaultFile, parent: string | null): Record<string, string> {
  return {
    ...(contentHash === null ? {} : { 'content-sha256': contentHash }),
    ...(vaultId === null ? {} : { 'vault-id': vaultId }),
    // Headers are ASCII.
    ...(machine === null ? {} : { machine: encodeURIComponent(machine) }),
    ...(parent === null ? {} : { parent }),
  };
}

function toVersion({ etag, sizeBytes, timeMs, metadata }: StoredObject): RemoteVersion {
  const { parent } = metadata;
  const parents = parent === undefined ? [] : [parent];
  return { etag, sizeBytes, timeMs, parents, isForked: false, ...toFacts(metadata) };
}

function toVault({ object, bytes }: { readonly object: StoredObject; readonly bytes: Uint8Array }): VaultFile {
  return { bytes, ...toFacts(object.metadata) };
}

function toFacts(metadata: StoredObject['metadata']): Pick<VaultFile, 'contentHash' | 'vaultId' | 'machine'> {
  return {
    contentHash: toContentHash(metadata['content-sha256']),
    vaultId: toVaultId(metadata['vault-id']),
    machine: decodeMachine(metadata['machine']),
  };
}

function decodeMachine(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    // Somebody else's spelling: shown as it is.
    return text;
  }
}
