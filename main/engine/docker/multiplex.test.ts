import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDemultiplexer, createOutputSplitter } from './multiplex.ts';

test('gives the payload of both streams whatever the chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.uint8Array({ maxLength: 300 })), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
      (frames, sizes) => {
        const wire = Buffer.concat(
          frames.map(([kind, bytes]) => {
            const header = Buffer.alloc(8);
            header[0] = kind;
            header.writeUInt32BE(bytes.length, 4);
            return Buffer.concat([header, bytes]);
          }),
        );
        const demultiplex = createDemultiplexer();
        const split = createOutputSplitter();
        const out: Buffer[] = [];
        const apart = { output: [] as Buffer[], error: [] as Buffer[] };
        for (let at = 0, turn = 0; at < wire.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          out.push(demultiplex(wire.subarray(at, at + size)));
          const parts = split(wire.subarray(at, at + size));
          for (const { stream, bytes } of parts) apart[stream].push(bytes);
          // Neighbours are joined: outputs alternate.
          expect(parts.some(({ stream }, index) => parts[index + 1]?.stream === stream)).toBe(false);
          at += size;
        }
        const of = (isError: boolean): Buffer =>
          Buffer.concat(frames.filter(([kind]) => (kind === 2) === isError).map(([, bytes]) => bytes));
        expect([Buffer.concat(apart.output), Buffer.concat(apart.error)]).toEqual([of(false), of(true)]);
        expect(Buffer.concat(out)).toEqual(Buffer.concat(frames.map(([, bytes]) => bytes)));
      },
    ),
  );
});
