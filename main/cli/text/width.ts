/**
 * How many terminal columns text takes. Wide ranges: East Asian Width W and F of Unicode 16 (EastAsianWidth.txt), merged
 * where only unassigned code points lie between.
 */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b2ff],
  [0x20000, 0x3fffd],
];
const printableAscii = /^[ -~]*$/u;
const emoji = /\p{Emoji_Presentation}|\ufe0f/u;
const zeroWidth = /^[\p{Mark}\p{Cf}]+$/u;

let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), (part) => part.segment);
}

function graphemeWidth(grapheme: string): number {
  if (zeroWidth.test(grapheme)) return 0;
  if (emoji.test(grapheme)) return 2;
  const code = grapheme.codePointAt(0) ?? 0;
  return wideRanges.some(([from, to]) => code >= from && code <= to) ? 2 : 1;
}

/** Columns that the text takes in a terminal. */
export function displayWidth(text: string): number {
  if (printableAscii.test(text)) return text.length;
  return graphemes(text).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0);
}

function takeWidth(parts: readonly string[], maxColumns: number): string {
  let used = 0;
  let taken = '';
  for (const part of parts) {
    const width = graphemeWidth(part);
    if (used + width > maxColumns) break;
    used += width;
    taken += part;
  }
  return taken;
}

/** Cuts the end off so that the text takes at most `maxColumns`; the last column is then an ellipsis. */
export function truncateEnd(text: string, maxColumns: number): string {
  if (displayWidth(text) <= maxColumns) return text;
  if (maxColumns < 1) return '';
  return `${takeWidth(graphemes(text), maxColumns - 1)}…`;
}

/** Cuts the middle out, since a path's ends tell more than its middle. */
export function truncateMiddle(text: string, maxColumns: number): string {
  if (displayWidth(text) <= maxColumns) return text;
  if (maxColumns < 3) return truncateEnd(text, maxColumns);
  const parts = graphemes(text);
  const head = takeWidth(parts, Math.ceil((maxColumns - 1) / 2));
  const reversedTail: string[] = [];
  let left = maxColumns - 1 - displayWidth(head);
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const part = parts[index] ?? '';
    left -= graphemeWidth(part);
    if (left < 0) break;
    reversedTail.push(part);
  }
  return `${head}…${reversedTail.toReversed().join('')}`;
}

/** Fills up with spaces to `columns`. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}
