import headless from '@xterm/headless';
import { expect, it } from 'vitest';
import { drawScreen } from './draw-screen.ts';
import { followPrompts } from './prompt-lines.ts';

const mark = (text: string): string => `\u001B]133;${text}\u0007`;

function open() {
  const terminal = new headless.Terminal({ rows: 8, cols: 30, scrollback: 100, allowProposedApi: true });
  const told: string[] = [];
  const prompts = followPrompts(terminal);
  // Asked before the one above, as it came later.
  terminal.parser.registerOscHandler(133, (data) => {
    const { baseY, cursorY } = terminal.buffer.normal;
    told.push(`${data} at ${baseY + cursorY}`);
    return false;
  });
  const write = async (text: string): Promise<void> => new Promise((resolve) => terminal.write(text, resolve));
  return { terminal, prompts, told, write };
}

function drawn({ terminal, prompts }: ReturnType<typeof open>): string {
  const pieces = drawScreen(terminal, '', prompts.marks());
  let text = '';
  for (;;) {
    const { value, done } = pieces.next();
    text += value;
    if (done === true) return text;
  }
}

async function restored(text: string): Promise<readonly string[]> {
  const first = open();
  await first.write(text);
  const again = open();
  await again.write(drawn(first));
  // Drawn once more, nothing changes.
  expect(drawn(again)).toBe(drawn(first));
  return again.told;
}

it('a terminal that is drawn anew is told of every prompt at its line', async () => {
  const output = 'x'.repeat(70);
  const text = `banner\r\n${mark('D;0')}${mark('A')}$ one\r\n${mark('C')}${output}\r\n${mark('D;3')}${mark('A')}$ two\r\n${mark('C')}${'y\r\n'.repeat(9)}${mark('D;0')}${mark('A')}$ `;
  expect(await restored(text)).toEqual(['A at 1', 'C at 2', 'D;3 at 2', 'A at 5', 'C at 6', 'D;0 at 6', 'A at 15']);
});

it('is told of a command that still runs, also behind a full-screen program', async () => {
  const text = `${mark('A')}$ vim\r\n${mark('C')}\u001B[?1049h${mark('A')}${mark('D;1')}text`;
  expect(await restored(text)).toEqual(['A at 0', 'C at 1']);
});

it('is told no words of a program’s own', async () => {
  expect(await restored(`${mark('A;k=i')}$ \r\n${mark('C;x')}${mark('D;1;more')}${mark('X')}`)).toEqual([
    'A at 0',
    'C at 1',
  ]);
});

it('is told of the last 500 at most, and of none that scrolled away', async () => {
  const { prompts, write } = open();
  await write(`${mark('A')}\r\n`.repeat(900));
  expect(prompts.marks().size).toBeLessThanOrEqual(108);
});
