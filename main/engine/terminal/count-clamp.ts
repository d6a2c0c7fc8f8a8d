import type { TerminalSize } from '../../../preload/contract/session.ts';
import { maxCounts } from '../../../preload/contract/terminal-limits.ts';

const escape = 0x1b;
const bracket = 0x5b;

/** Most digits of a count that are held back until the rest comes; longer ones are left to the guards in the parser. */
const maxDigits = 64;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}

/** What moves lines does nothing more beyond the last row, what moves cells of a row nothing beyond the last column. */
const byRows = 'LMST';
const byColumns = '@PXIZ';

/** The largest count that does something by a sequence's final character; undefined where any may be asked for. */
function maxOf(final: string, size: TerminalSize | null): number | undefined {
  const max = maxCounts.get(final);
  if (max === undefined || size === null) return max;
  if (byRows.includes(final)) return Math.min(max, size.rows);
  return byColumns.includes(final) ? Math.min(max, size.columns) : max;
}

/**
 * Makes counts smaller that would stall a window, before xterm.js reads them. Takes a session's bytes in any pieces; what may
 * be the beginning of such a count comes out with the next piece. All other bytes come out as they went in.
 * @param size of the terminal now; without it counts stay as large as any terminal could use
 */
export function createCountClamp(size: () => TerminalSize | null = () => null): (bytes: Uint8Array) => Uint8Array {
  let held = new Uint8Array(0);
  return (bytes) => {
    const input = held.length === 0 ? bytes : join([held, bytes]);
    held = new Uint8Array(0);
    const pieces: Uint8Array[] = [];
    let from = 0;
    for (let at = input.indexOf(escape); at >= 0; at = input.indexOf(escape, at + 1)) {
      let end = at + 2;
      if (end <= input.length && input[at + 1] !== bracket) continue;
      while (isDigit(input[end]) && end - at - 2 <= maxDigits) end += 1;
      if (end >= input.length) {
        held = input.slice(at);
        pieces.push(input.subarray(from, at));
        return join(pieces);
      }
      const max = maxOf(String.fromCharCode(input[end] ?? 0), size());
      const count = Number(String.fromCharCode(...input.subarray(at + 2, end)));
      if (max === undefined || count <= max) continue;
      pieces.push(input.subarray(from, at + 2), new TextEncoder().encode(String(max)));
      from = end;
    }
    return pieces.length === 0 ? input : join([...pieces, input.subarray(from)]);
  };
}
