/**
 * Finds the last word of a program's wrapper in its output: `\x1eNONCE:CODE\x1e`, where the nonce is a session's own and
 * known to nobody in the container. The marker comes after the last byte of output, so finding it proves that every byte
 * was read; node-pty's own exit event does not (it may come first, and drops what is still unread).
 */
export interface EndMarkerScan {
  /** Output to pass on; bytes that may be the marker's beginning are held back. */
  readonly output: Uint8Array;
  /** The exit code once the marker was found. */
  readonly exitCode: number | null;
}

const separator = 0x1e;
/** Longest exit code in digits. */
const maxCodeDigits = 3;

export interface EndMarkerScanner {
  scan(chunk: Buffer): EndMarkerScan;
  /** What is still held back, when no more will come. */
  rest(): Uint8Array;
}

export function createEndMarkerScanner(nonce: string): EndMarkerScanner {
  const begin = Buffer.from(`\u001e${nonce}:`, 'latin1');
  let held: Buffer = Buffer.alloc(0);
  const scan = (chunk: Buffer): EndMarkerScan => {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const at = bytes.indexOf(begin);
    if (at >= 0) {
      const end = bytes.indexOf(separator, at + begin.length);
      if (end < 0 && bytes.length - at - begin.length <= maxCodeDigits) {
        held = bytes.subarray(at);
        return { output: bytes.subarray(0, at), exitCode: null };
      }
      held = Buffer.alloc(0);
      return { output: bytes.subarray(0, at), exitCode: Number(bytes.toString('latin1', at + begin.length, end)) };
    }
    const keep = heldLength(bytes, begin);
    held = bytes.subarray(bytes.length - keep);
    return { output: bytes.subarray(0, bytes.length - keep), exitCode: null };
  };
  return { scan, rest: () => held };
}

/** How many bytes at the end could be the marker's beginning. */
function heldLength(bytes: Buffer, begin: Buffer): number {
  const last = bytes.lastIndexOf(separator);
  if (last < 0 || bytes.length - last >= begin.length) return 0;
  return begin.subarray(0, bytes.length - last).equals(bytes.subarray(last)) ? bytes.length - last : 0;
}
