import type { Pixels } from './png.ts';

/** The old pixels under one new one: from which on, and how much of each is covered. */
interface Span {
  readonly first: number;
  readonly shares: readonly number[];
}

/** Scales by averaging the pixels that each new one covers, weighted by how much and by their alpha. */
export function resize(image: Pixels, width: number, height: number): Pixels {
  if (image.width === width && image.height === height) return image;
  const rgba = new Uint8Array(width * height * 4);
  const columns = toSpans(image.width, width);
  let offset = 0;
  for (const row of toSpans(image.height, height)) {
    for (const column of columns) {
      average(image, row, column, rgba, offset);
      offset += 4;
    }
  }
  return { width, height, rgba };
}

function average({ width, rgba: from }: Pixels, rows: Span, columns: Span, to: Uint8Array, offset: number): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  let alpha = 0;
  let area = 0;
  for (let row = 0; row < rows.shares.length; row += 1) {
    for (let column = 0; column < columns.shares.length; column += 1) {
      const at = ((rows.first + row) * width + columns.first + column) * 4;
      const share = (rows.shares[row] ?? 0) * (columns.shares[column] ?? 0);
      const weight = (from[at + 3] ?? 0) * share;
      red += (from[at] ?? 0) * weight;
      green += (from[at + 1] ?? 0) * weight;
      blue += (from[at + 2] ?? 0) * weight;
      alpha += weight;
      area += share;
    }
  }
  if (alpha === 0) return;
  to[offset] = Math.round(red / alpha);
  to[offset + 1] = Math.round(green / alpha);
  to[offset + 2] = Math.round(blue / alpha);
  to[offset + 3] = Math.round(alpha / area);
}

function toSpans(oldLength: number, newLength: number): readonly Span[] {
  const step = oldLength / newLength;
  return Array.from({ length: newLength }, (_none, index) => {
    const start = index * step;
    const end = Math.min(oldLength, start + step);
    const first = Math.floor(start);
    const shares = Array.from(
      { length: Math.ceil(end) - first },
      (_other, at) => Math.min(first + at + 1, end) - Math.max(first + at, start),
    );
    return { first, shares };
  });
}
