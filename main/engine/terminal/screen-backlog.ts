import type { TerminalSize } from '../../../preload/contract/session.ts';

/** Output that a kept screen has not parsed yet, the sizes it had between, and what is to be done once all before is parsed. */
export type BacklogItem = Uint8Array | TerminalSize | (() => void);

/**
 * Bytes after a control sequence that are never skipped: the sequence may go on in them. xterm.js takes 32 parameters at
 * most, so none that means something is longer.
 */
const maxSequenceBytes = 1024;

const newline = 0x0a;

/** Bytes that only print, or end a line: all but control characters, and the lead byte of those beyond ASCII. */
const prints = Uint8Array.from({ length: 256 }, (_, byte) =>
  (byte >= 0x20 && byte !== 0x7f && byte !== 0xc2) || byte === 0x09 || byte === newline || byte === 0x0d ? 1 : 0,
);

interface Piece {
  readonly item: BacklogItem;
  readonly isPlain: boolean;
  readonly newlines: number;
}

/**
 * Output that waits to be parsed. Plain text that nothing but plain text follows can be skipped without parsing once so many
 * lines come after it that it would have left the scrollback: a flood then costs next to nothing.
 */
export class ScreenBacklog {
  #pieces: Piece[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#pieces.length === 0;
  }

  add(item: BacklogItem): void {
    this.#pieces.push(toPiece(item));
    if (item instanceof Uint8Array) this.#bytes += item.length;
  }

  /** The next item, bytes joined up to about `maxBytes`. */
  take(maxBytes: number): BacklogItem | null {
    const first = this.#pieces[0]?.item;
    if (first === undefined) return null;
    if (!(first instanceof Uint8Array)) {
      this.#pieces.shift();
      return first;
    }
    let count = 0;
    let bytes = 0;
    for (const { item } of this.#pieces) {
      if (!(item instanceof Uint8Array) || (count > 0 && bytes + item.length > maxBytes)) break;
      count += 1;
      bytes += item.length;
    }
    const taken = this.#pieces.splice(0, count).map(({ item }) => item as Uint8Array);
    this.#bytes -= bytes;
    return taken.length === 1 ? first : Buffer.concat(taken);
  }

  /**
   * Lets go of text that would not be seen any more.
   * @param lines rows of scrollback and screen: text with so many line ends behind it is gone
   */
  skip(lines: number): void {
    const lastOther = this.#pieces.findLastIndex(({ isPlain }) => !isPlain);
    let from = lastOther + 1;
    for (let kept = 0; from < this.#pieces.length && kept < maxSequenceBytes; from += 1) {
      kept += byteLength(this.#pieces[from]);
    }
    let to = this.#pieces.length;
    for (let behind = 0; to > from && behind < lines; to -= 1) behind += this.#pieces[to - 1]?.newlines ?? 0;
    if (to <= from) return;
    for (const piece of this.#pieces.splice(from, to - from)) this.#bytes -= byteLength(piece);
  }
}

const byteLength = (piece: Piece | undefined): number => (piece?.item instanceof Uint8Array ? piece.item.length : 0);

function toPiece(item: BacklogItem): Piece {
  if (!(item instanceof Uint8Array)) return { item, isPlain: false, newlines: 0 };
  let newlines = 0;
  let others = 0;
  for (const byte of item) {
    if (byte === newline) newlines += 1;
    others += 1 - (prints[byte] ?? 0);
  }
  return { item, isPlain: others === 0, newlines };
}
