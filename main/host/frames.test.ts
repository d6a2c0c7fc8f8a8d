import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeJsonFrame,
  encodeSessionFrames,
  FrameDecoder,
  FrameError,
  maxSessionBytes,
  type Frame,
} from './frames.ts';

const message = fc.oneof(
  fc.record({ json: fc.jsonValue() }),
  fc.record({
    session: fc.nat(0xffff_ffff),
    stream: fc.constantFrom('output' as const, 'error' as const),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  }),
);

function split(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

/** Feeds a stream in pieces and collects what comes out. */
function decodeAll(decoder: FrameDecoder, stream: Uint8Array, sizes: readonly number[]): Frame[] {
  const frames: Frame[] = [];
  for (const part of split(stream, sizes)) for (const frame of decoder.decode(part)) frames.push(frame);
  return frames;
}

describe('frames', () => {
  it('come out as they went in, however the stream is split', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1 }),
        (messages, sizes) => {
          const frames = messages.flatMap((item) =>
            'json' in item ? [encodeJsonFrame(item.json)] : encodeSessionFrames(item.session, item.bytes, item.stream),
          );
          const found = decodeAll(new FrameDecoder(), Buffer.concat(frames), sizes);
          const expected = messages.map((item): Frame =>
            'json' in item
              ? { kind: 'json', value: JSON.parse(JSON.stringify(item.json)) as unknown }
              : { kind: 'session', session: item.session, stream: item.stream, bytes: Buffer.from(item.bytes) },
          );
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  it('cut long session output into several', () => {
    const frames = encodeSessionFrames(5, new Uint8Array(maxSessionBytes + 3).fill(7));
    expect(frames.map((frame) => frame.length)).toEqual([maxSessionBytes + 9, 12]);
    expect(encodeSessionFrames(5, new Uint8Array())).toEqual([]);
  });

  it.each([
    ['an unknown kind', [0, 0, 0, 1, 9]],
    ['no kind', [0, 0, 0, 0, 0]],
    ['empty JSON', [0, 0, 0, 1, 0]],
    ['too long JSON', [0xff, 0xff, 0xff, 0xff, 0]],
    ['a too long session frame', [0x00, 0x20, 0, 0, 1]],
    ['a session frame without its number', [0, 0, 0, 3, 1, 0, 0]],
    ['a too long frame of error output', [0x00, 0x20, 0, 0, 2]],
    ['a frame of error output without its number', [0, 0, 0, 3, 2, 0, 0]],
    ['JSON that does not parse', [0, 0, 0, 2, 0, 0x7b]],
  ])('refuse %s', (_name, bytes) => {
    expect(() => [...new FrameDecoder().decode(Uint8Array.from(bytes))]).toThrow(FrameError);
  });

  it('refuse more JSON than this side takes, by the head alone', () => {
    const frame = encodeJsonFrame('x'.repeat(100));
    expect(() => [...new FrameDecoder(50).decode(frame.subarray(0, 5))]).toThrow(FrameError);
    expect([...new FrameDecoder(102).decode(frame)]).toHaveLength(1);
  });

  it('take a long frame in many pieces without copying it each time', () => {
    const frame = encodeJsonFrame('x'.repeat(4 * 1024 * 1024));
    const began = performance.now();
    const found = decodeAll(new FrameDecoder(), frame, [1024]);
    expect(found).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
