import type { TazpodApi } from '../../preload/api.ts';
import { createExternalStore } from '../store/external-store.ts';
import { toPasteText, wantsPasteQuestion } from './paste-text.ts';
import type { TerminalView } from './terminal-view.ts';

/** Text that waits for a yes before it is pasted. */
export interface PendingPaste {
  readonly text: string;
  readonly view: TerminalView;
  /** The program reads it as typed, so that each line runs at once. */
  readonly runsAtOnce: boolean;
}

export const pendingPaste = createExternalStore<PendingPaste | null>(null);

export function copySelection(api: TazpodApi, { terminal }: TerminalView): void {
  if (terminal.hasSelection()) void api.request('copyText', terminal.getSelection());
}

/** Pastes the clipboard. */
export async function pasteInto(api: TazpodApi, view: TerminalView, asks: boolean): Promise<void> {
  pasteText(await api.request('readText'), view, asks);
}

/** xterm.js marks the text as pasted where the program asked for that, so that a shell does not run its lines at once. */
export function pasteText(from: string, view: TerminalView, asks: boolean): void {
  const text = toPasteText(from);
  const { bracketedPasteMode } = view.terminal.modes;
  if (text === '') view.terminal.focus();
  else if (asks && wantsPasteQuestion(text, bracketedPasteMode)) {
    pendingPaste.set({ text, view, runsAtOnce: !bracketedPasteMode });
  } else {
    view.terminal.paste(text);
    view.terminal.focus();
  }
}
