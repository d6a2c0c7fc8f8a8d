import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal, type ITerminalOptions } from '@xterm/xterm';
import type { ScreenPiece, TerminalSize } from '../../preload/contract/session.ts';
import type { Settings } from '../../preload/contract/settings.ts';
import type { CommandEnd } from '../../preload/contract/window.ts';
import { reportCursor } from './cursor-report.ts';
import { capFrames, createFrameCap } from './frame-cap.ts';
import { drawWithCard } from './gpu.ts';
import { guardTerminal } from './guards.ts';
import { toBinaryBytes, toInputBytes, toPlainTitle } from './input-bytes.ts';
import { markPrompts, type PromptMarks } from './prompt-marks.ts';
import { syncScrollOncePerFrame } from './scroll-sync.ts';
import { drawSelectionOnly } from './selection-redraw.ts';
import { readTheme, tokenOf } from './theme.ts';

/** The settings that a terminal follows. */
export type TerminalLook = Pick<
  Settings,
  | 'terminalFontFamily'
  | 'terminalFontSizePx'
  | 'terminalCursor'
  | 'terminalCursorBlinks'
  | 'terminalScrollbackLines'
  | 'terminalBell'
  | 'terminalScreenReader'
>;

export interface TerminalViewEvents {
  readonly onInput: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly onResize: (size: TerminalSize) => void;
  readonly onTitle: (title: string) => void;
  readonly onBell: () => void;
  readonly onCommandEnd: (end: CommandEnd) => void;
  /** A click on a link, at this place of the window. */
  readonly onLink: (link: string, place: { readonly x: number; readonly y: number }) => void;
  readonly onSelect: (text: string) => void;
  /** Text that the system pastes: by a key of its own, or the middle button. */
  readonly onPaste: (text: string) => void;
  /** Files that were dropped on it; false where they are not for the terminal. */
  readonly onDrop: (files: readonly File[]) => boolean;
  /** True where the key is ours and the shell must not see it. */
  readonly isOurKey: (event: KeyboardEvent) => boolean;
}

/** One xterm.js with its element, which outlives the panes that show it. */
export interface TerminalView {
  readonly element: HTMLElement;
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  readonly prompts: PromptMarks;
  /** Puts it into a pane and fits it. */
  show(pane: HTMLElement): void;
  hide(): void;
  fit(): void;
  size(): TerminalSize;
  /** Calls back once the bytes are parsed. */
  write(bytes: Uint8Array, shown: () => void): void;
  /** Shows a screen that comes in pieces all at once. */
  writeScreen(piece: ScreenPiece): void;
  change(look: TerminalLook): void;
  refreshTheme(): void;
  dispose(): void;
}

/**
 * Handed to xterm.js at a time, in bytes. It lets the page go on only between pieces, and a few bytes can ask for much work: with
 * the up to 64 KiB of a message at once, a megabyte of scroll sequences stalled the page for seconds.
 */
const pieceBytes = 4 * 1024;

/** How long the bell shows, in milliseconds. */
const bellMs = 150;

const toOptions = (look: TerminalLook): ITerminalOptions => ({
  fontFamily:
    look.terminalFontFamily === '' ? tokenOf('font-mono') : `${look.terminalFontFamily}, ${tokenOf('font-mono')}`,
  fontSize: look.terminalFontSizePx,
  cursorStyle: look.terminalCursor,
  cursorBlink: look.terminalCursorBlinks,
  scrollback: look.terminalScrollbackLines,
  screenReaderMode: look.terminalScreenReader,
});

export type CreateTerminalView = (look: TerminalLook, events: TerminalViewEvents) => TerminalView;

export function createTerminalView(look: TerminalLook, events: TerminalViewEvents): TerminalView {
  const element = document.createElement('div');
  element.className = 'terminal-host';
  const openLink = (event: MouseEvent, link: string): void =>
    events.onLink(link, { x: event.clientX, y: event.clientY });
  const terminal = new Terminal({
    // For widths of Unicode 11 and the marks of a search.
    allowProposedApi: true,
    ...toOptions(look),
    // The font's own: with more, lines of boxes that go down would not meet.
    lineHeight: 1,
    theme: readTheme(),
    minimumContrastRatio: 4.5,
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
  reportCursor(terminal);
  const prompts = markPrompts(terminal, () => performance.now(), events.onCommandEnd);
  terminal.attachCustomKeyEventHandler((event) => !events.isOurKey(event));
  const cap = createFrameCap(() => performance.now());
  terminal.onData((text) => {
    cap.lift();
    events.onInput(toInputBytes(text));
  });
  terminal.onBinary((text) => events.onInput(toBinaryBytes(text)));
  terminal.onResize(({ rows, cols }) => events.onResize({ rows, columns: cols }));
  terminal.onTitleChange((title) => events.onTitle(toPlainTitle(title)));
  let rings = look.terminalBell === 'flash';
  let flash: ReturnType<typeof setTimeout> | undefined;
  terminal.onBell(() => {
    events.onBell();
    if (!rings) return;
    clearTimeout(flash);
    element.classList.add('bell-rings');
    flash = setTimeout(() => element.classList.remove('bell-rings'), bellMs);
  });
  element.addEventListener(
    'paste',
    (event) => {
      event.preventDefault();
      event.stopPropagation();
      events.onPaste(event.clipboardData?.getData('text/plain') ?? '');
    },
    true,
  );
  element.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0 && events.onDrop(files)) event.preventDefault();
  });
  element.addEventListener('mouseup', () => {
    if (terminal.hasSelection()) events.onSelect(terminal.getSelection());
  });

  let drawWithDom: (() => void) | null = null;
  const fit = (): void => {
    if (element.isConnected && element.clientWidth > 0) fitter.fit();
  };
  return {
    element,
    terminal,
    search,
    prompts,
    fit,
    show: (pane) => {
      pane.append(element);
      if (terminal.element === undefined) {
        terminal.open(element);
        capFrames(terminal, cap);
        drawSelectionOnly(terminal);
        syncScrollOncePerFrame(terminal);
      }
      drawWithDom ??= drawWithCard(terminal);
      fit();
    },
    hide: () => {
      // A window has few WebGL contexts: only terminals in view hold one.
      drawWithDom?.();
      drawWithDom = null;
      element.remove();
    },
    write: (bytes, shown) => {
      cap.received(bytes.length);
      let from = 0;
      for (; bytes.length - from > pieceBytes; from += pieceBytes) {
        terminal.write(bytes.subarray(from, from + pieceBytes));
      }
      terminal.write(bytes.subarray(from), shown);
    },
    writeScreen: ({ bytes, isFirst, isLast }) => {
      if (isFirst) cap.hold();
      // The app's own drawing: it asks for no more work than its bytes.
      terminal.write(bytes, () => isLast && cap.release());
    },
    size: () => ({ rows: terminal.rows, columns: terminal.cols }),
    change: (next) => {
      rings = next.terminalBell === 'flash';
      Object.assign(terminal.options, toOptions(next));
      fit();
    },
    refreshTheme: () => {
      terminal.options.theme = readTheme();
    },
    dispose: () => {
      clearTimeout(flash);
      element.remove();
      terminal.dispose();
    },
  };
}
