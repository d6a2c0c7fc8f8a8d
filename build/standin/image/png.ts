import { crc32, deflateSync, inflateSync } from 'node:zlib';

export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Four bytes each: red, green, blue, alpha. */
  readonly rgba: Uint8Array;
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** Samples per pixel by PNG's colour type. */
const channelsOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colorType: number;
}

/**
 * Decodes the PNGs that icons are: one to eight bits a sample, not interlaced.
 * @returns null where it is something else
 */
export function decodePng(file: Buffer): Pixels | null {
  if (!file.subarray(0, 8).equals(signature)) return null;
  const chunks = readChunks(file);
  const head = chunks.find(({ type }) => type === 'IHDR')?.data;
  if (head === undefined || head.length < 13) return null;
  const header = {
    width: head.readUInt32BE(0),
    height: head.readUInt32BE(4),
    depth: head.readUInt8(8),
    colorType: head.readUInt8(9),
  };
  const channels = channelsOf[header.colorType];
  if (channels === undefined || header.depth > 8 || head.readUInt8(12) !== 0) return null;
  const data = chunks.filter(({ type }) => type === 'IDAT').map((part) => part.data);
  const find = (type: string): Buffer => chunks.find((part) => part.type === type)?.data ?? Buffer.alloc(0);
  try {
    const samples = unfilter(inflateSync(Buffer.concat(data)), header, channels);
    return toPixels(samples, header, channels, find('PLTE'), find('tRNS'));
  } catch {
    return null;
  }
}

function readChunks(file: Buffer): readonly { readonly type: string; readonly data: Buffer }[] {
  const chunks: { readonly type: string; readonly data: Buffer }[] = [];
  for (let offset = 8; offset + 12 <= file.length;) {
    const length = file.readUInt32BE(offset);
    const type = file.toString('latin1', offset + 4, offset + 8);
    chunks.push({ type, data: file.subarray(offset + 8, offset + 8 + length) });
    offset += 12 + length;
  }
  return chunks;
}

/** Takes each row's filter back (PNG, section 9) and gives one byte per sample. */
function unfilter(packed: Buffer, { width, height, depth }: Header, channels: number): Uint8Array {
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  const pixelBytes = Math.max(1, (channels * depth) >> 3);
  const rows = new Uint8Array(rowBytes * height);
  for (let y = 0; y < height; y += 1) {
    const filter = packed[y * (rowBytes + 1)] ?? 0;
    for (let x = 0; x < rowBytes; x += 1) {
      const at = y * rowBytes + x;
      const left = x >= pixelBytes ? (rows[at - pixelBytes] ?? 0) : 0;
      const up = y > 0 ? (rows[at - rowBytes] ?? 0) : 0;
      const upLeft = y > 0 && x >= pixelBytes ? (rows[at - rowBytes - pixelBytes] ?? 0) : 0;
      rows[at] = (packed[y * (rowBytes + 1) + 1 + x] ?? 0) + predict(filter, left, up, upLeft);
    }
  }
  return depth === 8 ? rows : spread(rows, width * channels, height, rowBytes, depth);
}

function predict(filter: number, left: number, up: number, upLeft: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const estimate = left + up - upLeft;
      const toLeft = Math.abs(estimate - left);
      const toUp = Math.abs(estimate - up);
      const toUpLeft = Math.abs(estimate - upLeft);
      if (toLeft <= toUp && toLeft <= toUpLeft) return left;
      return toUp <= toUpLeft ? up : upLeft;
    }
    default:
      return 0;
  }
}

function spread(rows: Uint8Array, perRow: number, height: number, rowBytes: number, depth: number): Uint8Array {
  const samples = new Uint8Array(perRow * height);
  const mask = (1 << depth) - 1;
  for (let index = 0; index < samples.length; index += 1) {
    const bit = (index % perRow) * depth;
    const byte = rows[Math.floor(index / perRow) * rowBytes + (bit >> 3)] ?? 0;
    samples[index] = (byte >> (8 - depth - (bit & 7))) & mask;
  }
  return samples;
}

function toPixels(
  samples: Uint8Array,
  header: Header,
  channels: number,
  palette: Buffer,
  transparency: Buffer,
): Pixels {
  const { width, height, depth, colorType } = header;
  // As they are: all our own pictures.
  if (channels === 4 && samples.length === width * height * 4) return { width, height, rgba: samples };
  const rgba = new Uint8Array(width * height * 4);
  const grayScale = 255 / ((1 << depth) - 1);
  for (let index = 0; index < width * height; index += 1) {
    const [first = 0, second = 0, third = 0, fourth = 255] = samples.subarray(index * channels, (index + 1) * channels);
    if (colorType === 3)
      rgba.set([...palette.subarray(first * 3, first * 3 + 3), transparency[first] ?? 255], index * 4);
    else if (channels <= 2)
      rgba.set(
        [first, first, first].map((gray) => gray * grayScale),
        index * 4,
      );
    else rgba.set([first, second, third], index * 4);
    if (channels <= 2 && colorType !== 3) rgba[index * 4 + 3] = channels === 2 ? second : 255;
    if (channels >= 3) rgba[index * 4 + 3] = fourth;
  }
  return { width, height, rgba };
}

export function encodePng({ width, height, rgba }: Pixels): Buffer {
  const rows = Buffer.alloc((width * 4 + 1) * height);
  for (let y = 0; y < height; y += 1)
    rows.set(rgba.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
