import type { TazpodApi } from '../../preload/api.ts';
import type { TerminalView } from './terminal-view.ts';

export function copySelection(api: TazpodApi, { terminal }: TerminalView): void {
  if (terminal.hasSelection()) void api.request('copyText', terminal.getSelection());
}

/** xterm.js marks the text as pasted where the program asked for that, so that a shell does not run its lines at once. */
export async function pasteInto(api: TazpodApi, { terminal }: TerminalView): Promise<void> {
  const text = await api.request('readText');
  if (text !== '') terminal.paste(text);
  terminal.focus();
}
