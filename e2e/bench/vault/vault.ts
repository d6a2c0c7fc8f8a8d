import type { Row } from '../measure/row.ts';
import type { Bench } from '../world/bench.ts';
import { measureDerive } from './derive.ts';
import { measureSave, measureUnchanged } from './save.ts';
import { measureStall } from './stall.ts';
import { measureUnlock } from './unlock.ts';

/** Parts of the bench of the vault's file, each with its rows. */
export const vaultParts: readonly {
  readonly name: string;
  readonly rows: readonly string[];
  readonly measure: (bench: Bench) => Promise<readonly Row[]>;
}[] = [
  { name: 'derive', rows: ['vault-derive'], measure: measureDerive },
  { name: 'unlock', rows: ['vault-unlock-1mib'], measure: measureUnlock },
  { name: 'unchanged', rows: ['vault-save-unchanged'], measure: measureUnchanged },
  { name: 'save', rows: ['vault-save-10mib'], measure: measureSave },
  { name: 'stall', rows: ['vault-stall-64mib'], measure: measureStall },
];
