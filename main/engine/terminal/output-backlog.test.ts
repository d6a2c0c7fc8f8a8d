import { Terminal } from '@xterm/headless';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from './testing/terminal-content.ts';
import { OutputBacklog, toPiece } from './output-backlog.ts';

describe('output that waits', () => {
  it('tells plain text from what may change a terminal otherwise, and counts ends of lines that lead to the first column', () => {
    expect(toPiece(Buffer.from('one\r\n\ttwo ä\r\nthree\n'))).toMatchObject({ isPlain: true, lineEnds: 2 });
    for (const other of ['\u001B[m', '\b', '\u0007', '\u007F', '\u009B', '\u0000']) {
      expect(toPiece(Buffer.from(`a${other}b`)).isPlain, JSON.stringify(other)).toBe(false);
    }
  });

  it('leaves a terminal as one that got every byte, skipped after any piece and taken in any', async () => {
    const lines = 12;
    const size = { rows: 4, cols: 20, scrollback: lines - 4, allowProposedApi: true };
    const text = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('a\r\n', 'wider than the terminal is\r\n', 'half', 'bare\n', '\r\n') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('\u001B[31m', '\u001B[2;3r', '\u001B[?1049h', '\u001B[?1049l', '\u001B[2;3H'),
      },
    );
    const script = fc.array(
      fc.record({ text, times: fc.constantFrom(1, 7, 600), pieceBytes: fc.constantFrom(5, 61, 1_021) }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(script, async (steps) => {
        const backlog = new OutputBacklog();
        const all: Uint8Array[] = [];
        for (const { text: one, times, pieceBytes } of steps) {
          const bytes = Buffer.from(one.repeat(times));
          for (let at = 0; at < bytes.length; at += pieceBytes) {
            const piece = bytes.subarray(at, at + pieceBytes);
            all.push(piece);
            backlog.add(toPiece(piece));
            backlog.skip(lines);
          }
        }
        const left: Uint8Array[] = [];
        for (let item = backlog.take(64); item !== null; item = backlog.take(64)) left.push(item as Uint8Array);
        expect(backlog.bytes).toBe(0);
        expect(await contentOf(new Terminal(size), left)).toEqual(await contentOf(new Terminal(size), all));
      }),
      { numRuns: 200 },
    );
  });
});
