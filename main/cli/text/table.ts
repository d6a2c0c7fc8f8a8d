import { escapeText } from './escape.ts';
import { displayWidth, padEnd, truncateMiddle } from './width.ts';

/** A column may shrink down to `minColumns` when the terminal is too narrow; without it, it never does. */
export interface Column {
  readonly title: string;
  readonly minColumns?: number;
}

const gap = '  ';

/** Takes columns away from the widest column that may still shrink, until the row fits. */
function fit(widths: number[], columns: readonly Column[], maxColumns: number): void {
  let over = widths.reduce((sum, width) => sum + width, 0) + gap.length * (widths.length - 1) - maxColumns;
  while (over > 0) {
    let widest = -1;
    for (const [index, column] of columns.entries()) {
      const width = widths[index] ?? 0;
      if (column.minColumns === undefined || width <= column.minColumns) continue;
      if (widest < 0 || width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
}

/**
 * Lines of a table, aligned by display width. Cells are escaped and cut in the middle.
 * @param maxColumns width of the terminal; Infinity where the output is not one
 */
export function toTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  maxColumns: number,
): string[] {
  const cells = [columns.map((column) => column.title), ...rows.map((row) => row.map(escapeText))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => displayWidth(row[index] ?? ''))));
  if (Number.isFinite(maxColumns)) fit(widths, columns, maxColumns);
  return cells.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return padEnd(truncateMiddle(cell, width), width);
      })
      .join(gap)
      .trimEnd(),
  );
}
