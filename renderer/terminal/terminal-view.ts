import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import type { TerminalSize } from '../../preload/contract/session.ts';
import { guardTerminal } from './guards.ts';
import { toBinaryBytes, toInputBytes, toPlainTitle } from './input-bytes.ts';
import { readTheme, tokenOf } from './theme.ts';

export interface TerminalLook {
  readonly fontSizePx: number;
  readonly forScreenReader: boolean;
}

export interface TerminalViewEvents {
  readonly onInput: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly onResize: (size: TerminalSize) => void;
  readonly onTitle: (title: string) => void;
  readonly onBell: () => void;
  /** A click on a link, at this place of the window. */
  readonly onLink: (link: string, place: { readonly x: number; readonly y: number }) => void;
  readonly onSelect: (text: string) => void;
  /** True where the key is ours and the shell must not see it. */
  readonly isOurKey: (event: KeyboardEvent) => boolean;
}

/** One xterm.js with its element, which outlives the panes that show it. */
export interface TerminalView {
  readonly element: HTMLElement;
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** Puts it into a pane and fits it. */
  show(pane: HTMLElement): void;
  hide(): void;
  fit(): void;
  size(): TerminalSize;
  change(look: TerminalLook): void;
  refreshTheme(): void;
  dispose(): void;
}

/** Lines kept above the screen; the target for reopening a window is set at this. */
const scrollbackLines = 10_000;

export function createTerminalView(look: TerminalLook, events: TerminalViewEvents): TerminalView {
  const element = document.createElement('div');
  element.className = 'terminal-host';
  const openLink = (event: MouseEvent, link: string): void =>
    events.onLink(link, { x: event.clientX, y: event.clientY });
  const terminal = new Terminal({
    // For widths of Unicode 11 and the marks of a search.
    allowProposedApi: true,
    fontFamily: tokenOf('font-mono'),
    fontSize: look.fontSizePx,
    lineHeight: 1.2,
    scrollback: scrollbackLines,
    screenReaderMode: look.forScreenReader,
    theme: readTheme(),
    minimumContrastRatio: 4.5,
    cursorBlink: false,
    cursorInactiveStyle: 'outline',
    macOptionIsMeta: true,
    linkHandler: { activate: openLink },
  });
  const fitter = new FitAddon();
  const search = new SearchAddon({ highlightLimit: 5_000 });
  terminal.loadAddon(fitter);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon(openLink));
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  guardTerminal(terminal);
  terminal.attachCustomKeyEventHandler((event) => !events.isOurKey(event));
  terminal.onData((text) => events.onInput(toInputBytes(text)));
  terminal.onBinary((text) => events.onInput(toBinaryBytes(text)));
  terminal.onResize(({ rows, cols }) => events.onResize({ rows, columns: cols }));
  terminal.onTitleChange((title) => events.onTitle(toPlainTitle(title)));
  terminal.onBell(events.onBell);
  element.addEventListener('mouseup', () => {
    if (terminal.hasSelection()) events.onSelect(terminal.getSelection());
  });

  const fit = (): void => {
    if (element.isConnected && element.clientWidth > 0) fitter.fit();
  };
  return {
    element,
    terminal,
    search,
    fit,
    show: (pane) => {
      pane.append(element);
      if (terminal.element === undefined) terminal.open(element);
      fit();
    },
    hide: () => element.remove(),
    size: () => ({ rows: terminal.rows, columns: terminal.cols }),
    change: ({ fontSizePx, forScreenReader }) => {
      terminal.options.screenReaderMode = forScreenReader;
      terminal.options.fontSize = fontSizePx;
      fit();
    },
    refreshTheme: () => {
      terminal.options.theme = readTheme();
    },
    dispose: () => {
      element.remove();
      terminal.dispose();
    },
  };
}
