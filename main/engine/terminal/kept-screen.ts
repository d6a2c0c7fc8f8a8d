import type { Terminal } from '@xterm/headless';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ScreenPiece, TerminalSize } from '../../../preload/contract/session.ts';
import { maxCounts } from '../../../preload/contract/terminal-limits.ts';
import { AcknowledgedWindow, type PausableSource } from './acknowledged-window.ts';
import { followPrompts } from './prompt-lines.ts';
import { OutputBacklog, type OutputPiece } from './output-backlog.ts';
import { drawScreen } from './draw-screen.ts';

/** Output is parsed once none came for so long, in milliseconds: while it floods, the processor is the viewer's. */
const quietMs = 100;
/** Parsed at a time, in bytes: about 2 ms, so that nothing else in the host process waits longer. */
const pieceBytes = 64 * 1024;
/** Unparsed output above which text that has left the scrollback is looked for, in bytes: 10,000 lines are about half of it. */
const skipAboveBytes = 2 * 1024 * 1024;
/** Unparsed output of one session, in bytes: what can't be skipped is parsed while its source waits. */
const bounds = { pauseAboveBytes: 4 * 1024 * 1024, resumeBelowBytes: 3 * 1024 * 1024 };

/** Most lines that are kept above the screen; each costs about a kilobyte. */
export const maxKeptLines = 10_000;

/**
 * What a session's terminal shows, kept beside its viewers: a window that comes back gets cells, cursor, modes and scrollback
 * as they are, not the bytes that once led there.
 */
export interface KeptScreen {
  /** @param piece handed over: it may be parsed later */
  add(piece: OutputPiece): void;
  resize(size: TerminalSize): void;
  /** Drops all but the line with the cursor, with what is on its way to the viewer that asked for it. */
  clear(): void;
  /**
   * Draws on a new terminal of the same size all that was added before this call. Pieces are given one in a turn of the event
   * loop, so that the viewer takes them in meanwhile; none once it is disposed.
   */
  draw(give: (piece: ScreenPiece) => void): Promise<void>;
  dispose(): void;
}

/**
 * @param source paused while more is unparsed than may be
 * @param lines kept above the screen, `maxKeptLines` at most
 */
export async function keepScreen(size: TerminalSize, lines: number, source: PausableSource): Promise<KeptScreen> {
  const scrollback = Math.min(lines, maxKeptLines);
  const terminal = await openHeadless(size, scrollback);
  const prompts = followPrompts(terminal);
  const backlog = new OutputBacklog();
  const unparsed = new AcknowledgedWindow(source, () => bounds);
  let title = '';
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let addedAtMs = 0;
  let parsing: Promise<void> | null = null;
  const life = { isOver: false };
  const disposed = Promise.withResolvers<void>();
  terminal.onTitleChange((next) => {
    title = next;
  });

  const parse = async (): Promise<void> => {
    for (let item = backlog.take(pieceBytes); item !== null && !life.isOver; item = backlog.take(pieceBytes)) {
      if (item instanceof Uint8Array) {
        const bytes = item;
        await new Promise<void>((resolve) => terminal.write(bytes, resolve));
        unparsed.acknowledge(bytes.length);
      } else if (typeof item === 'function') await item();
      else terminal.resize(item.columns, item.rows);
    }
  };
  const parseAll = (): void => {
    clearTimeout(quiet);
    quiet = undefined;
    parsing ??= parse().finally(() => {
      parsing = null;
      if (!backlog.isEmpty && !life.isOver) later();
    });
  };
  const later = (): void => {
    if (backlog.bytes > bounds.pauseAboveBytes) {
      parseAll();
      return;
    }
    addedAtMs = performance.now();
    quiet ??= setTimeout(onceQuiet, quietMs).unref();
  };
  // Many thousand pieces a second come in a flood: one timer looks when the last one came, none starts anew with each.
  const onceQuiet = (): void => {
    quiet = undefined;
    const restMs = addedAtMs + quietMs - performance.now();
    if (restMs > 0) quiet = setTimeout(onceQuiet, restMs).unref();
    else parseAll();
  };

  /** Nothing is parsed meanwhile: whoever parses waits for it. */
  const drawPieces = async (give: (piece: ScreenPiece) => void): Promise<void> => {
    const pieces = drawScreen(terminal, title, prompts.marks());
    for (let isFirst = true; !life.isOver; isFirst = false) {
      const { value, done: isLast = false } = pieces.next();
      give({ bytes: Buffer.from(value, 'utf8'), isFirst, isLast });
      if (isLast) return;
      await nextTurn();
    }
  };

  const skip = (): void => {
    unparsed.acknowledge(backlog.skip(scrollback + terminal.rows));
  };

  return {
    add: (piece) => {
      backlog.add(piece);
      unparsed.add(piece.bytes.length);
      if (backlog.bytes > skipAboveBytes) skip();
      if (parsing === null) later();
    },
    resize: (next) => {
      backlog.add(next);
      if (parsing === null) later();
    },
    clear: () => {
      backlog.add(() => terminal.clear());
      if (parsing === null) later();
    },
    draw: async (give) => {
      skip();
      const drawn = new Promise<void>((resolve, reject) => {
        backlog.add(async () => drawPieces(give).then(resolve, reject));
      });
      parseAll();
      return Promise.race([drawn, disposed.promise]);
    },
    dispose: () => {
      life.isOver = true;
      disposed.resolve();
      clearTimeout(quiet);
      terminal.dispose();
    },
  };
}

/** Loaded with the first terminal: command line and agent start without it. */
async function openHeadless(size: TerminalSize, scrollback: number): Promise<Terminal> {
  const [headless, { Unicode11Addon }] = await Promise.all([
    import('@xterm/headless'),
    import('@xterm/addon-unicode11'),
  ]);
  const { Terminal } = headless.default ?? headless;
  const terminal = new Terminal({ cols: size.columns, rows: size.rows, scrollback, allowProposedApi: true });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  for (const [final, max] of maxCounts) {
    terminal.parser.registerCsiHandler({ final }, ([count]) => typeof count === 'number' && count > max);
  }
  return terminal;
}
