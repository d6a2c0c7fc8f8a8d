import type { Row } from '../measure/row.ts';
import type { Bench } from '../world/bench.ts';
import { measureDesktopIdle } from './idle.ts';
import { measureInteractions } from './interactions.ts';
import { measureOutsideStopInWindow } from './outside-stop.ts';
import { measureStart } from './start.ts';
import { measureDesktopStorm } from './storm.ts';

/** Parts of the desktop's bench, each with its rows; they run one after the other. */
export const desktopParts: readonly {
  readonly name: string;
  readonly rows: readonly string[];
  readonly measure: (bench: Bench) => Promise<readonly Row[]>;
}[] = [
  { name: 'start', rows: ['start'], measure: measureStart },
  { name: 'clicks', rows: ['drop-to-row', 'tray-start', 'open-terminal'], measure: measureInteractions },
  { name: 'outside', rows: ['outside-stop-window'], measure: measureOutsideStopInWindow },
  { name: 'storm', rows: ['event-storm-window'], measure: measureDesktopStorm },
  { name: 'idle', rows: ['memory-open', 'memory-closed', 'idle-200-window'], measure: measureDesktopIdle },
];
