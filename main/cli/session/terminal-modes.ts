/**
 * Remembers which modes a program in the session switched, so that a program that dies without cleaning up (a stopped
 * container, a lost host) leaves the caller's terminal as it was.
 */
export interface TerminalModes {
  /** Looks at what the session prints. */
  observe(bytes: Uint8Array): void;
  /** What puts the terminal back; empty where nothing is left switched. */
  resetSequence(): string;
}

/** Private modes (xterm, ctlseqs: DECSET) and what they are outside a program: cursor shown, lines wrapped, rest off. */
const outside: ReadonlyMap<number, 'h' | 'l'> = new Map([
  [1, 'l'], // application cursor keys
  [7, 'h'], // wrapped lines
  [25, 'h'], // cursor
  [47, 'l'], // alternate screens
  [1047, 'l'],
  [1049, 'l'],
  [9, 'l'], // mouse
  [1000, 'l'],
  [1002, 'l'],
  [1003, 'l'],
  [1004, 'l'], // focus events
  [1005, 'l'],
  [1006, 'l'],
  [1015, 'l'],
  [2004, 'l'], // bracketed paste
]);
// oxlint-disable-next-line no-control-regex -- escape sequences are what is looked for
const modeSequence = /\u001b\[\?([\d;]{1,40})([hl])/gu;
/** Longest beginning of a sequence that may stand at the end of a chunk. */
const tailLength = 44;

/** Starts with a terminal in its usual state. */
export function createTerminalModes(): TerminalModes {
  const switched = new Map<number, 'h' | 'l'>();
  let tail = '';
  return {
    observe: (bytes) => {
      const text = tail + Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
      for (const [, list = '', state] of text.matchAll(modeSequence)) {
        for (const mode of list.split(';').map(Number)) {
          const usual = outside.get(mode);
          if (usual === undefined) continue;
          if (state === usual) switched.delete(mode);
          else switched.set(mode, usual);
        }
      }
      const lastEscape = text.lastIndexOf('\u001b', text.length);
      tail = lastEscape >= text.length - tailLength && lastEscape >= 0 ? text.slice(lastEscape) : '';
    },
    resetSequence: () => {
      const parts = [...switched].map(([mode, usual]) => `\u001b[?${mode}${usual}`);
      return parts.length === 0 ? '' : `${parts.join('')}\u001b[0m`;
    },
  };
}
