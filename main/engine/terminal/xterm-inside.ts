/* oxlint-disable no-underscore-dangle -- the names are xterm.js's own */
import type { IBufferLine, Terminal } from '@xterm/headless';
import type { Look } from './draw-rows.ts';

/**
 * The parts of xterm.js 6 that hold what its API does not tell. Tests compare a restored terminal with the first one, so that
 * an update which moves them is seen.
 */
interface TerminalInside {
  readonly _core: {
    readonly coreService: {
      readonly isCursorHidden: boolean;
      readonly decPrivateModes: {
        readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
        readonly cursorBlink: boolean | undefined;
      };
    };
    readonly coreMouseService: { readonly activeEncoding: string };
    readonly _bufferService: { readonly buffer: { readonly scrollTop: number; readonly scrollBottom: number } };
    readonly _inputHandler: { readonly _curAttrData: Look };
  };
}

interface LineInside {
  readonly _line: { readonly _data: Uint32Array };
}

/** What a terminal's state is beyond its cells and public modes. */
export interface HiddenState {
  readonly isCursorHidden: boolean;
  /** Absent: the viewer's own. */
  readonly cursorStyle: 'block' | 'underline' | 'bar' | undefined;
  readonly cursorBlink: boolean | undefined;
  /** `DEFAULT`, `SGR` or `SGR_PIXELS`. */
  readonly mouseEncoding: string;
  /** First and last row of the scroll region, from 0. */
  readonly scrollTop: number;
  readonly scrollBottom: number;
  /** What is written next looks so. */
  readonly look: Look;
}

export function hiddenStateOf(terminal: Terminal): HiddenState {
  const core = (terminal as unknown as TerminalInside)._core;
  const { isCursorHidden, decPrivateModes } = core.coreService;
  const { scrollTop, scrollBottom } = core._bufferService.buffer;
  return {
    isCursorHidden,
    cursorStyle: decPrivateModes.cursorStyle,
    cursorBlink: decPrivateModes.cursorBlink,
    mouseEncoding: core.coreMouseService.activeEncoding,
    scrollTop,
    scrollBottom,
    look: core._inputHandler._curAttrData,
  };
}

/** A line's cells, three words each: text and width, foreground and flags, background and flags. */
export const wordsOf = (line: IBufferLine): Uint32Array => (line as unknown as LineInside)._line._data;
