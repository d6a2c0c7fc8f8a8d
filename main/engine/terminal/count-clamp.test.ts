import { describe, expect, test } from 'vitest';
import { createCountClamp } from './count-clamp.ts';

const encoder = new TextEncoder();

/** What comes out when the text goes in by pieces of so many bytes. */
function clamped(text: string, pieceBytes: number): string {
  const clamp = createCountClamp();
  const bytes = encoder.encode(text);
  const out: number[] = [];
  for (let at = 0; at < bytes.length; at += pieceBytes) out.push(...clamp(bytes.slice(at, at + pieceBytes)));
  return new TextDecoder().decode(Uint8Array.from(out));
}

describe('counts before xterm.js', () => {
  test.each([
    ['x\u001B[2147483647by', 'x\u001B[1024by'],
    ['\u001B[99999S\u001B[99999T', '\u001B[256S\u001B[256T'],
    ['\u001B[99999L\u001B[99999M', '\u001B[256L\u001B[256M'],
    ['\u001B[5000@\u001B[5000P\u001B[5000X', '\u001B[1024@\u001B[1024P\u001B[1024X'],
    ['\u001B[5000I\u001B[5000Z', '\u001B[1024I\u001B[1024Z'],
    ['\u001B[00000000009999b', '\u001B[1024b'],
    ['\u001B\u001B[9999b', '\u001B\u001B[1024b'],
    ['\u001B[12\u001B[9999b', '\u001B[12\u001B[1024b'],
  ])('%j are made smaller, however the bytes are cut', (hostile, harmless) => {
    for (let pieceBytes = 1; pieceBytes <= hostile.length; pieceBytes += 1) {
      expect(clamped(hostile, pieceBytes)).toBe(harmless);
    }
  });

  test.each([
    'plain 99999b [99999b',
    '\u001B[1024b\u001B[256S\u001B[b',
    '\u001B[?2004h\u001B[38;5;99999m\u001B[9999;9999H\u001B[9999B',
    '\u001B]0;title 99999b\u0007日本語\u001B(B',
  ])('%j comes out as it went in, however the bytes are cut', (harmless) => {
    for (let pieceBytes = 1; pieceBytes <= harmless.length; pieceBytes += 1) {
      expect(clamped(harmless, pieceBytes)).toBe(harmless);
    }
  });

  test('that can do no more than fill the screen are as small as the screen', () => {
    const clamp = createCountClamp(() => ({ rows: 24, columns: 80 }));
    const hostile =
      '\u001B[99S\u001B[99T\u001B[99L\u001B[99M\u001B[99@\u001B[99P\u001B[99X\u001B[99I\u001B[99Z\u001B[99b';
    const harmless =
      '\u001B[24S\u001B[24T\u001B[24L\u001B[24M\u001B[80@\u001B[80P\u001B[80X\u001B[80I\u001B[80Z\u001B[99b';
    expect(new TextDecoder().decode(clamp(encoder.encode(hostile)))).toBe(harmless);
  });

  test('a megabyte of digits is not held back', () => {
    expect(createCountClamp()(encoder.encode(`\u001B[${'9'.repeat(1_000_000)}`)).length).toBe(1_000_002);
  });
});
