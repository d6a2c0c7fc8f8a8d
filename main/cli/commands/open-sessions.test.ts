import { expect, test } from 'vitest';
import { FakeHost } from '../fake/fake-host.ts';
import { beginWord } from '../fake/run-word.ts';
import { nowMs, projectOf, runningContainer, snapshotOf } from '../fake/snapshots.ts';

const session = { id: 'session-0123456789ab', kind: 'shell', title: 'bash', kept: true, openedAtMs: nowMs } as const;
const other = { ...session, id: 'session-ba9876543210', title: 'sh\u001b[31m', kept: false, openedAtMs: nowMs - 1 };
const host = () =>
  new FakeHost(
    snapshotOf({ projects: [projectOf('/home/me/acme', { container: runningContainer, sessions: [session, other] })] }),
  );

test('sessions are listed, the oldest first, whoever opened them', async () => {
  const { io, code } = beginWord('sessions', [host()]);
  expect(await code).toBe(0);
  const lines = io.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^session-ba9876543210 .*command line .*\/home\/me\/acme$/u);
  expect(lines[2]).toMatch(/^session-0123456789ab {2}bash .*window/u);
  expect(io.stdout).not.toContain('\u001b');
});

test('as JSON, and none', async () => {
  const json = beginWord('sessions --json', [host()]);
  expect(await json.code).toBe(0);
  expect(JSON.parse(json.io.stdout)).toMatchObject([
    { id: other.id, folder: '/home/me/acme' },
    { id: session.id, kept: true },
  ]);
  const none = beginWord('sessions', [new FakeHost(snapshotOf())]);
  expect(await none.code).toBe(0);
  expect(none.io.stdout).toContain('No sessions are open');
});

test('kill ends the one that is named', async () => {
  const place = host();
  const { io, code } = beginWord(`sessions kill ${session.id}`, [place]);
  expect(await code).toBe(0);
  expect(place.commands).toContainEqual({ type: 'endSession', sessionId: session.id });
  expect(io.stdout).toBe(`Ended ${session.id}.\n`);
});

test.each(['sessions kill', 'sessions end x', 'sessions list x'])('%s is told what it lacks', async (words) => {
  const { io, code } = beginWord(words, [host()]);
  expect(await code).toBe(2);
  expect(io.stderr).toContain('tazpod sessions [list | kill ID]');
});
