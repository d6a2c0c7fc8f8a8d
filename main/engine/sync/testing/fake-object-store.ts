import { createHash } from 'node:crypto';
import type { NewObject, ObjectStore, StoredObject, WriteCondition } from '../remotes/object-store.ts';

/** What the fake makes of conditions: services differ. */
export type FakeConditions = 'quoted' | 'unquoted' | 'both' | 'ignored';

/** An in-memory fake of an S3 service, for what no real one can be made to do. */
export interface FakeObjectStore extends ObjectStore {
  readonly requests: readonly string[];
  readonly keys: () => readonly string[];
  /** The next PUT of a key that ends so is done, but its answer is lost and the SDK asks again. */
  loseAnswerOf(end: string): void;
  /** The next PUT of a key that ends so stores half of its bytes. */
  damage(end: string): void;
}

/** @param conditions which form of If-Match it understands */
export function openFakeObjectStore(conditions: FakeConditions, nowMs: () => number): FakeObjectStore {
  const objects = new Map<string, { readonly bytes: Uint8Array; readonly object: StoredObject }>();
  const requests: string[] = [];
  let lostEnd: string | null = null;
  let damagedEnd: string | null = null;
  const holds = (key: string, condition: WriteCondition): boolean => {
    if (conditions === 'ignored' || condition.kind === 'none') return true;
    const etag = objects.get(key)?.object.etag;
    if (condition.kind === 'absent') return etag === undefined;
    const isUnderstood = conditions === 'both' || (conditions === 'quoted') === condition.isQuoted;
    return isUnderstood && etag === condition.etag;
  };
  const put = (key: string, { bytes, metadata }: NewObject, condition: WriteCondition): string | null => {
    if (!holds(key, condition)) return null;
    const isDamaged = damagedEnd !== null && key.endsWith(damagedEnd);
    if (isDamaged) damagedEnd = null;
    const stored = Uint8Array.from(isDamaged ? bytes.subarray(0, bytes.length / 2) : bytes);
    const etag = createHash('md5').update(stored).digest('hex');
    objects.set(key, {
      bytes: stored,
      object: { etag, sizeBytes: stored.length, timeMs: nowMs(), metadata: { ...metadata } },
    });
    return etag;
  };
  return {
    requests,
    keys: () => [...objects.keys()].toSorted(),
    loseAnswerOf: (end) => {
      lostEnd = end;
    },
    damage: (end) => {
      damagedEnd = end;
    },
    head: async (key) => {
      requests.push(`HEAD ${key}`);
      return objects.get(key)?.object ?? null;
    },
    get: async (key) => {
      requests.push(`GET ${key}`);
      return objects.get(key) ?? null;
    },
    put: async (key, object, condition) => {
      requests.push(`PUT ${key}`);
      const etag = put(key, object, condition);
      if (lostEnd === null || !key.endsWith(lostEnd)) return etag;
      lostEnd = null;
      return put(key, object, condition);
    },
    list: async (prefix) => {
      requests.push(`LIST ${prefix}`);
      const found = [...objects].filter(([key]) => key.startsWith(prefix));
      return found.map(([key, { bytes }]) => ({ key, sizeBytes: bytes.length }));
    },
    remove: async (key) => {
      requests.push(`DELETE ${key}`);
      objects.delete(key);
    },
  };
}
