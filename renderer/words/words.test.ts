import { describe, expect, it, test } from 'vitest';
import { toFailure } from '../../preload/contract/errors.ts';
import {
  invalid,
  minutesAgo,
  project,
  pulling,
  running,
  shell,
  stopped,
  untrusted,
} from '../testing/scenarios/parts.ts';
import { containerNameProblem, initialChoice, standardImage, toImageChoices, toSuggestedName } from './images.ts';
import { fractionOf, progressFacts, shortOperationWords } from './progress-words.ts';
import { rowNote, rowWord, shapeOf, spokenRow, stateWords, urgencyOf } from './project-words.ts';
import { countOf, formatAgo, formatBytes, formatDuration, formatElapsed } from './units.ts';
import { parentOf, toShortPath, toVisibleBlock, toVisibleName, toVisibleText } from './visible-text.ts';

const failure = toFailure('container-exited', { container: 'c', exitCode: 1, logTail: '' });

describe('a project in words', () => {
  it.each([
    ['running', project('a', { container: running('a-lab') }), 'running', 'running', ''],
    [
      'with terminals',
      project('a', { container: running('a-lab'), sessions: [shell('1'), shell('2')] }),
      'running',
      '2 terminals',
      '',
    ],
    ['pulling', project('a', { operations: [pulling] }), 'busy', 'pulling 62%', ''],
    ['resting', project('a'), 'stopped', '', ''],
    ['stopped', project('a', { container: stopped('a-lab', 137) }), 'stopped', '', ''],
    [
      'with a wrong config',
      project('a', { config: invalid('/a') }),
      'error',
      'config line 7',
      'network.mtu: found "big"',
    ],
    ['failed', project('a', { failure }), 'error', 'failed', 'The container c exited at once with code 1.'],
    ['not trusted', project('a', { trust: untrusted(false) }), 'attention', 'to review', ''],
    ['asking again', project('a', { trust: untrusted(true) }), 'attention', 'to review', 'asks for something new'],
    ['without its folder', project('a', { folderStatus: 'missing' }), 'error', 'folder missing', ''],
    [
      'with a network too large',
      project('a', { container: running('a-lab'), network: { mtu: 1500, wantedMtu: 1280, tooLarge: true } }),
      'attention',
      'MTU too large',
      '',
    ],
  ])('%s', (_what, one, shape, word, note) => {
    expect([shapeOf(one), rowWord(one), rowNote(one)]).toEqual([shape, word, note]);
  });

  it('says the state in full', () => {
    const nowMs = minutesAgo(0);
    expect(stateWords(project('a', { container: running('a', 120) }), nowMs)).toBe('Running 2 h');
    expect(stateWords(project('a', { container: running('a', 0.5) }), nowMs)).toBe('Running, just started');
    expect(stateWords(project('a', { container: stopped('a', 137) }), nowMs)).toBe('Stopped, exit code 137');
    expect(stateWords(project('a', { operations: [pulling] }), nowMs)).toBe('Starting');
    expect(stateWords(project('a'), nowMs)).toBe('Not running');
  });

  it('speaks the whole row, with nothing said twice', () => {
    const one = project('evil\u202Ename', { failure });
    expect(spokenRow(one, 0)).toBe(
      String.raw`evil\u{202e}name: Failed, failed, The container c exited at once with code 1.`,
    );
  });

  it('keeps a busy one among the running', () => {
    expect(urgencyOf(project('a', { operations: [pulling], failure }))).toBe('busy');
  });
});

describe('progress', () => {
  it('tells bytes, layers and share', () => {
    expect(fractionOf(pulling)).toBeCloseTo(0.62);
    expect(progressFacts(pulling)).toEqual(['744 MB of 1.2 GB', '4 of 7 layers']);
  });

  it.each([
    ['no progress', null, null, []],
    ['unknown total', { doneBytes: 5_000_000, totalBytes: null, detail: '' }, null, ['5.0 MB']],
    ['a build step', { doneBytes: 0, totalBytes: null, detail: 'Step 2/9' }, null, ['Step 2/9']],
    ['more than all', { doneBytes: 9, totalBytes: 3, detail: '' }, 1, ['9 B of 3 B']],
  ])('with %s', (_what, progress, fraction, facts) => {
    const operation = { ...pulling, progress };
    expect([fractionOf(operation), progressFacts(operation)]).toEqual([fraction, facts]);
  });

  it('says cancelling and waiting before anything else', () => {
    expect(shortOperationWords({ ...pulling, step: 'cancelling' })).toBe('cancelling');
    expect(shortOperationWords({ ...pulling, step: 'waiting' })).toBe('waiting');
    expect(shortOperationWords({ ...pulling, step: 'checking', progress: null })).toBe('starting');
  });
});

test('units', () => {
  expect([0, 999, 1234, 12_345_678, 2_000_000_000].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.2 kB',
    '12.3 MB',
    '2.0 GB',
  ]);
  expect([400, 12_000, 185_000, 7_800_000].map(formatDuration)).toEqual(['0.4 s', '12 s', '3 min 5 s', '2 h 10 min']);
  expect([400, 9_900, 60_000].map(formatElapsed)).toEqual(['0 s', '9 s', '1 min']);
  expect([0, 300_000, 7_200_000, 259_200_000].map((ms) => formatAgo(0, ms))).toEqual([
    'just now',
    '5 min ago',
    '2 h ago',
    '3 d ago',
  ]);
  expect([countOf(1, 'tab'), countOf(0, 'tab')]).toEqual(['1 tab', '0 tabs']);
});

test('what is hidden is shown, what is text stays', () => {
  expect(toVisibleText('a\nb\u001B[31m\u202E\u200B\uFEFF')).toBe(String.raw`a\nb\x1b[31m\u{202e}\u{200b}\u{feff}`);
  expect(toVisibleText('Füße 日本 مشروع 👩‍👩‍👧')).toBe('Füße 日本 مشروع 👩‍👩‍👧');
  expect(toVisibleBlock('one\r\ntwo\u0007')).toBe('one\ntwo\\x07');
  expect(toVisibleName('  ')).toBe('"  "');
});

test('paths', () => {
  expect(['/home/mira/code/a', '/Users/mira', '/root/a', '/srv/home/x', '/home/mira2'].map(toShortPath)).toEqual([
    '~/code/a',
    '~',
    '~/a',
    '/srv/home/x',
    '~',
  ]);
  expect(['/a/b', '/a', '/', String.raw`C:\code\a`].map(parentOf)).toEqual(['/a', '/', '/', String.raw`C:\code`]);
});

describe('the image choice', () => {
  const base = { id: '1', tags: ['tazpod/base:local'], sizeBytes: 206_000_000 };

  it('begins with ours, then what is here', () => {
    const choices = toImageChoices([
      { id: '2', tags: ['zz', 'debian:12'], sizeBytes: 1000 },
      base,
      { id: '3', tags: [], sizeBytes: 1 },
    ]);
    expect(choices.map(({ reference }) => reference)).toEqual([
      standardImage,
      'tazpod/base:local',
      'tazzo/tazpod-k8s:latest',
      'tazzo/tazpod-aws:latest',
      'tazzo/tazpod-base:latest',
      'debian:12',
      'zz',
    ]);
    expect(choices[1]?.note).toBe('Built on this machine, 206 MB');
  });

  it('starts at what needs no pull', () => {
    expect(initialChoice(toImageChoices([base]))).toBe('tazpod/base:local');
    expect(initialChoice(toImageChoices([]))).toBe(standardImage);
    expect(initialChoice(toImageChoices([base, { id: '2', tags: [standardImage], sizeBytes: 1 }]))).toBe(standardImage);
  });

  it('suggests and checks container names', () => {
    expect(['My Project!', 'ünïcode', '日本', '-x'].map(toSuggestedName)).toEqual([
      'My-Project-lab',
      'unicode-lab',
      'project-lab',
      'x-lab',
    ]);
    expect(['', 'ok', 'a.b-c_d'].map(containerNameProblem)).toEqual([null, null, null]);
    for (const wrong of ['-a', 'a', 'a b', 'ä1', 'x'.repeat(64)]) expect(containerNameProblem(wrong)).not.toBeNull();
  });
});
