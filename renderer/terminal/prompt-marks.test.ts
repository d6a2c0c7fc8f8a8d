import headless from '@xterm/headless';
import { expect, it } from 'vitest';
import type { CommandEnd } from '../../preload/contract/window.ts';
import { markPrompts, wantsNotice, type MarkedTerminal } from './prompt-marks.ts';

const mark = (text: string): string => `\u001B]133;${text}\u0007`;
const command = (lines: number, code: number): string =>
  `${mark('A')}$ run\r\n${mark('C')}${'out\r\n'.repeat(lines)}${mark(`D;${code}`)}`;

function open() {
  const terminal = new headless.Terminal({ rows: 10, cols: 40, scrollback: 1_000, allowProposedApi: true });
  const ends: CommandEnd[] = [];
  const selected: string[] = [];
  let now = 0;
  const marked = Object.assign(terminal, {
    registerDecoration: () => undefined,
    selectLines: (first: number, last: number) => void selected.push(`${first} to ${last}`),
  }) as unknown as MarkedTerminal;
  const prompts = markPrompts(
    marked,
    () => now,
    (end) => void ends.push(end),
  );
  const write = async (text: string): Promise<void> => new Promise((resolve) => terminal.write(text, resolve));
  const wait = (ms: number): void => {
    now += ms;
  };
  return { terminal, prompts, ends, selected, write, wait };
}

it('tells how a command ended and how long it ran', async () => {
  const { ends, write, wait } = open();
  // Before the first command there is nothing to tell of.
  await write(`${mark('D;0')}${mark('A')}$ make\r\n${mark('C')}`);
  wait(12_000);
  await write(mark('D;2'));
  // An empty line has no command: its shell tells the last status again.
  await write(`${mark('A')}$ \r\n${mark('D;2')}${mark('A')}$ `);
  expect(ends).toEqual([{ durationMs: 12_000, exitCode: 2 }]);
});

it('takes no number that is none for an exit code', async () => {
  const { ends, write } = open();
  for (const code of ['999999999999', '-1', 'x', '']) await write(`${mark('A')}\r\n${mark('C')}${mark(`D;${code}`)}`);
  expect(ends).toEqual(Array.from({ length: 4 }, () => ({ durationMs: 0 })));
});

it('jumps from prompt to prompt and back to the end', async () => {
  const { terminal, prompts, write } = open();
  await write(command(20, 0) + command(20, 1) + mark('A'));
  const lines: number[] = [];
  for (const backward of [true, true, true, false, false, false]) {
    prompts.jump(backward);
    lines.push(terminal.buffer.normal.viewportY);
  }
  const end = terminal.buffer.normal.baseY;
  expect(lines).toEqual([21, 0, 0, 21, end, end]);
});

it('selects what the last command printed, or the one that was jumped to', async () => {
  const { prompts, selected, write } = open();
  await write(`${command(20, 0)}${command(3, 0)}${mark('A')}$ `);
  prompts.selectOutput();
  prompts.jump(true);
  prompts.jump(true);
  prompts.selectOutput();
  expect(selected).toEqual(['22 to 24', '1 to 20']);
});

it('forgets prompts of a screen that was cleared, and marks none of a full-screen program', async () => {
  const { terminal, prompts, write } = open();
  await write(`${mark('A')}$ a\r\n${mark('A')}$ b\r\n\u001B[2J\u001B[H${mark('A')}$ `);
  expect(terminal.markers.length).toBe(1);
  await write(`\u001B[?1049h${mark('A')}${mark('C')}\u001B[?1049l`);
  expect(terminal.markers.length).toBe(1);
  prompts.selectOutput();
});

it('keeps no more than 500', async () => {
  const { terminal, write } = open();
  await write(`${mark('A')}\r\n`.repeat(900));
  expect(terminal.markers.length).toBe(500);
});

it.each([
  [9_999, false, 10, false],
  [10_000, false, 10, true],
  [10_000, true, 10, false],
  [99_999, false, 0, false],
])('a command of %d ms, seen %s, with a notice after %d s: %s', (durationMs, isSeen, afterSeconds, wants) => {
  expect(wantsNotice({ durationMs }, isSeen, afterSeconds)).toBe(wants);
});
