import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEndMarkerScanner } from './end-marker.ts';

const nonce = '0123456789abcdef';

/** Feeds bytes in pieces of the given sizes. */
function feed(bytes: Buffer, sizes: readonly number[]): { output: string; exitCode: number | null } {
  const marker = createEndMarkerScanner(nonce);
  const parts: Uint8Array[] = [];
  let exitCode: number | null = null;
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    const found = marker.scan(bytes.subarray(at, at + size));
    parts.push(found.output);
    exitCode ??= found.exitCode;
    at += size;
  }
  parts.push(marker.rest());
  return { output: Buffer.concat(parts).toString('latin1'), exitCode };
}

test('passes everything on and finds the code, however the bytes are split', () => {
  const text = fc
    .string({ unit: fc.constantFrom('\u001e', ...Array.from('abcdef0123456789:\n')), maxLength: 60 })
    .filter((one) => !one.includes(`\u001e${nonce}:`));
  fc.assert(
    fc.property(
      text,
      fc.integer({ min: 0, max: 255 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
      (output, code, sizes) => {
        const bytes = Buffer.from(`${output}\u001e${nonce}:${code}\u001e`, 'latin1');
        expect(feed(bytes, sizes)).toEqual({ output, exitCode: code });
      },
    ),
  );
});

test('a marker with another nonce is output', () => {
  const forged = '\u001effffffffffffffff:0\u001e';
  expect(feed(Buffer.from(forged), [3])).toEqual({ output: forged, exitCode: null });
});
