import type { TerminalSize } from '../../../preload/contract/session.ts';

/** Output of a session, with what decides whether it may be left out. */
export interface OutputPiece {
  readonly bytes: Uint8Array;
  /** Nothing but text and line ends. */
  readonly isPlain: boolean;
  /** Line ends that also bring the cursor back to the first column (CR LF): whatever was before, the next line begins there. */
  readonly lineEnds: number;
}

/** Output that waits, the sizes the terminal had between, and what is to be done once all before is dealt with. */
export type BacklogItem = OutputPiece | TerminalSize | (() => void | Promise<void>);

/**
 * Bytes after a control sequence that are never skipped: the sequence may go on in them. xterm.js takes 32 parameters at
 * most, so none that means something is longer.
 */
const maxSequenceBytes = 1024;

const newline = 0x0a;
const carriageReturn = 0x0d;

/** 0 for bytes that only print or return, 1 for the end of a line, 2 for all others: control characters, and the lead byte of those beyond ASCII. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === newline) return 1;
  return (byte >= 0x20 && byte !== 0x7f && byte !== 0xc2) || byte === 0x09 || byte === carriageReturn ? 0 : 2;
});

export function toPiece(bytes: Uint8Array): OutputPiece {
  let lineEnds = 0;
  let isPlain = true;
  // Every byte of a flood comes by here: by index, since an iterator takes twice as long.
  for (let at = 0; at < bytes.length; at += 1) {
    const kind = kinds[bytes[at] ?? 0];
    if (kind === 0) continue;
    if (kind === 2) isPlain = false;
    else if (at > 0 && bytes[at - 1] === carriageReturn) lineEnds += 1;
  }
  return { bytes, isPlain, lineEnds };
}

const isPiece = (item: BacklogItem | undefined): item is OutputPiece => typeof item === 'object' && 'bytes' in item;

/**
 * Output that waits for a terminal. Plain text that nothing but plain text follows can be skipped once so many lines come
 * after it that it would have left the scrollback: what the terminal holds in the end is the same, and a flood costs next to
 * nothing.
 */
export class OutputBacklog {
  #items: BacklogItem[] = [];
  #bytes = 0;
  #others = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Whether all of it is plain text. */
  get isPlain(): boolean {
    return this.#others === 0;
  }

  add(item: BacklogItem): void {
    this.#items.push(item);
    this.#count(item, 1);
  }

  /** The next item, bytes joined up to about `maxBytes`. */
  take(maxBytes: number): Uint8Array | Exclude<BacklogItem, OutputPiece> | null {
    const [first] = this.#items;
    if (first === undefined) return null;
    if (!isPiece(first)) {
      this.#items.shift();
      this.#count(first, -1);
      return first;
    }
    const taken: Uint8Array[] = [];
    let bytes = 0;
    for (const item of this.#items) {
      if (!isPiece(item) || (taken.length > 0 && bytes + item.bytes.length > maxBytes)) break;
      taken.push(item.bytes);
      bytes += item.bytes.length;
      this.#count(item, -1);
    }
    this.#items.splice(0, taken.length);
    return taken.length === 1 ? first.bytes : Buffer.concat(taken);
  }

  /**
   * Lets go of text that would not be seen any more.
   * @param lines rows of scrollback and screen: text with so many line ends behind it is gone
   * @returns how many bytes of it there were
   */
  skip(lines: number): number {
    const lastOther = this.#items.findLastIndex((item) => !isPiece(item) || !item.isPlain);
    let from = lastOther + 1;
    for (let kept = 0; from < this.#items.length && kept < maxSequenceBytes; from += 1)
      kept += byteLength(this.#items[from]);
    let to = this.#items.length;
    for (let behind = 0; to > from && behind < lines; to -= 1) {
      const item = this.#items[to - 1];
      behind += isPiece(item) ? item.lineEnds : 0;
    }
    if (to <= from) return 0;
    const before = this.#bytes;
    for (const item of this.#items.splice(from, to - from)) this.#count(item, -1);
    return before - this.#bytes;
  }

  clear(): void {
    this.#items = [];
    this.#bytes = 0;
    this.#others = 0;
  }

  #count(item: BacklogItem, sign: 1 | -1): void {
    this.#bytes += sign * byteLength(item);
    if (!isPiece(item) || !item.isPlain) this.#others += sign;
  }
}

const byteLength = (item: BacklogItem | undefined): number => (isPiece(item) ? item.bytes.length : 0);
