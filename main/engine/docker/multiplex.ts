/**
 * Docker's multiplexed streams: frames of an 8-byte header (kind 0 to 2, three zero bytes, u32 big-endian length) and
 * the bytes of that length. Containers with a terminal send plain bytes instead.
 */
const headerBytes = 8;

/** Takes chunks as they come, split anywhere; gives the payload bytes of both streams in order. */
export function createDemultiplexer(): (chunk: Buffer) => Buffer {
  let rest: Buffer = Buffer.alloc(0);
  let open = 0;
  return (chunk) => {
    const input = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const parts: Buffer[] = [];
    let at = 0;
    for (;;) {
      if (open === 0) {
        if (input.length - at < headerBytes) break;
        open = input.readUInt32BE(at + 4);
        at += headerBytes;
      }
      const part = input.subarray(at, at + open);
      if (part.length > 0) parts.push(part);
      at += part.length;
      open -= part.length;
      if (open > 0) break;
    }
    rest = input.subarray(at);
    return Buffer.concat(parts);
  };
}
