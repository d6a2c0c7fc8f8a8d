import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { typeHidden } from './hidden-line.ts';

test.each([
  ['abc\r', { status: 'done', text: 'abc', rest: '' }],
  ['abc\nnext\n', { status: 'done', text: 'abc', rest: 'next\n' }],
  ['ab\u007fc\b\n', { status: 'done', text: 'a', rest: '' }],
  ['all\u0015new\r', { status: 'done', text: 'new', rest: '' }],
  ['pass wörd 🔑x\u007f\r', { status: 'done', text: 'pass wörd 🔑', rest: '' }],
  ['a\u001b[D\u001b[3~\u001bOPb\t\r', { status: 'done', text: 'ab', rest: '' }],
  ['ab\u0003', { status: 'cancelled' }],
  ['ab\u0004', { status: 'cancelled' }],
  ['ab', { status: 'open', text: 'ab' }],
])('%j', (keys, expected) => {
  expect(typeHidden('', keys)).toEqual(expected);
});

const fixture = fileURLToPath(new URL('./fake/hidden-fixture.ts', import.meta.url));
const hasScript = spawnSync('script', ['--version']).status === 0;

/** Types keys into the question on a terminal of its own, between two looks at that terminal's settings. */
async function typeOnTerminal(
  keys: string,
  how = 'ask',
): Promise<{ readonly before: string; readonly after: string; readonly output: string }> {
  const words = `stty -g; '${process.execPath}' '${fixture}' ${how}; echo code=$?; stty -g`;
  const child = spawn('script', ['-qec', words, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  let isTyped = false;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
    if (isTyped || !output.includes('question? ')) return;
    isTyped = true;
    child.stdin.write(keys);
  });
  await once(child, 'close');
  const settings = output.match(/^(?:[0-9a-f]+:)+[0-9a-f]+/gmu) ?? [];
  return { before: settings[0] ?? 'none', after: settings.at(-1) ?? 'none at all', output };
}

const hexOf = (text: string): string => Buffer.from(text).toString('hex');

test.runIf(hasScript).each([
  ['a line', 'pass wörd\u007f\r', 'ask', `answer=${hexOf('pass wör')}`],
  ['Ctrl-C', 'pass wör\u0003', 'ask', 'answer=none'],
  ['a signal', '', 'signal', 'code=143'],
])('a real terminal shows nothing of it and is as before after %s', async (_what, keys, how, said) => {
  const { before, after, output } = await typeOnTerminal(keys, how);
  expect(output).toContain(said);
  expect(output).not.toContain('pass');
  expect(after).toBe(before);
});
