import type { SplitDirection } from '../../preload/contract/terminal-layout.ts';

/** What a key of ours does. */
export type KeyAction =
  | { readonly type: 'palette' | 'search' | 'addFolder' | 'openTerminal' | 'newTab' | 'closeTab' | 'settings' | 'find' }
  | { readonly type: 'copy' | 'paste' | 'largerText' | 'smallerText' | 'usualText' }
  | { readonly type: 'tab'; readonly index: number }
  | { readonly type: 'selectOutput' | 'clear' | 'renameTab' | 'moveOut' }
  | { readonly type: 'split'; readonly direction: SplitDirection }
  | { readonly type: 'growPane'; readonly less: boolean }
  | { readonly type: 'region' | 'moveTab' | 'prompt' | 'pane'; readonly backward: boolean };

/** A key press, as far as it matters here. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

export interface KeyPlace {
  readonly isMac: boolean;
  /** The terminal has the focus: there only Ctrl-Shift (Cmd on macOS) is ours, every other key is the shell's. */
  readonly inTerminal: boolean;
}

const byLetter: Readonly<Record<string, KeyAction>> = {
  k: { type: 'search' },
  n: { type: 'addFolder' },
  enter: { type: 'openTerminal' },
  t: { type: 'newTab' },
  w: { type: 'closeTab' },
  f: { type: 'find' },
  d: { type: 'split', direction: 'right' },
  e: { type: 'split', direction: 'down' },
};

/** By place on the keyboard: with Shift, these keys give other characters. */
const byCode: Readonly<Record<string, KeyAction>> = {
  Comma: { type: 'settings' },
  Equal: { type: 'largerText' },
  NumpadAdd: { type: 'largerText' },
  Minus: { type: 'smallerText' },
  NumpadSubtract: { type: 'smallerText' },
  Digit0: { type: 'usualText' },
};

/** Which of our actions a key press asks for; null where it is not ours. */
export function toKeyAction(press: KeyPress, { isMac, inTerminal }: KeyPlace): KeyAction | null {
  const { key, code, shiftKey, altKey } = press;
  const mod = isMac ? press.metaKey && !press.ctrlKey : press.ctrlKey && !press.metaKey;
  if (altKey) return null;
  if (key === 'F6') {
    // In the terminal F6 belongs to programs; with Ctrl-Shift it leads out, so that nobody is caught.
    const isOurs = inTerminal ? mod && (isMac || shiftKey) : !mod;
    return isOurs ? { type: 'region', backward: shiftKey && !inTerminal } : null;
  }
  if (!mod || (inTerminal && !isMac && !shiftKey)) return null;
  const letter = key.toLowerCase();
  if (letter === 'p') return shiftKey ? { type: 'palette' } : null;
  if (letter === 'c' || letter === 'v') {
    const isOurs = inTerminal && (isMac || shiftKey);
    return isOurs ? { type: letter === 'c' ? 'copy' : 'paste' } : null;
  }
  if (key === 'PageUp' || key === 'PageDown') {
    return shiftKey ? { type: 'moveTab', backward: key === 'PageUp' } : null;
  }
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    return inTerminal ? { type: 'prompt', backward: key === 'ArrowUp' } : null;
  }
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    // Elsewhere these select words of a text.
    return inTerminal && shiftKey ? { type: 'pane', backward: key === 'ArrowLeft' } : null;
  }
  if (code === 'BracketLeft' || code === 'BracketRight') {
    return shiftKey ? { type: 'growPane', less: code === 'BracketLeft' } : null;
  }
  if (letter === 'o') return inTerminal && shiftKey ? { type: 'selectOutput' } : null;
  const digit = /^Digit([1-9])$/u.exec(code)?.[1];
  if (digit !== undefined) return { type: 'tab', index: Number(digit) - 1 };
  return byLetter[letter] ?? byCode[code] ?? null;
}

/** How a key is written beside its action. */
export function keyLabel(keys: string, isMac: boolean): string {
  return isMac
    ? keys.replace('Mod', '⌘').replace('Shift', '⇧').replaceAll('-', '')
    : keys.replace('Mod', 'Ctrl').replace('Enter', '↵');
}
