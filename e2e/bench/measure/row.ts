import type { Ratio } from './statistics.ts';

/** One result. `--json` prints it as it is, but for `figure`. */
export interface Row {
  readonly name: string;
  /** Ours to the baseline; null where the target is no ratio. */
  readonly ratio: Ratio | null;
  /** What was measured, with its unit in the name; a list has one value per round. */
  readonly raw: Readonly<Record<string, number | boolean | string | readonly number[]>>;
  readonly baseline: string;
  readonly target: string;
  readonly met: boolean;
  /** The figure that a person looks for, for the table. */
  readonly figure: string;
}

export function toJson({ figure: _figure, ...row }: Row): string {
  return JSON.stringify(row);
}

const ratioText = ({ median, min, max, rounds }: Ratio): string =>
  `${median.toFixed(2)}x (${min.toFixed(2)} to ${max.toFixed(2)}, ${rounds} rounds)`;

/** The rows as an aligned table. */
export function toTable(rows: readonly Row[]): string {
  const cells = [
    ['row', 'met', 'ratio', 'measured', 'target', 'baseline'],
    ...rows.map(({ name, met, ratio, figure, target, baseline }) => [
      name,
      met ? 'yes' : 'NO',
      ratio === null ? '' : ratioText(ratio),
      figure,
      target,
      baseline,
    ]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0))) ?? [];
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
