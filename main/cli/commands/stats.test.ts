import { expect, test } from 'vitest';
import { FakeHost } from '../fake/fake-host.ts';
import { beginWord, until } from '../fake/run-word.ts';
import { projectId, projectOf, runningContainer, snapshotOf } from '../fake/snapshots.ts';

const sample = { atMs: 1, cpuCores: 0.125, cpuLimitCores: 4, memoryBytes: 33e6, memoryLimitBytes: 4.2e9 };
const line = JSON.stringify(sample);

async function begin(words: string) {
  const host = new FakeHost(snapshotOf({ projects: [projectOf('/home/me/acme', { container: runningContainer })] }));
  const { io, code } = beginWord(words, [host]);
  await until(() => host.sessions.length === 1);
  const [session] = host.sessions;
  if (session === undefined) throw new Error('no session was opened');
  return { io, code, session };
}

test('one look in words, and as one JSON value', async () => {
  const words = await begin('stats');
  expect(words.session.request).toEqual({ kind: 'stats', projectId, follow: false });
  await words.session.print(`${line}\n`);
  words.session.end({ reason: 'exited', exitCode: 0 });
  expect(await words.code).toBe(0);
  expect(words.io.stdout).toBe('CPU 12.5 % (4 cores), memory 33.0 MB of 4.2 GB\n');

  const json = await begin('stats --json');
  await json.session.print(`${line}\n`);
  json.session.end({ reason: 'exited', exitCode: 0 });
  expect(await json.code).toBe(0);
  expect(JSON.parse(json.io.stdout)).toEqual(sample);
});

test('followed: a line each, also where bytes come split; Ctrl-C ends the stream', async () => {
  const { io, code, session } = await begin('stats --json --follow');
  expect(session.request).toMatchObject({ follow: true });
  await session.print(line.slice(0, 10));
  await session.print(`${line.slice(10)}\n${line}\n`);
  expect(io.stdout).toBe(`${line}\n${line}\n`);
  io.raise('SIGINT');
  expect(await code).toBe(130);
  expect(session.isEnded()).toBe(true);
});

test('a container that stops and an engine that goes away are told', async () => {
  const stopped = await begin('stats --follow');
  stopped.session.end({ reason: 'container-stopped' });
  expect(await stopped.code).toBe(0);
  expect(stopped.io.stderr).toContain('was stopped');
  const lost = await begin('stats --follow');
  lost.session.end({ reason: 'engine-lost' });
  expect(await lost.code).toBe(4);
});
