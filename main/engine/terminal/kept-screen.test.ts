import { Terminal } from '@xterm/headless';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScreenPiece } from '../../../preload/contract/session.ts';
import { keepScreen, type KeptScreen } from './kept-screen.ts';
import { OutputBacklog, toPiece } from './output-backlog.ts';
import { hiddenStateOf } from './xterm-inside.ts';

const size = { rows: 10, columns: 40 };
const lines = 50;
const source = { pause: () => undefined, resume: () => undefined };
const escape = '\u001B';

/** A terminal as a window has it. */
function openTerminal({ rows, columns } = size): Terminal {
  const terminal = new Terminal({ rows, cols: columns, scrollback: lines, allowProposedApi: true });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return terminal;
}

const write = async (terminal: Terminal, data: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => terminal.write(data, resolve));

/** All that a person could tell two terminals apart by, by its place. */
function look(terminal: Terminal): ReadonlyMap<string, string> {
  const { active, normal } = terminal.buffer;
  const { isCursorHidden, mouseEncoding, scrollTop, scrollBottom } = hiddenStateOf(terminal);
  return new Map([
    ['type', active.type],
    ['rows', String(normal.length)],
    ['cursor', `${active.cursorX},${active.cursorY}`],
    ['hidden', String(isCursorHidden)],
    ['region', `${scrollTop} to ${scrollBottom}`],
    ['modes', JSON.stringify(terminal.modes)],
    ['mouse', mouseEncoding],
    ...cellsOf(terminal, normal),
    ...cellsOf(terminal, active),
  ]);
}

function* cellsOf(terminal: Terminal, buffer: Terminal['buffer']['active']): Generator<readonly [string, string]> {
  const cell = buffer.getNullCell();
  for (let row = 0; row < buffer.length; row += 1) {
    for (let column = 0; column < terminal.cols; column += 1) {
      buffer.getLine(row)?.getCell(column, cell);
      const background = [cell.getBgColorMode(), cell.getBgColor()];
      const rest = [
        cell.getFgColorMode(),
        cell.getFgColor(),
        cell.isBold(),
        cell.isItalic(),
        cell.isDim(),
        cell.isUnderline(),
      ];
      const text = cell.getChars();
      yield [
        `${buffer.type} ${row},${column}`,
        [text, ...background, ...(text === '' ? [] : [cell.getWidth(), cell.isInverse(), ...rest])].join(' '),
      ];
    }
  }
}

async function withScreen<Value>(use: (screen: KeptScreen) => Promise<Value>, keptLines = lines): Promise<Value> {
  const screen = await keepScreen(size, keptLines, source);
  try {
    return await use(screen);
  } finally {
    screen.dispose();
  }
}

/** All that a screen is drawn with. */
async function drawn(screen: KeptScreen): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  await screen.draw(({ bytes }) => pieces.push(bytes));
  return Buffer.concat(pieces);
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Where a window that comes back after these bytes differs from one that saw them all: the first few places. */
async function differences(texts: readonly string[]): Promise<readonly string[]> {
  return withScreen(async (screen) => {
    for (const text of texts) screen.add(toPiece(bytesOf(text)));
    const [restored, first] = [openTerminal(), openTerminal()];
    await write(restored, await drawn(screen));
    await write(first, texts.join(''));
    const [left, right] = [look(restored), look(first)];
    const places = new Set([...left.keys(), ...right.keys()]);
    return [...places]
      .filter((place) => left.get(place) !== right.get(place))
      .map((place) => `${place}: ${left.get(place)} instead of ${right.get(place)}`)
      .slice(0, 6);
  });
}

async function shown(bytes: Uint8Array): Promise<string> {
  const terminal = openTerminal();
  await write(terminal, bytes);
  return terminal.buffer.active.getLine(0)?.translateToString(true) ?? '';
}

describe('a screen that is kept', () => {
  const full = `${escape}[?1049h${escape}[?1002h${escape}[?1006h${escape}[?25l${escape}[?1h${escape}[?2004h`;
  it.each([
    ['nothing', ''],
    ['a prompt', 'user@host:/workspace$ '],
    ['colours', `${escape}[1;31mred${escape}[0m ${escape}[38;5;200mpalette ${escape}[48;2;1;2;3mtrue${escape}[0m end`],
    ['wide and combined characters', 'überblick 日本語 e\u0301 👍 x\r\n' + '日本語'.repeat(20)],
    ['an erased line with a background', `a${escape}[44m${escape}[K${escape}[0m\r\n  b${escape}[3;20Hfar`],
    [
      'more than the scrollback',
      Array.from({ length: 200 }, (_, at) => `${escape}[3${at % 8}mline ${at}`).join('\r\n'),
    ],
    ['long lines in the scrollback', Array.from({ length: 30 }, (_, at) => `${at}:${'long '.repeat(at)}`).join('\r\n')],
    ['a full-screen program', `shell\r\n${full}${escape}[2;5r${escape}[4;3Hedit`],
    ['a full-screen program over scrollback', `${'old\r\n'.repeat(80)}${full}${escape}[Htop${escape}[10;1H~`],
    ['one that was left', `before\r\n${full}inside${escape}[?1049l${escape}[?25h${escape}[?1002lafter`],
    ['a scroll region and origin mode', `${escape}[3;8r${escape}[?6h${escape}[2;4Hinside`],
    ['no wrapping', `${escape}[?7l${'x'.repeat(60)}`],
    ['a cursor at the edge', 'x'.repeat(40)],
  ])('with %s comes back with the same cells, cursor and modes', async (_name, text) => {
    expect(await differences([text])).toEqual([]);
  });

  it('comes back the same after any text, colours, movements and modes', async () => {
    const parts = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/\p{C}/gu, '')),
      },
      { weight: 3, arbitrary: fc.constantFrom('\r\n', '\n', '\t', '\b', '\r') },
      {
        weight: 2,
        arbitrary: fc
          .array(fc.integer({ min: 0, max: 107 }), { maxLength: 3 })
          .map((all) => `${escape}[${all.filter((one) => ![4, 21, 38, 48, 58].includes(one)).join(';')}m`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.integer({ min: 1, max: 12 }), fc.constantFrom(...Array.from('ABCDGdX@PLMST')))
          .map(([count, final]) => `${escape}[${count}${final}`),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          ...['?1049h', '?1049l', '?25l', '?25h', '?7h', '?1h', '?1000h', '?1006h', '?2004h', 'J', 'K', '1K', 'H'].map(
            (one) => `${escape}[${one}`,
          ),
        ),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(parts, { maxLength: 60 }), async (texts) => {
        expect(await differences(texts)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('keeps sizes between its bytes, and the title', async () => {
    await withScreen(async (screen) => {
      screen.add(toPiece(bytesOf(`${'x'.repeat(60)}\r\n`)));
      screen.resize({ rows: 12, columns: 80 });
      screen.add(toPiece(bytesOf(`${escape}]0;a title\u0007y`)));
      const restored = openTerminal({ rows: 12, columns: 80 });
      const titles: string[] = [];
      restored.onTitleChange((title) => titles.push(title));
      await write(restored, await drawn(screen));
      expect(restored.buffer.active.getLine(0)?.translateToString(true)).toBe('x'.repeat(60));
      expect(restored.buffer.active.getLine(1)?.translateToString(true)).toBe('y');
      expect(titles).toEqual(['a title']);
    });
  });

  it('skips a flood that nobody will see, and still comes back the same', async () => {
    const flood = Array.from({ length: 60_000 }, (_, at) => `${at} ${'flood '.repeat(8)}`).join('\r\n');
    const pieces = flood.match(/[^]{1,30000}/gu) ?? [];
    expect(await differences([`${escape}[32mgreen `, ...pieces, `${escape}[0m done`])).toEqual([]);
  });

  it('comes back without what was cleared away, and with what came later', async () => {
    await withScreen(async (screen) => {
      screen.add(toPiece(bytesOf(`${Array.from({ length: 30 }, (_, at) => `old ${at}\r\n`).join('')}$ `)));
      screen.clear();
      screen.add(toPiece(bytesOf('new')));
      expect(await shown(await drawn(screen))).toBe('$ new');
    });
  });

  it('draws the moment it was asked, whatever comes while it parses, and again later', async () => {
    await withScreen(async (screen) => {
      screen.resize(size);
      const empty = drawn(screen);
      screen.add(toPiece(bytesOf('one')));
      const first = drawn(screen);
      screen.add(toPiece(bytesOf(' two')));
      expect(await shown(await empty)).toBe('');
      expect(await shown(await first)).toBe('one');
      expect(await shown(await drawn(screen))).toBe('one two');
      screen.add(toPiece(bytesOf('!')));
      const last = drawn(screen);
      screen.dispose();
      expect(await last).toHaveLength(0);
    });
  });

  it('comes in pieces, and what is added between them does not come along', async () => {
    await withScreen(async (screen) => {
      screen.add(toPiece(bytesOf(Array.from({ length: 9_000 }, (_, at) => `line ${at} of many\r\n`).join(''))));
      const pieces: ScreenPiece[] = [];
      await screen.draw((piece) => {
        pieces.push(piece);
        screen.add(toPiece(bytesOf('later\r\n')));
      });
      expect(pieces.length).toBeGreaterThan(2);
      expect(pieces.map(({ isFirst }) => isFirst)).toEqual(pieces.map((_, at) => at === 0));
      expect(pieces.map(({ isLast }) => isLast)).toEqual(pieces.map((_, at) => at === pieces.length - 1));
      const text = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString();
      expect(text).toContain('line 8999 of many');
      expect(text).not.toContain('later');
      expect(Buffer.from(await drawn(screen)).toString()).toContain('later');
    }, 10_000);
  });

  it('is not stalled by counts that would work for minutes', async () => {
    await withScreen(async (screen) => {
      screen.add(toPiece(bytesOf(`x${escape}[2147483647;1b${escape}[2147483647;1Sy`)));
      expect(Buffer.from(await drawn(screen)).toString()).toContain('xy');
    });
  });
});

describe('unparsed output', () => {
  const text = (bytes: number): Uint8Array => bytesOf('plain text 1\r\n'.repeat(Math.ceil(bytes / 14)));

  it('is skipped where enough plain lines follow it', () => {
    const backlog = new OutputBacklog();
    for (let piece = 0; piece < 100; piece += 1) backlog.add(toPiece(text(10_000)));
    backlog.skip(100);
    expect(backlog.bytes).toBeLessThan(30_000);
  });

  it('is kept where its lines do not begin anew: the cursor would stand elsewhere', () => {
    const backlog = new OutputBacklog();
    for (let piece = 0; piece < 100; piece += 1) backlog.add(toPiece(bytesOf('plain text 1\n'.repeat(1_000))));
    expect(backlog.skip(100)).toBe(0);
  });

  it.each([
    ['a control sequence', `${escape}[5;10r`],
    ['a control character beyond ASCII', '\u009B5r'],
    ['a bell', '\u0007'],
  ])('is kept up to %s', (_name, control) => {
    const backlog = new OutputBacklog();
    backlog.add(toPiece(text(10_000)));
    backlog.add(toPiece(bytesOf(control)));
    backlog.add(toPiece(bytesOf(';10r')));
    for (let piece = 0; piece < 50; piece += 1) backlog.add(toPiece(text(10_000)));
    backlog.skip(100);
    const first = Buffer.from(backlog.take(1_000_000) as Uint8Array);
    expect(first.toString()).toContain(`${control};10r`);
    expect(first.length).toBeGreaterThan(10_000);
    expect(first.length).toBeLessThan(50_000);
  });

  it('keeps sizes in their place', () => {
    const backlog = new OutputBacklog();
    backlog.add(toPiece(text(20)));
    backlog.add(size);
    backlog.add(toPiece(text(20)));
    expect([backlog.take(100), backlog.take(100), backlog.take(100), backlog.take(100)]).toEqual([
      text(20),
      size,
      text(20),
      null,
    ]);
    expect(backlog.bytes).toBe(0);
  });
});
