import type { OutputStream } from '../../preload/contract/session.ts';

/**
 * Frames on the host's socket. Each begins with its length (u32, big-endian, what follows the length) and its kind (u8):
 *
 *     0  JSON, UTF-8
 *     1  session bytes: session number (u32, big-endian), then the bytes; a client's are input, the host's are output
 *     2  the same for a program's error output; only the host sends it
 */

/** Fits the snapshot of thousands of projects; more is a broken or hostile peer. */
export const maxJsonBytes = 16 * 1024 * 1024;
/** One frame of session bytes: a few reads' worth, so that snapshots find their turn between them. */
export const maxSessionBytes = 1024 * 1024;

const lengthBytes = 4;
const kindBytes = 1;
const sessionNumberBytes = 4;
const kindJson = 0;
const kindSession = 1;
const kindSessionError = 2;

export type Frame =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'session'; readonly session: number; readonly stream: OutputStream; readonly bytes: Uint8Array };

/** @throws RangeError above `maxJsonBytes`, which no message of ours reaches */
export function encodeJsonFrame(value: unknown): Uint8Array {
  const text = Buffer.from(JSON.stringify(value), 'utf8');
  if (text.length > maxJsonBytes) throw new RangeError(`a message of ${text.length} bytes is too long`);
  return Buffer.concat([frameHead(text.length, kindJson), text]);
}

/**
 * @param session number of the session on this connection, 0 to 2^32 - 1
 * @param bytes of any length; what does not fit one frame goes into more
 */
export function encodeSessionFrames(
  session: number,
  bytes: Uint8Array,
  stream: OutputStream = 'output',
): readonly Uint8Array[] {
  const kind = stream === 'output' ? kindSession : kindSessionError;
  const frames: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += maxSessionBytes) {
    const part = bytes.subarray(start, start + maxSessionBytes);
    const head = frameHead(sessionNumberBytes + part.length, kind, sessionNumberBytes);
    head.writeUInt32BE(session, lengthBytes + kindBytes);
    frames.push(Buffer.concat([head, part]));
  }
  return frames;
}

function frameHead(bodyBytes: number, kind: number, extraBytes = 0): Buffer {
  const head = Buffer.alloc(lengthBytes + kindBytes + extraBytes);
  head.writeUInt32BE(kindBytes + bodyBytes, 0);
  head.writeUInt8(kind, lengthBytes);
  return head;
}

/** What a peer sent is not a frame; the connection can't go on, since nobody knows where the next one begins. */
export class FrameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FrameError';
  }
}

/** Cuts a stream back into frames, however it was split on the way. */
export class FrameDecoder {
  readonly #maxJsonBytes: number;
  #chunks: Buffer[] = [];
  #bufferedBytes = 0;

  /** @param limit most bytes of JSON that this side accepts in one frame */
  constructor(limit: number = maxJsonBytes) {
    this.#maxJsonBytes = limit;
  }

  /**
   * Takes the next bytes of the stream and yields each frame that is complete with them.
   * @throws FrameError where the stream is no sequence of frames; the decoder is of no use afterwards
   */
  *decode(chunk: Uint8Array): Generator<Frame, void, void> {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#bufferedBytes += chunk.byteLength;
    while (this.#bufferedBytes >= lengthBytes + kindBytes) {
      const head = this.#peek(lengthBytes + kindBytes);
      const length = head.readUInt32BE(0);
      const kind = head.readUInt8(lengthBytes);
      // Refused by its head, before a byte of its body is stored.
      this.#checkHead(length, kind);
      if (this.#bufferedBytes < lengthBytes + length) return;
      const body = this.#take(lengthBytes + length).subarray(lengthBytes + kindBytes);
      yield kind === kindJson ? parseJson(body) : parseSession(body, kind);
    }
  }

  #checkHead(length: number, kind: number): void {
    const bodyBytes = length - kindBytes;
    if (kind === kindJson) {
      if (bodyBytes < 1 || bodyBytes > this.#maxJsonBytes) throw new FrameError(`JSON of ${bodyBytes} bytes`);
    } else if (kind === kindSession || kind === kindSessionError) {
      const dataBytes = bodyBytes - sessionNumberBytes;
      if (dataBytes < 0 || dataBytes > maxSessionBytes) throw new FrameError(`session frame of ${dataBytes} bytes`);
    } else {
      throw new FrameError(`frame of unknown kind ${kind}`);
    }
  }

  /** The first bytes, without taking them; joins chunks only as far as needed. */
  #peek(count: number): Buffer {
    while ((this.#chunks[0]?.length ?? count) < count) {
      const [first, second, ...rest] = this.#chunks;
      if (first === undefined || second === undefined) break;
      // A head is 5 bytes: this joins a few tiny chunks at most.
      this.#chunks = [Buffer.concat([first, second]), ...rest];
    }
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  #take(count: number): Buffer {
    const [first] = this.#chunks;
    // Joined once per frame, not once per chunk: a long frame in small pieces stays linear.
    const all = first !== undefined && first.length >= count ? first : Buffer.concat(this.#chunks);
    const rest = first === all ? this.#chunks.slice(1) : [];
    if (all.length > count) rest.unshift(all.subarray(count));
    this.#chunks = rest;
    this.#bufferedBytes -= count;
    return all.subarray(0, count);
  }
}

function parseJson(body: Buffer): Frame {
  try {
    return { kind: 'json', value: JSON.parse(body.toString('utf8')) as unknown };
  } catch {
    throw new FrameError('JSON that does not parse');
  }
}

function parseSession(body: Buffer, kind: number): Frame {
  const stream = kind === kindSession ? 'output' : 'error';
  return { kind: 'session', session: body.readUInt32BE(0), stream, bytes: body.subarray(sessionNumberBytes) };
}
