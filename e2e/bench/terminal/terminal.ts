import type { Row } from '../measure/row.ts';
import type { Bench } from '../world/bench.ts';
import { measureFirstPrompt } from './first-prompt.ts';
import { measureFlood, measureFloodOverEngineStream } from './flood.ts';
import { measureLosses } from './losses.ts';
import { measureReopen } from './reopen.ts';
import { measureTyping } from './typing.ts';

/** Parts of the terminal's bench, each with its rows; they run one after the other. */
export const terminalParts: readonly {
  readonly name: string;
  readonly rows: readonly string[];
  readonly measure: (bench: Bench) => Promise<readonly Row[]>;
}[] = [
  { name: 'prompt', rows: ['first-prompt-pty', 'first-prompt-engine'], measure: measureFirstPrompt },
  { name: 'reopen', rows: ['reopen'], measure: measureReopen },
  { name: 'typing', rows: ['keystroke', 'typing-beside-flood'], measure: measureTyping },
  { name: 'flood', rows: ['flood-pty', 'flood-main-memory', 'ctrl-c-pty'], measure: measureFlood },
  { name: 'flood-engine', rows: ['flood-engine', 'ctrl-c-engine'], measure: measureFloodOverEngineStream },
  { name: 'losses', rows: ['losses'], measure: measureLosses },
];
