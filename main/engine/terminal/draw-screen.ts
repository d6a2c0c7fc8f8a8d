import type { IModes, Terminal } from '@xterm/headless';
import { drawRows, toRendition } from './draw-rows.ts';
import { hiddenStateOf } from './xterm-inside.ts';

const escape = '\u001B';

/**
 * Text that draws on a new terminal of the same size what this one shows, and leaves it in the same state.
 * @param marks what to say at the beginning of the normal buffer's rows
 * @returns pieces, the last of them as the result; the terminal must not change between them
 */
export function* drawScreen(
  terminal: Terminal,
  title: string,
  marks?: ReadonlyMap<number, string>,
): Generator<string, string, undefined> {
  const { active, normal } = terminal.buffer;
  yield* drawRows(normal, terminal.cols, marks);
  if (active.type === 'alternate') {
    yield `${drawCursor(terminal, normal)}${escape}[?1049h${escape}[H`;
    yield* drawRows(active, terminal.cols);
  }
  return [
    drawRegion(terminal),
    drawCursor(terminal, active),
    toRendition(hiddenStateOf(terminal).look),
    drawModes(terminal.modes),
    drawRest(terminal),
    title === '' ? '' : `${escape}]2;${title.replaceAll(/\p{Cc}/gu, ' ')}\u0007`,
  ].join('');
}

/** Both move the cursor, so they come before it. */
function drawRegion(terminal: Terminal): string {
  const { scrollTop, scrollBottom } = hiddenStateOf(terminal);
  const isWhole = scrollTop === 0 && scrollBottom === terminal.rows - 1;
  const region = isWhole ? '' : `${escape}[${scrollTop + 1};${scrollBottom + 1}r`;
  return terminal.modes.originMode ? `${region}${escape}[?6h` : region;
}

function drawCursor(terminal: Terminal, buffer: Terminal['buffer']['active']): string {
  const { cursorX, cursorY } = buffer;
  // In origin mode a place is told from the region's top.
  const isOrigin = terminal.modes.originMode && buffer === terminal.buffer.active;
  const top = isOrigin ? hiddenStateOf(terminal).scrollTop : 0;
  const moveTo = (column: number): string => `${escape}[${cursorY - top + 1};${column + 1}H`;
  if (cursorX < terminal.cols) return moveTo(cursorX);
  // Behind the last column, where the next character wraps: there it comes by writing that column's own.
  const line = buffer.getLine(buffer.baseY + cursorY);
  const last = terminal.cols - 1;
  const column = line?.getCell(last)?.getWidth() === 0 ? last - 1 : last;
  const cell = line?.getCell(column);
  if (cell === undefined || cell.getChars() === '') return moveTo(last);
  return `${moveTo(column)}${toRendition(cell)}${cell.getChars()}${escape}[0m`;
}

const mouseModes = { none: '', x10: '?9h', vt200: '?1000h', drag: '?1002h', any: '?1003h' } as const;

function drawModes(modes: IModes): string {
  const set = [
    [modes.applicationCursorKeysMode, '?1h'],
    [modes.applicationKeypadMode, '?66h'],
    [modes.bracketedPasteMode, '?2004h'],
    [modes.insertMode, '4h'],
    [modes.reverseWraparoundMode, '?45h'],
    [modes.sendFocusMode, '?1004h'],
    [!modes.wraparoundMode, '?7l'],
    [modes.mouseTrackingMode !== 'none', mouseModes[modes.mouseTrackingMode]],
  ] as const;
  return set.map(([isSet, sequence]) => (isSet ? `${escape}[${sequence}` : '')).join('');
}

/** DECSCUSR's number of a blinking cursor; the steady one has the next. */
const cursorStyles = { block: 1, underline: 3, bar: 5 } as const;

const mouseEncodings: ReadonlyMap<string, string> = new Map([
  ['SGR', '?1006h'],
  ['SGR_PIXELS', '?1016h'],
]);

/** How the mouse reports, the cursor's shape and whether it shows. */
function drawRest(terminal: Terminal): string {
  const { cursorStyle, cursorBlink, isCursorHidden, mouseEncoding } = hiddenStateOf(terminal);
  const encoding = mouseEncodings.get(mouseEncoding);
  let rest = '';
  if (encoding !== undefined) rest += `${escape}[${encoding}`;
  if (cursorStyle !== undefined) rest += `${escape}[${cursorStyles[cursorStyle] + (cursorBlink === false ? 1 : 0)} q`;
  if (isCursorHidden) rest += `${escape}[?25l`;
  return rest;
}
