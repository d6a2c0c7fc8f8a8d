import { assertNever } from '../../../main/engine/assert-never.ts';

/** Where a connection's bytes stand: in a head, in a body of known length, in chunks, or past all HTTP (hijacked). */
type Place =
  | { readonly kind: 'head' }
  | { readonly kind: 'body'; readonly leftBytes: number }
  | { readonly kind: 'chunk-size' }
  | { readonly kind: 'chunk'; readonly leftBytes: number }
  | { readonly kind: 'trailer' }
  | { readonly kind: 'hijacked' };

/**
 * Finds the requests in what an HTTP client sends over one connection, kept alive or not.
 * @param onRequest called with method and path, such as `GET /containers/json?all=true`
 * @returns takes the next bytes
 */
export function createRequestCounter(onRequest: (request: string) => void): (bytes: Buffer) => void {
  let pending = Buffer.alloc(0);
  let place: Place = { kind: 'head' };
  /** Up to the next end of a line, or of the head; null while it has not come. */
  const take = (end: string): string | null => {
    const length = pending.indexOf(end);
    if (length < 0) return null;
    const text = pending.toString('latin1', 0, length);
    pending = pending.subarray(length + end.length);
    return text;
  };
  const skip = (wantedBytes: number): number => {
    const skippedBytes = Math.min(wantedBytes, pending.length);
    pending = pending.subarray(skippedBytes);
    return wantedBytes - skippedBytes;
  };
  /** One step forward; null while bytes are missing. */
  const step = (): Place | null => {
    switch (place.kind) {
      case 'head': {
        const head = take('\r\n\r\n');
        if (head === null) return null;
        const [method = '', target = ''] = head.split('\r\n', 1)[0]?.split(' ') ?? [];
        onRequest(`${method} ${target}`);
        return toBody(head);
      }
      case 'body':
      case 'chunk': {
        const leftBytes = skip(place.leftBytes);
        if (leftBytes > 0) {
          place = { kind: place.kind, leftBytes };
          return null;
        }
        return { kind: place.kind === 'body' ? 'head' : 'chunk-size' };
      }
      case 'chunk-size': {
        const size = take('\r\n');
        if (size === null) return null;
        const sizeBytes = Number.parseInt(size, 16);
        const lineEndBytes = 2;
        return sizeBytes === 0 ? { kind: 'trailer' } : { kind: 'chunk', leftBytes: sizeBytes + lineEndBytes };
      }
      case 'trailer': {
        const line = take('\r\n');
        if (line === null) return null;
        return line === '' ? { kind: 'head' } : place;
      }
      case 'hijacked':
        pending = Buffer.alloc(0);
        return null;
      default:
        return assertNever(place);
    }
  };
  return (bytes) => {
    pending = Buffer.concat([pending, bytes]);
    for (let next = step(); next !== null; next = step()) place = next;
  };
}

function toBody(head: string): Place {
  if (/^upgrade:/imu.test(head)) return { kind: 'hijacked' };
  if (/^transfer-encoding:.*chunked/imu.test(head)) return { kind: 'chunk-size' };
  const length = /^content-length:\s*(?<bytes>\d+)/imu.exec(head)?.groups?.['bytes'];
  return length === undefined || length === '0' ? { kind: 'head' } : { kind: 'body', leftBytes: Number(length) };
}
