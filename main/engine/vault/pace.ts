import { setImmediate } from 'node:timers/promises';

/** Long work on bytes goes on in slices, so that the event loop is never held for longer than this. */
const maxTurnMs = 4;

/** Bytes worked on between two looks at the clock. */
export const sliceBytes = 256 * 1024;

/** Call it between slices: it lets the event loop turn whenever this turn took long enough. */
export type Pace = () => Promise<void>;

/** Starts a turn. */
export function startPace(): Pace {
  let turnStartMs = performance.now();
  return async () => {
    if (performance.now() - turnStartMs < maxTurnMs) return;
    await setImmediate();
    turnStartMs = performance.now();
  };
}

/** Parts of at most `sliceBytes`, sharing the memory of `bytes`. */
export function* slicesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}

/** Bytes of all chunks together. */
export function lengthOf(chunks: Iterable<Uint8Array>): number {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  return length;
}

/** Overwrites bytes that held plaintext. */
export async function wipe(chunks: Iterable<Uint8Array>): Promise<void> {
  const pace = startPace();
  for (const chunk of chunks) {
    for (const slice of slicesOf(chunk)) {
      slice.fill(0);
      await pace();
    }
  }
}

/** Whether both hold the same bytes. */
export async function isEqual(one: Uint8Array, other: Uint8Array): Promise<boolean> {
  if (one.length !== other.length) return false;
  const pace = startPace();
  for (let at = 0; at < one.length; at += sliceBytes) {
    const end = at + sliceBytes;
    if (Buffer.compare(one.subarray(at, end), other.subarray(at, end)) !== 0) return false;
    await pace();
  }
  return true;
}
