import type { Row } from '../measure/row.ts';
import type { Bench } from '../world/bench.ts';
import { measureEventStorm } from './event-storm.ts';
import { measureIdle } from './idle.ts';
import { measureOutsideStop } from './outside-stop.ts';
import { measureStopFlush } from './stop-flush.ts';
import { measureUpAndDown, measureUpAndDownAlone } from './up-and-down.ts';
import { measureUpByCommandLine } from './up-by-command-line.ts';

/** Parts of the bench, each with its rows; they run one after the other. */
export const lifecycleParts: readonly {
  readonly name: string;
  readonly rows: readonly string[];
  readonly measure: (bench: Bench) => Promise<readonly Row[]>;
}[] = [
  { name: 'core', rows: ['up-engine-work', 'down-idle'], measure: measureUpAndDown },
  { name: 'alone', rows: ['up-alone', 'down-alone'], measure: measureUpAndDownAlone },
  { name: 'cli', rows: ['up-cli', 'up-cli-cold'], measure: measureUpByCommandLine },
  { name: 'outside', rows: ['outside-stop', 'outside-stop-client'], measure: measureOutsideStop },
  { name: 'flush', rows: ['stop-flush'], measure: measureStopFlush },
  { name: 'idle', rows: ['idle-1', 'idle-20', 'idle-200', 'first-truth'], measure: measureIdle },
  { name: 'storm', rows: ['event-storm'], measure: measureEventStorm },
];
