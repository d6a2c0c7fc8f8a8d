import { randomBytes } from 'node:crypto';
import type { ObjectStore, WriteCondition } from './object-store.ts';

/** What a service makes of conditional writes. */
export interface Conditions {
  readonly isHonoured: boolean;
  /** It wants the ETag of If-Match in quotes, as HTTP says. */
  readonly isQuoted: boolean;
  /** Why it is pushed to by hand only; null where conditions hold. */
  readonly reason: string | null;
}

const absent: WriteCondition = { kind: 'absent' };
const refuse = (reason: string): Conditions => ({ isHonoured: false, isQuoted: true, reason });

/** Tries conditional writes on an object of its own below the prefix, and removes it again. */
export async function probeConditions(store: ObjectStore, prefix: string, signal: AbortSignal): Promise<Conditions> {
  const key = `${prefix}/probe-${randomBytes(8).toString('hex')}`;
  try {
    return await tryConditions(store, key, signal);
  } finally {
    // A few bytes that can't be removed must not hide what the probe found, nor keep a vault from being pushed.
    await store.remove(key, signal).catch(() => undefined);
  }
}

async function tryConditions(store: ObjectStore, key: string, signal: AbortSignal): Promise<Conditions> {
  const put = async (text: string, condition: WriteCondition): Promise<string | null> =>
    await store.put(key, { bytes: Buffer.from(text), metadata: {} }, condition, signal);
  const first = await put('1', absent);
  if (first === null) return refuse('the service refuses to write what is not there yet');
  if ((await put('2', absent)) !== null) return refuse('the service ignores If-None-Match');
  for (const isQuoted of [true, false]) {
    // Some compare the quotes too: then even the right ETag is refused, and the other form is tried.
    const etag = await put(`3${isQuoted}`, { kind: 'match', etag: first, isQuoted });
    if (etag === null) continue;
    if ((await put('4', { kind: 'match', etag: first, isQuoted })) !== null)
      return refuse('the service ignores If-Match');
    return { isHonoured: true, isQuoted, reason: null };
  }
  return refuse('the service refuses If-Match even for the right version');
}
