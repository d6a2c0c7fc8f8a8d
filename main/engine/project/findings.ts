import type { ConfigProblem } from '../../../preload/contract/errors.ts';
import { toVisibleText } from './visible-text.ts';

/** Where something stands in the file; both count from 1, and 0 means the file as a whole. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export const wholeFile: Place = { line: 0, column: 0 };

/** A file of 64 KiB can hold thousands of faults; the first ones are enough to correct it. */
const maxFindings = 100;

/** Collects all that is wrong or doubtful in one config file. */
export class Findings {
  readonly #file: string;
  readonly #problems: ConfigProblem[] = [];
  readonly #warnings: (Place & { readonly text: string })[] = [];
  #leftOut = 0;

  /** @param file the path to name in warnings */
  constructor(file: string) {
    this.#file = file;
  }

  get hasProblems(): boolean {
    return this.#problems.length > 0;
  }

  /** Sorted by place; at most 100. */
  get problems(): readonly ConfigProblem[] {
    const sorted = this.#problems.toSorted(byPlace);
    if (this.#leftOut === 0) return sorted;
    return [...sorted, { ...wholeFile, key: '', found: `${this.#leftOut} more problems`, allowed: 'none' }];
  }

  /** As `file:line:column: text`, sorted by place; at most 100. */
  get warnings(): readonly string[] {
    return this.#warnings
      .toSorted(byPlace)
      .map(({ line, column, text }) => `${this.#file}${line === 0 ? '' : `:${line}:${column}`}: ${text}`);
  }

  /**
   * Records a problem.
   * @param key dotted, for example `network.mtu`
   * @param found what is there, already quoted and cut
   * @param allowed what may be there
   */
  refuse(place: Place, key: string, found: string, allowed: string): void {
    if (this.#problems.length >= maxFindings) {
      this.#leftOut += 1;
      return;
    }
    const visibleKey = toVisibleText(key.slice(0, 120));
    this.#problems.push({ line: place.line, column: place.column, key: visibleKey, found, allowed });
  }

  warn(place: Place, text: string): void {
    if (this.#warnings.length >= maxFindings) return;
    this.#warnings.push({ line: place.line, column: place.column, text });
  }
}

function byPlace(one: Place, other: Place): number {
  return one.line - other.line || one.column - other.column;
}
