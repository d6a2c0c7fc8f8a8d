/* oxlint-disable no-underscore-dangle -- the names are xterm.js's own */
import type { Terminal } from '@xterm/xterm';

type Cell = readonly [column: number, line: number];

/** The part of xterm.js 6 that draws when the selection may have changed. */
interface Inside {
  readonly _core: { readonly _renderService?: SelectionDrawer };
}
interface SelectionDrawer {
  handleSelectionChanged(start: Cell | undefined, end: Cell | undefined, isColumn: boolean): void;
}

const isSelection = (start: Cell | undefined, end: Cell | undefined): boolean =>
  start !== undefined && end !== undefined && (start[0] !== end[0] || start[1] !== end[1]);

/**
 * Keeps an opened terminal from drawing all rows once more in each frame in which it scrolled: xterm.js 6 does so for the
 * selection's sake, also where none is and none was. That took half of the time for drawing, and went past the cap of frames.
 * @returns false where xterm.js is made in another way: then all stays as it is
 */
export function drawSelectionOnly(terminal: Terminal): boolean {
  const service = (terminal as unknown as Inside)._core._renderService;
  if (typeof service?.handleSelectionChanged !== 'function') return false;
  const draw = service.handleSelectionChanged.bind(service);
  let isDrawn = false;
  service.handleSelectionChanged = (start, end, isColumn) => {
    const isWanted = isSelection(start, end);
    if (isWanted || isDrawn) draw(start, end, isColumn);
    isDrawn = isWanted;
  };
  return true;
}
