/** Ratio of ours to the baseline, taken per round. */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly rounds: number;
}

/** @param values at least one */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const upper = at(sorted, Math.floor(middle));
  return Number.isInteger(middle) ? (at(sorted, middle - 1) + upper) / 2 : upper;
}

/**
 * Nearest rank: the smallest value that is not exceeded by at least this part of all; of 50 values, p99 is the largest.
 * @param part 0 to 1
 */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return at(sorted, Math.max(0, Math.ceil(part * sorted.length) - 1));
}

/** Pairs two series round by round. */
export function ratioOf(ours: readonly number[], baseline: readonly number[]): Ratio {
  const ratios = ours.map((value, index) => value / at(baseline, index));
  return {
    median: round(median(ratios), 3),
    min: round(Math.min(...ratios), 3),
    max: round(Math.max(...ratios), 3),
    rounds: ratios.length,
  };
}

/** Differences of two series, round by round. */
export function differences(ours: readonly number[], baseline: readonly number[]): readonly number[] {
  return ours.map((value, index) => value - at(baseline, index));
}

export function round(value: number, digits = 1): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

export const rounded = (values: readonly number[]): readonly number[] => values.map((value) => round(value));

/** @throws where there is no such value: a measurement that is missing must not count as zero */
export function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index];
  if (value === undefined) throw new Error(`no value ${index} of ${values.length}`);
  return value;
}
