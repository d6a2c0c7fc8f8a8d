import { expect, test } from 'vitest';
import { toFailure } from '../../../preload/contract/errors.ts';
import { FakeHost } from '../fake/fake-host.ts';
import { beginWord, until } from '../fake/run-word.ts';
import { endingOf, operationId, operationOf, projectOf, runningContainer, snapshotOf } from '../fake/snapshots.ts';

const setupId = 'op-aaaaaaaaaaaa';
const setup = operationOf({ id: setupId, kind: 'setup', step: 'running-setup' });
const setupEnding = endingOf({ operationId: setupId, kind: 'setup', text: 'Set up.' });

/** A host whose start has queued a setup command by its end. */
function hostWith(): FakeHost {
  const host = new FakeHost(snapshotOf({ projects: [projectOf('/home/me/acme', {})] }));
  return host
    .on('startProject', () => {
      host.publishProject({ container: runningContainer, operations: [setup], activity: [endingOf()] });
      return { accepted: true, operationId };
    })
    .on('retrySetup', () => {
      host.publishProject({ operations: [setup] });
      return { accepted: true, operationId: setupId };
    });
}

const print = (host: FakeHost, text: string, length = text.length): void =>
  host.publishProject({ operations: [{ ...setup, output: { text, length } }] });

test('up prints what the setup command prints, also what came with its end alone', async () => {
  const host = hostWith();
  const { io, code } = beginWord('up', [host]);
  await until(() => host.sent('startProject').length === 1);
  print(host, 'one\n');
  print(host, 'one\ntwo\n');
  await until(() => io.stderr.includes('two'));
  host.publishProject({
    operations: [],
    activity: [endingOf(), { ...setupEnding, output: { text: 'two\nthree \u001b[2J\n', length: 19 } }],
  });
  expect(await code).toBe(0);
  expect(io.stderr).toContain('one\ntwo\nthree ');
  expect(io.stderr).not.toContain('\u001b');
  expect(io.stdout).toBe('Started acme (container acme-lab).\n');
  expect(io.leftListeners).toBe(0);
});

test('what was lost between two looks is said', async () => {
  const host = hostWith();
  const { io, code } = beginWord('setup', [host]);
  await until(() => host.sent('retrySetup').length === 1);
  print(host, 'one\n');
  await until(() => io.stderr.includes('one'));
  host.publishProject({ operations: [], activity: [{ ...setupEnding, output: { text: 'end\n', length: 1_000 } }] });
  expect(await code).toBe(0);
  expect(io.stderr).toContain('[992 characters left out]\nend\n');
});

test('a setup command that failed exits with 1, its words and its next step', async () => {
  const host = hostWith();
  const { io, code } = beginWord('up', [host]);
  await until(() => host.sent('startProject').length === 1);
  const failure = toFailure('setup-failed', { command: 'make', exitCode: 2, tail: 'no rule' });
  host.publishProject({ operations: [], activity: [endingOf(), { ...setupEnding, outcome: 'failed', failure }] });
  expect(await code).toBe(1);
  expect(io.stderr).toMatch(/ended with code 2: make[^]*tazpod setup/u);
});

test('Ctrl-C cancels it', async () => {
  const host = hostWith().on('cancelOperation', () => {
    host.publishProject({ operations: [], activity: [endingOf(), { ...setupEnding, outcome: 'cancelled' }] });
    return { accepted: true };
  });
  const { io, code } = beginWord('up', [host]);
  await until(() => host.sent('startProject').length === 1);
  print(host, 'one\n');
  await until(() => io.stderr.includes('one'));
  io.raise('SIGINT');
  expect(await code).toBe(1);
  expect(host.sent('cancelOperation')).toEqual([{ type: 'cancelOperation', operationId: setupId }]);
});

test('a setup command that ended before it was looked for counts', async () => {
  const failure = toFailure('setup-failed', { command: 'make', exitCode: 2, tail: '' });
  const host = hostWith().on('startProject', () => {
    const ending = { ...setupEnding, outcome: 'failed' as const, failure };
    host.publishProject({ container: runningContainer, operations: [], activity: [endingOf(), ending] });
    return { accepted: true, operationId };
  });
  const { code } = beginWord('up', [host]);
  expect(await code).toBe(1);
});
