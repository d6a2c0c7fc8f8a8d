import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeHost, type FakeSession } from '../fake/fake-host.ts';
import { beginWord, runWord, until } from '../fake/run-word.ts';
import { operationOf, projectId, projectOf, runningContainer, snapshotOf, untrusted } from '../fake/snapshots.ts';

const folder = '/home/me/acme';
const tty = { isTty: true, environment: { NO_COLOR: '1' } };

function runningHost(onSession: (session: FakeSession) => void = () => undefined): FakeHost {
  const host = new FakeHost(snapshotOf({ projects: [projectOf(folder, { container: runningContainer })] }));
  host.onSession = onSession;
  return host;
}

async function openShell(words = 'enter', options = {}) {
  const host = runningHost();
  const { io, code } = beginWord(words, [host], { ...tty, ...options });
  await until(() => host.sessions.length === 1);
  const [session] = host.sessions;
  if (session === undefined) throw new Error('no session was opened');
  return { host, io, code, session };
}

test('a shell: right size, raw keys, bytes both ways, resizes, exit code, terminal back', async () => {
  const { io, code, session, host } = await openShell();
  expect(session.request).toEqual({ kind: 'shell', projectId, size: { rows: 24, columns: 80 } });
  expect(host.sent('startProject')).toEqual([]);
  expect(io.rawChanges).toEqual([true]);
  io.type('ls\r\u0003');
  expect(session.written).toEqual(['ls\r\u0003']);
  io.size = { columns: 132, rows: 50 };
  io.raise('SIGWINCH');
  expect(session.sizes.at(-1)).toEqual({ columns: 132, rows: 50 });
  await session.print('hello');
  session.end({ reason: 'exited', exitCode: 42 });
  expect(await code).toBe(42);
  expect(io.stdout).toBe('hello');
  expect(io.rawChanges.at(-1)).toBe(false);
  expect(io.leftListeners).toBe(0);
});

test('bytes that come with the session wait until the terminal is raw', async () => {
  const host = runningHost();
  const rawAt: (readonly boolean[])[] = [];
  const openSession = host.openSession.bind(host);
  host.openSession = async (request, sink) => {
    const opened = await openSession(request, sink);
    void host.sessions[0]?.print('early');
    return opened;
  };
  const { io, code } = beginWord('enter', [host], tty);
  const write = io.out.writeBytes.bind(io.out);
  Object.assign(io.out, {
    writeBytes: (bytes: Uint8Array) => {
      rawAt.push([...io.rawChanges]);
      return write(bytes);
    },
  });
  await until(() => io.stdout === 'early');
  expect(rawAt).toEqual([[true]]);
  host.sessions[0]?.end({ reason: 'exited', exitCode: 0 });
  expect(await code).toBe(0);
});

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends the session and puts the terminal back', async (signal, exitCode) => {
  const { io, code, session } = await openShell();
  io.raise(signal);
  expect(await code).toBe(exitCode);
  expect(session.isEnded()).toBe(true);
  expect(io.rawChanges.at(-1)).toBe(false);
});

test('a process that ends by itself (uncaught exception) puts the terminal back', async () => {
  const { io, session } = await openShell();
  await session.print('\u001b[?1049h\u001b[?25l');
  io.exit();
  expect(io.rawChanges.at(-1)).toBe(false);
  expect(io.stdout.endsWith('\u001b[?1049l\u001b[?25h\u001b[0m')).toBe(true);
});

test('a container that stops, a lost host and a lost engine are told, with the terminal back', async () => {
  const stopped = await openShell();
  await stopped.session.print('\u001b[?10');
  await stopped.session.print('00;1006h');
  stopped.session.end({ reason: 'container-stopped' });
  expect(await stopped.code).toBe(1);
  expect(stopped.io.stderr).toContain('stopped while you were inside');
  expect(stopped.io.stdout).toContain('\u001b[?1000l\u001b[?1006l');

  const politely = await openShell();
  politely.host.publishProject({ operations: [operationOf({ kind: 'stop', step: 'ending-processes' })] });
  politely.session.end({ reason: 'exited', exitCode: 143 });
  expect(await politely.code).toBe(143);
  expect(politely.io.stderr).toContain('was stopped while you were inside');

  const lost = await openShell();
  lost.host.lose();
  expect(await lost.code).toBe(1);
  expect(lost.io.stderr).toContain('host process was lost');
  expect(lost.io.rawChanges.at(-1)).toBe(false);

  const engine = await openShell();
  engine.session.end({ reason: 'engine-lost' });
  expect(await engine.code).toBe(1);
  expect(engine.io.stderr).toContain('the engine went away');
});

test('without a terminal: a command runs, a shell is refused before anything is done', async () => {
  const host = runningHost();
  const refused = await runWord('enter', [host]);
  expect(refused.code).toBe(2);
  expect(host.commands).toEqual([]);

  const { io, code, session } = await openShell('enter -- make test', { isTty: false });
  expect(session.request).toMatchObject({ command: ['make', 'test'], terminal: false });
  io.type('input');
  expect(session.written).toEqual(['input']);
  expect(session.isInputEnded()).toBe(false);
  io.endInput();
  expect(session.isInputEnded()).toBe(true);
  await session.print('asked for');
  await session.print('complained', 'error');
  session.end({ reason: 'exited', exitCode: 2 });
  expect(await code).toBe(2);
  expect([io.stdout, io.stderr]).toEqual(['asked for', 'complained']);
  expect([io.rawChanges, io.leftListeners]).toEqual([[], 0]);
});

test.each([
  ['both are terminals', { isTty: true }, true],
  ['stdout is none (| less)', { isTty: true, isOutputTty: false }, false],
  ['stdin is none', { isTty: true, isInputTty: false }, false],
])('a command has a terminal where %s', async (_name, options, terminal) => {
  const { io, code, session } = await openShell('enter -- ls', options);
  expect(session.request).toMatchObject({ command: ['ls'], ...(terminal ? {} : { terminal: false }) });
  expect('terminal' in session.request).toBe(!terminal);
  expect(io.rawChanges).toEqual(terminal ? [true] : []);
  session.end({ reason: 'exited', exitCode: 0 });
  expect(await code).toBe(0);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a command without a terminal', async (signal, exitCode) => {
  const { io, code, session } = await openShell('enter -- cat', { isTty: false });
  io.raise(signal);
  expect(await code).toBe(exitCode);
  expect(session.isEnded()).toBe(true);
});

test('a reader that goes away ends the session quietly', async () => {
  const { io, code, session } = await openShell('enter -- yes', { isTty: false });
  io.breakOutput();
  expect(await code).toBe(0);
  expect(session.isEnded()).toBe(true);
  expect(io.stderr).toBe('');
});

test('the guided entry asks for image and trust, then starts and enters', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tazpod-cli-'));
  try {
    const host = new FakeHost(snapshotOf());
    host.on('initProject', () => {
      host.publish({ projects: [projectOf(root, { trust: untrusted })] });
      return { accepted: true };
    });
    host.on('startProject', () => {
      host.publishProject({ container: runningContainer });
      return { accepted: true };
    });
    host.onSession = (session) => session.end({ reason: 'exited', exitCode: 0 });
    const { io, code } = await runWord('', [host], { ...tty, currentFolder: root, answers: ['2', 'y'] });
    expect(code).toBe(0);
    expect(io.questions).toHaveLength(3);
    expect(host.commands.map(({ type }) => type)).toEqual([
      'refreshProjects',
      'initProject',
      'trustProject',
      'startProject',
    ]);
    expect(host.sent('initProject')).toEqual([{ type: 'initProject', folder: root, image: 'tazpod/base:local' }]);

    const none = new FakeHost(snapshotOf());
    const refused = await runWord('enter', [none], { ...tty, currentFolder: root, answers: [null] });
    expect(refused.code).toBe(3);
    expect(none.sent('initProject')).toEqual([]);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('logs: options passed on, bytes unchanged, Ctrl-C ends following', async () => {
  const host = runningHost();
  const { io, code } = beginWord('logs --follow --tail 5', [host]);
  await until(() => host.sessions.length === 1);
  const [session] = host.sessions;
  expect(session?.request).toEqual({ kind: 'logs', projectId, follow: true, tailLines: 5 });
  await session?.print('one\ntwo\n');
  expect(io.rawChanges).toEqual([]);
  io.raise('SIGINT');
  expect(await code).toBe(130);
  expect(io.stdout).toBe('one\ntwo\n');
  expect(session?.isEnded()).toBe(true);
});
