/* oxlint-disable no-underscore-dangle -- the names are xterm.js's own */
import type { Terminal } from '@xterm/xterm';

/** The part of xterm.js 6 that brings the scrollbar in step with the buffer. */
interface Inside {
  readonly _core: { readonly _viewport?: Viewport; readonly _renderService?: RenderService };
}
interface Viewport {
  /** For a line that scrolled it gets no argument; in a frame it gets the row that was asked for, or undefined. */
  _sync(...row: readonly (number | undefined)[]): void;
  scrollLines(count: number): void;
  scrollToLine(row: number, isJump?: boolean): void;
}
interface RenderService {
  /** Called in the next frame that is drawn. */
  addRefreshCallback(callback: () => void): void;
}

/**
 * Makes an opened terminal bring its scrollbar in step once a frame. xterm.js does so with every line that scrolls, which
 * starts two timers for each: two fifths of all the time that text takes to parse.
 * @returns false where xterm.js does it in another way
 */
export function syncScrollOncePerFrame(terminal: Terminal): boolean {
  const { _viewport: viewport, _renderService: renderService } = (terminal as unknown as Inside)._core;
  if (typeof viewport?._sync !== 'function' || typeof renderService?.addRefreshCallback !== 'function') return false;
  const sync = viewport._sync.bind(viewport);
  const scrollLines = viewport.scrollLines.bind(viewport);
  const scrollToLine = viewport.scrollToLine.bind(viewport);
  let isLate = false;
  let isCatchingUp = false;
  const catchUp = (): void => {
    if (!isLate) return;
    isLate = false;
    isCatchingUp = true;
    sync();
    isCatchingUp = false;
  };
  viewport._sync = (...row) => {
    // Its own move of the scrollbar comes back here. A frame forgets what is asked of it while it is drawn.
    if (isCatchingUp) return;
    if (row.length > 0) sync(...row);
    else if (!isLate) {
      isLate = true;
      renderService.addRefreshCallback(catchUp);
    }
  };
  // Both count from where the scrollbar is.
  viewport.scrollLines = (count) => {
    catchUp();
    scrollLines(count);
  };
  viewport.scrollToLine = (row, isJump) => {
    catchUp();
    scrollToLine(row, isJump);
  };
  return true;
}
