import type { Row } from '../measure/row.ts';
import type { Bench } from '../world/bench.ts';
import { measureUnchangedSync } from './unchanged.ts';

/** Parts of the bench of sync, each with its rows. */
export const syncParts: readonly {
  readonly name: string;
  readonly rows: readonly string[];
  readonly measure: (bench: Bench) => Promise<readonly Row[]>;
}[] = [{ name: 'unchanged', rows: ['sync-20-unchanged'], measure: measureUnchangedSync }];
