/* oxlint-disable no-underscore-dangle -- the names are xterm.js's own */
import type { IDisposable, Terminal } from '@xterm/xterm';

/** The part of xterm.js 6 that knows the scroll region. */
interface Inside {
  readonly _core: { readonly _bufferService?: { readonly buffer?: { readonly scrollTop?: number } } };
}

/** What CSI 6 n asks for: where the cursor is. */
const cursorPosition = 6;

/**
 * Answers where the cursor is (CPR and DECXCPR) as a VT does. xterm.js 6 names a column behind the last one while a full row waits
 * with its wrap, and a row of the screen in origin mode, where programs count from the region's top.
 */
export function reportCursor(terminal: Terminal): readonly IDisposable[] {
  const answer =
    (prefix: string) =>
    ([kind]: readonly (number | number[])[]): boolean => {
      if (kind !== cursorPosition) return false;
      const { cursorX, cursorY } = terminal.buffer.active;
      const top = terminal.modes.originMode
        ? ((terminal as unknown as Inside)._core._bufferService?.buffer?.scrollTop ?? 0)
        : 0;
      const column = Math.min(cursorX + 1, terminal.cols);
      terminal.input(`\u001B[${prefix}${cursorY + 1 - top};${column}R`, false);
      return true;
    };
  return [
    terminal.parser.registerCsiHandler({ final: 'n' }, answer('')),
    terminal.parser.registerCsiHandler({ prefix: '?', final: 'n' }, answer('?')),
  ];
}
