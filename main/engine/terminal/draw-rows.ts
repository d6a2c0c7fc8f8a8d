import type { IBuffer, IBufferCell, IBufferLine } from '@xterm/headless';
import { wordsOf } from './xterm-inside.ts';

/**
 * xterm.js makes an object of every cell that its API is asked for, which takes half a second for 10,000 lines (so does its
 * serialize addon, which also loses the background of erased lines). A line's own words tell where the look changes.
 */
const wordsPerCell = 3;
/** Bits of the first word: a code point, or the mark of a combined character; the width above them. */
const hasText = 0x3f_ffff;
const widthShift = 22;

const escape = '\u001B';

/** Length of a piece, in UTF-16 code units: the transport's own buffers, as for output. */
const pieceLength = 64 * 1024;

/** What makes the look of a cell, and of what is written next. */
export type Look = Pick<
  IBufferCell,
  | 'getFgColor'
  | 'getBgColor'
  | 'isFgRGB'
  | 'isBgRGB'
  | 'isFgPalette'
  | 'isBgPalette'
  | 'isBold'
  | 'isDim'
  | 'isItalic'
  | 'isUnderline'
  | 'isBlink'
  | 'isInverse'
  | 'isInvisible'
  | 'isStrikethrough'
  | 'isOverline'
>;

/**
 * All rows of a buffer as text and control sequences that draw them on an empty terminal of the same size, from its first
 * cell on. A row that the next one continues runs into it, as it did.
 * @param marks what to say at the beginning of a row, by its number; nothing that draws
 * @returns pieces, between which the buffer must not change
 */
export function* drawRows(
  buffer: IBuffer,
  columns: number,
  marks?: ReadonlyMap<number, string>,
): Generator<string, void, undefined> {
  const writer = new RowWriter(buffer.getNullCell(), columns);
  let rows = '';
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row);
    if (line === undefined) break;
    if (!writer.runsOn) rows += marks?.get(row) ?? '';
    const isContinued = buffer.getLine(row + 1)?.isWrapped === true;
    rows += writer.draw(line, isContinued);
    // A new line takes the background that is set.
    if (row < buffer.length - 1 && !writer.runsOn) rows += `${writer.reset()}\r\n`;
    if (rows.length >= pieceLength) {
      yield rows;
      rows = '';
    }
  }
  yield rows + writer.reset();
}

/** Writes row after row, and remembers the look that it left. */
class RowWriter {
  readonly #cell: IBufferCell;
  readonly #columns: number;
  /** What turns to a look, by its two words. */
  readonly #renditions = new Map<number, Map<number, string>>();
  #foreground = 0;
  #background = 0;
  /** Whether the last row ends at the edge and the next one goes on with it. */
  runsOn = false;

  constructor(cell: IBufferCell, columns: number) {
    this.#cell = cell;
    this.#columns = columns;
  }

  draw(line: IBufferLine, isContinued: boolean): string {
    const words = wordsOf(line);
    const end = Math.min(this.#columns, line.length);
    const isContinuation = this.runsOn;
    let row = '';
    let emptyAtEnd = 0;
    for (let x = 0; x < end;) {
      // Wrapping has filled the row with this background: only the one character is written before that is undone.
      const isFilled = isContinuation && x === 0 && words[2] !== 0;
      const run = isFilled
        ? { isEmpty: false, length: Math.max(1, line.getCell(0)?.getWidth() ?? 1) }
        : runOf(words, x, end);
      if (run.isEmpty) row += this.#drawEmpty(line, x, run.length, x + run.length === end);
      else row += this.#turnTo(line, x) + line.translateToString(false, x, x + run.length);
      if (isFilled) row += `${this.reset()}${escape}[K`;
      emptyAtEnd = run.isEmpty ? run.length : 0;
      x += run.length;
    }
    // A wide character that did not fit left one cell empty; what begins with an empty cell did not wrap.
    const next = isContinued && emptyAtEnd === 0;
    this.runsOn = next;
    return row;
  }

  /** Back to the look that a terminal begins with. */
  reset(): string {
    const isReset = this.#foreground === 0 && this.#background === 0;
    this.#foreground = 0;
    this.#background = 0;
    return isReset ? '' : `${escape}[0m`;
  }

  /** What only has a background is erased in it. */
  #drawEmpty(line: IBufferLine, x: number, length: number, isAtEnd: boolean): string {
    const words = wordsOf(line);
    const erase = words[x * wordsPerCell + 2] === 0 ? '' : `${this.#turnTo(line, x)}${escape}[${length}X`;
    return isAtEnd ? erase : `${erase}${escape}[${length}C`;
  }

  #turnTo(line: IBufferLine, x: number): string {
    const words = wordsOf(line);
    const foreground = words[x * wordsPerCell + 1] ?? 0;
    const background = words[x * wordsPerCell + 2] ?? 0;
    if (foreground === this.#foreground && background === this.#background) return '';
    this.#foreground = foreground;
    this.#background = background;
    let known = this.#renditions.get(foreground);
    if (known === undefined) this.#renditions.set(foreground, (known = new Map<number, string>()));
    let rendition = known.get(background);
    if (rendition === undefined) {
      const cell = line.getCell(x, this.#cell);
      known.set(background, (rendition = cell === undefined ? '' : toRendition(cell)));
    }
    return rendition;
  }
}

const isText = (word: number): boolean => (word & hasText) !== 0;

/** Cells from `x` on that look the same and are all empty, or all not. */
function runOf(words: Uint32Array, x: number, end: number): { readonly isEmpty: boolean; readonly length: number } {
  const at = x * wordsPerCell;
  const isFilled = isText(words[at] ?? 0);
  let to = x + 1;
  for (let word = to * wordsPerCell; to < end; to += 1, word += wordsPerCell) {
    // The second half of a wide character goes with the first.
    if (isFilled && (words[word] ?? 0) >>> widthShift === 0 && !isText(words[word] ?? 0)) continue;
    if (isText(words[word] ?? 0) !== isFilled) break;
    if (words[word + 2] !== words[at + 2] || (isFilled && words[word + 1] !== words[at + 1])) break;
  }
  return { isEmpty: !isFilled, length: to - x };
}

/** A look from nothing, as SGR. */
export function toRendition(cell: Look): string {
  const flags: readonly (readonly [number, number])[] = [
    [cell.isBold(), 1],
    [cell.isDim(), 2],
    [cell.isItalic(), 3],
    [cell.isUnderline(), 4],
    [cell.isBlink(), 5],
    [cell.isInverse(), 7],
    [cell.isInvisible(), 8],
    [cell.isStrikethrough(), 9],
    [cell.isOverline(), 53],
  ];
  const parameters = [
    0,
    ...flags.flatMap(([isSet, parameter]) => (isSet === 0 ? [] : [parameter])),
    ...toColor({ color: cell.getFgColor(), isRgb: cell.isFgRGB(), isPalette: cell.isFgPalette() }, 30),
    ...toColor({ color: cell.getBgColor(), isRgb: cell.isBgRGB(), isPalette: cell.isBgPalette() }, 40),
  ];
  return `${escape}[${parameters.join(';')}m`;
}

interface Color {
  readonly color: number;
  readonly isRgb: boolean;
  readonly isPalette: boolean;
}

/** @param base 30 for the foreground, 40 for the background */
function toColor({ color, isRgb, isPalette }: Color, base: number): readonly number[] {
  if (isRgb) return [base + 8, 2, color >>> 16, (color >>> 8) & 0xff, color & 0xff];
  if (!isPalette) return [];
  if (color >= 16) return [base + 8, 5, color];
  // The bright eight have numbers of their own, 60 above.
  return [color < 8 ? base + color : base + 52 + color];
}
