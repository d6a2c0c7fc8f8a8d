import type { TazpodApi } from '../../preload/api.ts';
import type { Result } from '../../preload/contract/parse.ts';
import type { TerminalSize } from '../../preload/contract/session.ts';
import { createAcknowledger, toPieces } from './input-bytes.ts';

/** Where a session's bytes are shown: xterm.js, or a test's list. */
export interface Screen {
  readonly write: (bytes: Uint8Array, shown: () => void) => void;
  /** What the app has drawn, up to megabytes that parse fast: nothing of it is shown before all is parsed. */
  readonly writeDrawn: (bytes: Uint8Array) => void;
}

/** RIS: screen, scrollback and modes as at the beginning. */
const fullReset = new TextEncoder().encode('\u001Bc');

/** One session's bytes on their way to one screen and back. */
export interface SessionLink {
  readonly sessionId: string;
  attach(size: TerminalSize): Promise<Result<null>>;
  receive(bytes: Uint8Array): void;
  /** Replaces all that is shown. */
  restore(bytes: Uint8Array): void;
  send(bytes: Uint8Array<ArrayBuffer>): void;
  resize(size: TerminalSize): void;
  /** What is above the prompt was dropped here, and is to stay away. */
  clear(): void;
  /** Whether somebody can read it: output of a tab in the back comes little by little. */
  setInView(isInView: boolean): void;
}

export function linkSession(api: TazpodApi, sessionId: string, screen: Screen): SessionLink {
  const acknowledge = createAcknowledger((bytes) => api.send('acknowledgeTerminal', sessionId, bytes));
  // What arrives before the replay follows it.
  let early: Uint8Array[] | null = [];
  const show = (bytes: Uint8Array): void => screen.write(bytes, () => acknowledge(bytes.length));
  return {
    sessionId,
    attach: async (size) => {
      early = [];
      // Shown in the browser's own profile, and measured by the bench.
      performance.mark('terminal-attach');
      const answer = await api.request('attachTerminal', sessionId, size);
      if (!answer.ok) return answer;
      // The replay is not counted as sent, so it is not acknowledged.
      if (answer.value.replay.length > 0) screen.writeDrawn(answer.value.replay);
      const waiting = early;
      early = null;
      for (const bytes of waiting) show(bytes);
      return { ok: true, value: null };
    },
    receive: (bytes) => {
      if (early === null) show(bytes);
      else early.push(bytes);
    },
    restore: (bytes) => {
      // In order with what was received before; it was drawn by the app, so it is not acknowledged.
      screen.writeDrawn(fullReset);
      screen.writeDrawn(bytes);
    },
    send: (bytes) => {
      for (const piece of toPieces(bytes)) api.send('writeTerminal', sessionId, piece);
    },
    resize: (size) => api.send('resizeTerminal', sessionId, size),
    clear: () => api.send('clearTerminal', sessionId),
    setInView: (isInView) => api.send('tellInView', sessionId, isInView),
  };
}
