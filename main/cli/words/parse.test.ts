import { expect, test } from 'vitest';
import { parseWords, UsageError } from './parse.ts';

function refusal(...argv: string[]): string {
  try {
    parseWords(argv);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('it was understood');
}

test('no word at all, or only a command, is the guided entry', () => {
  expect(parseWords([])).toMatchObject({ word: 'enter', operands: [], command: null });
  expect(parseWords(['--', 'make', '--test'])).toMatchObject({ word: 'enter', command: ['make', '--test'] });
  expect(parseWords(['--trust'])).toMatchObject({ word: 'enter', flags: { trust: true } });
});

test('words, aliases, flags in any place', () => {
  expect(parseWords(['ssh', 'DIR', '--', 'ls', '-l'])).toMatchObject({
    word: 'enter',
    operands: ['DIR'],
    command: ['ls', '-l'],
  });
  expect(parseWords(['up', 'DIR', '--init', '--image=a/b:c', '--trust'])).toMatchObject({
    word: 'up',
    operands: ['DIR'],
    flags: { init: true, image: 'a/b:c', trust: true },
  });
  expect(parseWords(['--json', 'list'])).toMatchObject({ word: 'list', flags: { json: true } });
  expect(parseWords(['logs', '-f', '--tail', '20'])).toMatchObject({ flags: { follow: true, tail: 20 } });
  expect(parseWords(['down', '--', '-odd-'])).toMatchObject({ operands: ['-odd-'], command: null });
  expect(parseWords(['image', 'pull', 'x:y'])).toMatchObject({ operands: ['pull', 'x:y'] });
});

test('what makes no sense is said, with what was probably meant', () => {
  expect(refusal('statsu')).toContain('Did you mean status?');
  expect(refusal('./folder')).toContain('tazpod enter ./folder');
  expect(refusal('up', '--trsut')).toContain('Did you mean --trust?');
  expect(refusal('up', '-x')).toContain('no flag -x');
  expect(refusal('down', '--trust')).toContain('no flag --trust');
  expect(refusal('up', '--image')).toContain('needs a value');
  expect(refusal('up', '--image', 'a:b')).toContain('--init');
  expect(refusal('up', '--init=yes')).toContain('takes no value');
  expect(refusal('logs', '--tail', 'all')).toContain('number');
  expect(refusal('logs', '--tail', '-3')).not.toBe('');
  expect(refusal('up', 'a', 'b')).toContain('"b"');
  expect(refusal('list', 'a')).toContain('"a"');
  expect(refusal('enter', '--')).toContain('command');
  expect(refusal('st\u001b[2Jx')).not.toContain('\u001b');
});
