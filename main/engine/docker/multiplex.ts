import type { OutputStream } from '../../../preload/contract/session.ts';
import type { OutputPart, OutputSplitter } from '../engine.ts';

/**
 * Docker's multiplexed streams: frames of an 8-byte header (kind, three zero bytes, u32 big-endian length) and the bytes
 * of that length. Kind 2 is the error output; 0 and 1 are the other one. Containers and programs with a terminal send
 * plain bytes instead.
 */
const headerBytes = 8;
const kindError = 2;

/** Neighbouring parts of the same output come joined. */
export function createOutputSplitter(): OutputSplitter {
  const read = createFrameReader();
  return (chunk) => {
    const runs: { readonly stream: OutputStream; readonly parts: Buffer[] }[] = [];
    for (const { stream, bytes } of read(chunk)) {
      const last = runs.at(-1);
      if (last?.stream === stream) last.parts.push(bytes);
      else runs.push({ stream, parts: [bytes] });
    }
    return runs.map(({ stream, parts }) => ({ stream, bytes: joined(parts) }));
  };
}

/** Takes chunks as they come, split anywhere; gives the payload bytes of both streams in order. */
export function createDemultiplexer(): (chunk: Buffer) => Buffer {
  const read = createFrameReader();
  return (chunk) => joined(read(chunk).map(({ bytes }) => bytes));
}

function joined(parts: readonly Buffer[]): Buffer {
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : Buffer.concat(parts);
}

/** The payload of each frame, or the part of it that a chunk holds. */
function createFrameReader(): OutputSplitter {
  let rest: Buffer = Buffer.alloc(0);
  let open = 0;
  let stream: OutputStream = 'output';
  return (chunk) => {
    const input = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const parts: OutputPart[] = [];
    let at = 0;
    for (;;) {
      if (open === 0) {
        if (input.length - at < headerBytes) break;
        stream = input[at] === kindError ? 'error' : 'output';
        open = input.readUInt32BE(at + 4);
        at += headerBytes;
      }
      const bytes = input.subarray(at, at + open);
      if (bytes.length > 0) parts.push({ stream, bytes });
      at += bytes.length;
      open -= bytes.length;
      if (open > 0) break;
    }
    rest = input.subarray(at);
    return parts;
  };
}
