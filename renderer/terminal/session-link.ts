import type { TazpodApi } from '../../preload/api.ts';
import type { Result } from '../../preload/contract/parse.ts';
import type { ScreenPiece, TerminalSize } from '../../preload/contract/session.ts';
import { createAcknowledger, toPieces } from './input-bytes.ts';

/** Where a session's bytes are shown: xterm.js, or a test's list. */
export interface Screen {
  readonly write: (bytes: Uint8Array, shown: () => void) => void;
  /** Nothing of a screen is seen before its last piece is parsed. */
  readonly writeScreen: (piece: ScreenPiece) => void;
}

/** RIS: screen, scrollback and modes as at the beginning. */
const fullReset = new TextEncoder().encode('\u001Bc');

/** One session's bytes on their way to one screen and back. */
export interface SessionLink {
  readonly sessionId: string;
  attach(size: TerminalSize): Promise<Result<null>>;
  receive(bytes: Uint8Array): void;
  /** Replaces all that this session has shown. */
  showScreen(piece: ScreenPiece): void;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  resize(size: TerminalSize): void;
  /** What is above the prompt was dropped here, and is to stay away. */
  clear(): void;
  /** Whether somebody can read it: output of a tab in the back comes little by little. */
  setInView(isInView: boolean): void;
}

export function linkSession(api: TazpodApi, sessionId: string, screen: Screen): SessionLink {
  const acknowledge = createAcknowledger((bytes) => api.send('acknowledgeTerminal', sessionId, bytes));
  // Before the first screen, what comes was meant for whoever showed the session last.
  let isShown = false;
  return {
    sessionId,
    attach: async (size) => {
      // Shown in the browser's own profile, and measured by the bench.
      performance.mark('terminal-attach');
      return api.request('attachTerminal', sessionId, size);
    },
    receive: (bytes) => {
      if (isShown) screen.write(bytes, () => acknowledge(bytes.length));
    },
    showScreen: (piece) => {
      // The first one goes below what an ended session has left there.
      if (piece.isFirst && isShown) screen.write(fullReset, () => {});
      isShown ||= piece.isFirst;
      if (isShown) screen.writeScreen(piece);
    },
    send: (bytes) => {
      for (const piece of toPieces(bytes)) api.send('writeTerminal', sessionId, piece);
    },
    resize: (size) => api.send('resizeTerminal', sessionId, size),
    clear: () => api.send('clearTerminal', sessionId),
    setInView: (isInView) => api.send('tellInView', sessionId, isInView),
  };
}
