/** What one kind of fault did. */
export interface FaultRow {
  readonly fault: string;
  readonly how: string;
  /** How often the fault was made; 0 with `notRun`. */
  readonly points: number;
  /** Vaults that could not be opened afterwards. */
  readonly unreadable: number;
  /** Saves that were told as done, or files of others, that were gone afterwards. */
  readonly lost: number;
  /** Failures without a code of their own. */
  readonly unnamed: number;
  /** Why it could not be tried here; null where it was. */
  readonly notRun: string | null;
  /** One line for each point that went wrong. */
  readonly complaints: readonly string[];
}

/** Counts the points of one row. */
export class Tally {
  #points = 0;
  #unreadable = 0;
  #lost = 0;
  #unnamed = 0;
  readonly #complaints: string[] = [];

  /**
   * Judges one point.
   * @param found which save the vault holds; null where it can't be opened
   * @param allowed which saves it may hold
   */
  judge(point: string, found: string | null, allowed: readonly string[]): void {
    this.#points += 1;
    if (found === null) {
      this.#unreadable += 1;
      this.#complaints.push(`${point}: unreadable`);
    } else if (!allowed.includes(found)) {
      this.lose(`${point}: found "${found}", not ${allowed.map((label) => `"${label}"`).join(' or ')}`);
    }
  }

  /** Something that had to stay is gone. */
  lose(complaint: string): void {
    this.#lost += 1;
    this.#complaints.push(complaint);
  }

  /** A save failed with this code; null where it did not. */
  failed(point: string, code: string | null): void {
    if (code !== 'internal') return;
    this.#unnamed += 1;
    this.#complaints.push(`${point}: a failure without a code of its own`);
  }

  toRow(fault: string, how: string): FaultRow {
    return {
      fault,
      how,
      points: this.#points,
      unreadable: this.#unreadable,
      lost: this.#lost,
      unnamed: this.#unnamed,
      notRun: null,
      complaints: this.#complaints,
    };
  }
}

/** The row of a fault that this machine can't make. */
export function notRunRow(fault: string, how: string, reason: string): FaultRow {
  return { fault, how, points: 0, unreadable: 0, lost: 0, unnamed: 0, notRun: reason, complaints: [] };
}

/** Whether nothing went wrong; a row that was not run is not one that held. */
export function hasHeld({ points, unreadable, lost, unnamed }: FaultRow): boolean {
  return points > 0 && unreadable === 0 && lost === 0 && unnamed === 0;
}

/** The rows as an aligned table. */
export function toTable(rows: readonly FaultRow[]): string {
  const cells = [
    ['fault', 'how', 'points', 'unreadable', 'lost', 'unnamed'],
    ...rows.map(({ fault, how, points, unreadable, lost, unnamed, notRun }) =>
      notRun === null
        ? [fault, how, String(points), String(unreadable), String(lost), String(unnamed)]
        : [fault, how, `not run: ${notRun}`],
    ),
  ];
  const widths = [0, 1, 2, 3, 4, 5].map((column) => {
    const whole = cells.filter((line) => column < 2 || line.length > 3);
    return Math.max(...whole.map((line) => line[column]?.length ?? 0));
  });
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
