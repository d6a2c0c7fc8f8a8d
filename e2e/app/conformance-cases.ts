const escape = '\u001B';
const csi = (text: string): string => `${escape}[${text}`;

/** What a terminal must do with some bytes, by ECMA-48 and xterm's and the VT's own descriptions. */
export interface ConformanceCase {
  readonly name: string;
  /** Sent to a terminal that was just reset. */
  readonly send: string;
  /** Where the cursor then says it is, row and column from 1. */
  readonly at?: readonly [row: number, column: number];
  /** What rows then show, from 1, without spaces at their end. */
  readonly rows?: Readonly<Record<number, string>>;
  /** What the terminal answers before it tells where the cursor is. */
  readonly answer?: string;
  /** The text that is drawn in a way of its own, by the class that xterm.js gives it. */
  readonly drawn?: readonly [className: string, text: string];
}

/** Every case at a size of the terminal. */
export function toConformanceCases(lines: number, columns: number): readonly ConformanceCase[] {
  const five = ['1', '2', '3', '4', '5'].join('\r\n');
  const last = columns;
  const full = '-'.repeat(columns);
  const at = (row: number, column: number): string => csi(`${row};${column}H`);
  return [
    { name: 'CUP', send: at(5, 10), at: [5, 10] },
    { name: 'CUP without numbers is home', send: at(5, 10) + csi('H'), at: [1, 1] },
    { name: 'CUP beyond the screen stops at its end', send: at(9999, 9999), at: [lines, last] },
    { name: 'HVP', send: csi('3;4f'), at: [3, 4] },
    { name: 'CUU', send: at(5, 5) + csi('2A'), at: [3, 5] },
    { name: 'CUU by 0 is by 1', send: at(5, 5) + csi('0A'), at: [4, 5] },
    { name: 'CUU stops at the top', send: at(5, 5) + csi('99A'), at: [1, 5] },
    { name: 'CUD', send: at(5, 5) + csi('2B'), at: [7, 5] },
    { name: 'CUD stops at the bottom', send: at(5, 5) + csi('999B'), at: [lines, 5] },
    { name: 'CUF', send: at(5, 5) + csi('3C'), at: [5, 8] },
    { name: 'CUF stops at the right', send: at(5, 5) + csi('9999C'), at: [5, last] },
    { name: 'CUB', send: at(5, 5) + csi('3D'), at: [5, 2] },
    { name: 'CUB stops at the left', send: at(5, 5) + csi('99D'), at: [5, 1] },
    { name: 'CNL', send: at(5, 5) + csi('2E'), at: [7, 1] },
    { name: 'CPL', send: at(5, 5) + csi('2F'), at: [3, 1] },
    { name: 'CHA', send: at(5, 5) + csi('7G'), at: [5, 7] },
    { name: 'HPA', send: at(5, 5) + csi('7`'), at: [5, 7] },
    { name: 'HPR', send: at(5, 5) + csi('2a'), at: [5, 7] },
    { name: 'VPA', send: at(5, 5) + csi('7d'), at: [7, 5] },
    { name: 'VPR', send: at(5, 5) + csi('2e'), at: [7, 5] },
    { name: 'CR', send: `${at(5, 5)}\r`, at: [5, 1] },
    { name: 'LF keeps the column', send: `${at(5, 5)}\n`, at: [6, 5] },
    { name: 'VT and FF are LF', send: `${at(5, 5)}\u000B\u000C`, at: [7, 5] },
    { name: 'BS', send: `${at(5, 5)}\b`, at: [5, 4] },
    { name: 'BS stops at the left', send: `${at(5, 1)}\b`, at: [5, 1] },
    { name: 'IND', send: `${at(5, 5)}${escape}D`, at: [6, 5] },
    { name: 'NEL', send: `${at(5, 5)}${escape}E`, at: [6, 1] },
    { name: 'RI', send: `${at(5, 5)}${escape}M`, at: [4, 5] },
    { name: 'RI at the top scrolls down', send: `top${at(1, 1)}${escape}M`, at: [1, 1], rows: { 1: '', 2: 'top' } },
    { name: 'LF at the bottom scrolls up', send: `a${at(2, 1)}b${at(lines, 3)}\n`, at: [lines, 3], rows: { 1: 'b' } },

    { name: 'DECSTBM sends the cursor home', send: at(5, 5) + csi('3;7r'), at: [1, 1] },
    { name: 'DECSTBM that is no region is ignored', send: at(5, 5) + csi('7;3r'), at: [5, 5] },
    {
      name: 'LF at the bottom margin scrolls the region alone',
      send: `${five}${csi('2;4r')}${at(4, 1)}\n`,
      at: [4, 1],
      rows: { 1: '1', 2: '3', 3: '4', 4: '', 5: '5' },
    },
    {
      name: 'RI at the top margin scrolls the region alone',
      send: `${five}${csi('2;4r')}${at(2, 1)}${escape}M`,
      at: [2, 1],
      rows: { 1: '1', 2: '', 3: '2', 4: '3', 5: '5' },
    },
    { name: 'CUU stops at the top margin', send: csi('3;7r') + at(5, 5) + csi('99A'), at: [3, 5] },
    { name: 'CUD stops at the bottom margin', send: csi('3;7r') + at(5, 5) + csi('99B'), at: [7, 5] },
    { name: 'SU in a region', send: five + csi('2;4r') + csi('S'), rows: { 1: '1', 2: '3', 3: '4', 4: '', 5: '5' } },
    { name: 'SD in a region', send: five + csi('2;4r') + csi('T'), rows: { 1: '1', 2: '', 3: '2', 4: '3', 5: '5' } },
    {
      name: 'IL in a region',
      send: five + csi('2;4r') + at(3, 1) + csi('L'),
      rows: { 1: '1', 2: '2', 3: '', 4: '3', 5: '5' },
    },
    {
      name: 'DL in a region',
      send: five + csi('2;4r') + at(2, 1) + csi('M'),
      rows: { 1: '1', 2: '3', 3: '4', 4: '', 5: '5' },
    },
    { name: 'IL outside of the region does nothing', send: five + csi('2;4r') + at(1, 1) + csi('L'), rows: { 1: '1' } },
    { name: 'DECOM writes from the region’s top', send: `${csi('3;7r')}${csi('?6h')}x`, rows: { 3: 'x' } },
    { name: 'CUP in origin mode', send: `${csi('3;7r')}${csi('?6h')}${at(2, 4)}x`, rows: { 4: '   x' } },
    {
      name: 'CUP in origin mode stops at the region’s end',
      send: `${csi('3;7r')}${csi('?6h')}${at(99, 1)}x`,
      rows: { 7: 'x' },
    },
    { name: 'CPR in origin mode tells the place in the region', send: csi('3;7r') + csi('?6h') + at(2, 4), at: [2, 4] },
    { name: 'leaving origin mode is home', send: csi('3;7r') + csi('?6h') + csi('?6l'), at: [1, 1] },

    { name: 'HT', send: '\t', at: [1, 9] },
    { name: 'HT from a stop goes to the next', send: `${at(1, 9)}\t`, at: [1, 17] },
    { name: 'HT stops at the last column', send: '\t'.repeat(200), at: [1, last] },
    { name: 'HTS', send: `${at(1, 4)}${escape}H\r\t`, at: [1, 4] },
    { name: 'TBC of one stop', send: `${at(1, 9)}${csi('g')}\r\t`, at: [1, 17] },
    { name: 'TBC of all stops', send: `${csi('3g')}\t`, at: [1, last] },
    { name: 'CHT', send: csi('2I'), at: [1, 17] },
    { name: 'CBT', send: at(1, 20) + csi('2Z'), at: [1, 9] },

    { name: 'ED 0', send: five + at(3, 1) + csi('J'), at: [3, 1], rows: { 2: '2', 3: '', 5: '' } },
    { name: 'ED 1', send: five + at(3, 1) + csi('1J'), rows: { 1: '', 3: '', 4: '4' } },
    { name: 'ED 2 leaves the cursor', send: five + at(3, 1) + csi('2J'), at: [3, 1], rows: { 1: '', 5: '' } },
    { name: 'ED 3 leaves the screen', send: five + csi('3J'), rows: { 1: '1', 5: '5' } },
    { name: 'EL 0', send: `abcdef${at(1, 3)}${csi('K')}`, at: [1, 3], rows: { 1: 'ab' } },
    { name: 'EL 1', send: `abcdef${at(1, 3)}${csi('1K')}`, rows: { 1: '   def' } },
    { name: 'EL 2', send: `abcdef${at(1, 3)}${csi('2K')}`, at: [1, 3], rows: { 1: '' } },
    { name: 'ECH', send: `abcdef${at(1, 2)}${csi('3X')}`, at: [1, 2], rows: { 1: 'a   ef' } },
    { name: 'ICH', send: `abcdef${at(1, 2)}${csi('2@')}`, at: [1, 2], rows: { 1: 'a  bcdef' } },
    { name: 'DCH', send: `abcdef${at(1, 2)}${csi('2P')}`, at: [1, 2], rows: { 1: 'adef' } },
    { name: 'IL', send: five + at(2, 1) + csi('2L'), rows: { 1: '1', 2: '', 3: '', 4: '2' } },
    { name: 'DL', send: five + at(2, 1) + csi('2M'), rows: { 1: '1', 2: '4', 3: '5', 4: '' } },
    { name: 'IRM', send: `abc${at(1, 2)}${csi('4h')}xy`, rows: { 1: 'axybc' } },
    { name: 'IRM off again', send: `abc${at(1, 2)}${csi('4h')}x${csi('4l')}y`, rows: { 1: 'axyc' } },
    { name: 'REP', send: `ab${csi('3b')}`, at: [1, 6], rows: { 1: 'abbbb' } },
    { name: 'DECALN', send: `${at(5, 5)}${escape}#8`, at: [1, 1], rows: { 1: 'E'.repeat(columns) } },

    { name: 'a full row waits with its wrap', send: full, at: [1, last], rows: { 1: full, 2: '' } },
    { name: 'the next character wraps', send: `${full}x`, at: [2, 2], rows: { 2: 'x' } },
    { name: 'CR takes the waiting wrap back', send: `${full}\rx`, at: [1, 2], rows: { 1: `x${full.slice(1)}` } },
    {
      name: 'DECAWM off writes over the last column',
      send: `${csi('?7l')}${full}xy`,
      rows: { 1: `${full.slice(1)}y` },
    },
    { name: 'BS after a reverse wrap', send: `${csi('?45h')}${full}x\b\b`, at: [1, last] },

    { name: 'DECSC and DECRC', send: `${at(5, 5)}${escape}7${at(9, 9)}${escape}8`, at: [5, 5] },
    { name: 'DECRC without DECSC is home', send: `${at(9, 9)}${escape}8`, at: [1, 1] },
    { name: 'SCOSC and SCORC', send: at(5, 5) + csi('s') + at(9, 9) + csi('u'), at: [5, 5] },
    {
      name: 'DECRC brings the rendition back',
      send: `${csi('1m')}${escape}7${csi('0m')}${escape}8bold`,
      drawn: ['xterm-bold', 'bold'],
    },
    { name: '1049 is an empty screen', send: `main${csi('?1049h')}`, rows: { 1: '' } },
    {
      name: '1049 gives screen and cursor back',
      send: `main${csi('?1049h')}${at(5, 5)}other${csi('?1049l')}`,
      at: [1, 5],
      rows: { 1: 'main', 5: '' },
    },
    {
      name: '47 gives the screen back',
      send: `main${csi('?47h')}${at(5, 5)}x${csi('?47l')}`,
      rows: { 1: 'main', 5: '' },
    },
    { name: '1047 gives the screen back', send: `main${csi('?1047h')}${at(5, 5)}x${csi('?1047l')}`, rows: { 5: '' } },

    { name: 'line drawing in G0', send: `${escape}(0lqk${escape}(Bl`, rows: { 1: '┌─┐l' } },
    { name: 'line drawing in G1 by SO and SI', send: `${escape})0\u000Ex\u000Fx`, rows: { 1: '│x' } },
    {
      name: 'DECSTR ends origin and insert mode',
      send: `${csi('?6h')}${csi('4h')}${csi('!p')}ab\rx`,
      rows: { 1: 'xb' },
    },
    { name: 'RIS', send: `abc${csi('3;7r')}${escape}c`, at: [1, 1], rows: { 1: '' } },

    { name: 'wide characters take two columns', send: '日本', at: [1, 5], rows: { 1: '日本' } },
    {
      name: 'a wide character that does not fit wraps',
      send: `${at(1, last)}日`,
      at: [2, 3],
      rows: { 2: '日' },
    },
    { name: 'emoji of Unicode 11 take two columns', send: '🙂🥰', at: [1, 5], rows: { 1: '🙂🥰' } },
    { name: 'a combining mark takes none', send: 'e\u0301x', at: [1, 3], rows: { 1: 'e\u0301x' } },
    { name: 'half of a wide character takes the other with it', send: `日本${at(1, 2)}x`, rows: { 1: ' x本' } },
    { name: 'DCH of wide characters', send: `日本語${at(1, 1)}${csi('2P')}`, rows: { 1: '本語' } },
    { name: 'UTF-8 in pieces of a sequence', send: 'äß€', at: [1, 4], rows: { 1: 'äß€' } },

    { name: 'SGR 1', send: `${csi('1m')}word${csi('22m')} x`, drawn: ['xterm-bold', 'word'] },
    { name: 'SGR 2', send: `${csi('2m')}word${csi('22m')} x`, drawn: ['xterm-dim', 'word'] },
    { name: 'SGR 3', send: `${csi('3m')}word${csi('23m')} x`, drawn: ['xterm-italic', 'word'] },
    { name: 'SGR 4', send: `${csi('4m')}word${csi('24m')} x`, drawn: ['xterm-underline-1', 'word'] },
    { name: 'SGR 4:3', send: `${csi('4:3m')}word${csi('24m')} x`, drawn: ['xterm-underline-3', 'word'] },
    { name: 'SGR 9', send: `${csi('9m')}word${csi('29m')} x`, drawn: ['xterm-strikethrough', 'word'] },
    { name: 'SGR 31', send: `${csi('31m')}word${csi('39m')} x`, drawn: ['xterm-fg-1', 'word'] },
    { name: 'SGR 42', send: `${csi('42m')}word${csi('49m')} x`, drawn: ['xterm-bg-2', 'word'] },
    { name: 'SGR 38;5', send: `${csi('38;5;5m')}word${csi('0m')} x`, drawn: ['xterm-fg-5', 'word'] },
    { name: 'SGR 97', send: `${csi('97m')}word${csi('m')} x`, drawn: ['xterm-fg-15', 'word'] },

    { name: 'a control inside a sequence is done at once', send: `ab${csi('2\bC')}`, at: [1, 4] },
    { name: 'CAN ends a sequence', send: `${csi('2\u0018')}C`, rows: { 1: 'C' } },
    { name: 'ESC begins a sequence anew', send: `${csi('2')}${csi('3C')}`, at: [1, 4] },
    { name: 'an unknown sequence shows nothing', send: `${csi('?9999;1z')}ok`, rows: { 1: 'ok' } },
    { name: 'a string that is not understood shows nothing', send: `${escape}_secret${escape}\\ok`, rows: { 1: 'ok' } },
    { name: 'DSR 5', send: csi('5n'), answer: csi('0n') },
    { name: 'DA1', send: csi('c'), answer: csi('?1;2c') },
    { name: 'DA2', send: csi('>c'), answer: csi('>0;276;0c') },
    { name: 'DECXCPR', send: at(2, 3) + csi('?6n'), answer: csi('?2;3R') },
  ];
}
