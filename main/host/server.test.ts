import { createHash, randomBytes } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import { onTestFinished, describe, expect, it, vi } from 'vitest';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { terminalBounds } from '../engine/terminal/acknowledged-window.ts';
import { connectHost, type HostClient } from './client.ts';
import { inputWindowBytes, type ClientSessionSink } from './client-session.ts';
import { FakeEngine, fakeProject } from './fake-engine.ts';
import { encodeJsonFrame, encodeSessionFrames } from './frames.ts';
import { maxClients, maxSessions } from './limits.ts';
import { protocolVersion } from './protocol.ts';
import { serveHost } from './server.ts';
import { maxUntakenBytes } from './session-flow.ts';
import { eventually, makeTestPlace } from './test-place.ts';

const project = fakeProject('/p');
const shell = { kind: 'shell', projectId: project.id, size: { rows: 24, columns: 80 } } as const;

async function setUp() {
  const { folder } = await makeTestPlace();
  const socketPath = path.join(folder, 'host.sock');
  const quit = vi.fn<() => void>();
  const engine = new FakeEngine({ kind: 'agent', version: '1', quit });
  const lines: string[] = [];
  const server = serveHost({
    engine,
    hello: { protocol: protocolVersion, version: '1', kind: 'agent', processId: 1, installId: 'i' },
    log: (line) => lines.push(line),
    onHandover: async () => ({ reason: 'taken-over', fromVersion: '1', openSessions: 0 }),
    onClientsChanged: () => undefined,
  });
  const listener = createServer({ pauseOnConnect: true }, (socket) => server.accept(socket));
  await new Promise<void>((resolve) => listener.listen(socketPath, resolve));
  onTestFinished(async () => {
    listener.close();
    await server.close();
  });
  const connectClient = async (): Promise<HostClient> => {
    const client = await connectHost(socketPath);
    if (!client.ok) throw new Error(client.failure.message);
    onTestFinished(() => client.value.close());
    return client.value;
  };
  return { socketPath, engine, server, lines, connectClient };
}

/** A sink that keeps everything. */
function keep() {
  const chunks: Uint8Array[] = [];
  const ended = Promise.withResolvers<unknown>();
  const sink: ClientSessionSink = { onData: (bytes) => void chunks.push(bytes), onEnd: (end) => ended.resolve(end) };
  return {
    sink,
    text: () => Buffer.concat(chunks).toString(),
    bytes: () => Buffer.concat(chunks),
    ended: ended.promise,
  };
}

describe('commands and snapshots', { timeout: 40_000 }, () => {
  it('greets, answers, and refuses what is no command', async () => {
    const { connectClient, engine } = await setUp();
    const client = await connectClient();
    expect(client.hello).toMatchObject({ protocol: protocolVersion, kind: 'agent', installId: 'i' });
    expect(await client.execute({ type: 'refreshProjects' })).toEqual({ accepted: true });
    const bad = await client.execute({ type: 'forgetProject', projectId: '../..' });
    expect(bad).toMatchObject({ accepted: false, failure: { code: 'invalid-command' } });
    expect(engine.executed).toEqual([{ type: 'refreshProjects' }]);
  });

  it('shows what a command changed before it answers, also in a storm of changes', async () => {
    const { connectClient, engine } = await setUp();
    const client = await connectClient();
    const seen: Snapshot[] = [];
    const subscribed = await client.subscribe((snapshot) => seen.push(snapshot));
    expect(subscribed).toMatchObject({ ok: true, value: { revision: 0 } });
    for (let turn = 0; turn < 20; turn += 1) {
      engine.change({ images: [] });
      await client.execute({ type: 'registerProject', folder: `/p${turn}` });
      expect(client.snapshot()?.projects).toHaveLength(turn + 1);
    }
    expect(client.snapshot()).toEqual(engine.snapshot());
    expect(seen.at(-1)).toBe(client.snapshot());
  });

  it('brings every subscriber to the newest state, and forgets those that left', async () => {
    const { connectClient, engine } = await setUp();
    const clients = await Promise.all([connectClient(), connectClient(), connectClient()]);
    await Promise.all(clients.map((client) => client.subscribe(() => undefined)));
    expect(engine.listenerCount).toBe(3);
    for (let turn = 0; turn < 500; turn += 1) engine.change({ projects: [{ ...project, name: `${turn}` }] });
    await eventually(() => {
      for (const client of clients) expect(client.snapshot()?.projects[0]?.name).toBe('499');
    });
    for (const client of clients) client.close();
    await eventually(() => expect(engine.listenerCount).toBe(0));
  });

  it('shares one subscription between listeners', async () => {
    const { connectClient, engine } = await setUp();
    const client = await connectClient();
    const first = vi.fn<() => void>();
    const second = vi.fn<() => void>();
    await Promise.all([client.subscribe(first), client.subscribe(second)]);
    engine.change({});
    await client.execute({ type: 'refreshProjects' });
    expect([first.mock.calls.length, second.mock.calls.length]).toEqual([1, 1]);
  });
});

describe('sessions', { timeout: 40_000 }, () => {
  it('carry bytes both ways, sizes, and the end after the last byte', async () => {
    const { connectClient, engine } = await setUp();
    const client = await connectClient();
    const { sink, text, ended } = keep();
    const opened = await client.openSession({ ...shell, command: ['ls', '-l'] }, sink);
    if (!opened.ok) throw new Error(opened.failure.message);
    const [session] = engine.sessions;
    expect(session?.request).toEqual({ ...shell, command: ['ls', '-l'] });
    await opened.value.write(Buffer.from('keys'));
    opened.value.resize({ rows: 1, columns: 2 });
    await eventually(() => expect(session?.sizes).toEqual([{ rows: 1, columns: 2 }]));
    expect(Buffer.concat(session?.typed ?? []).toString()).toBe('keys');
    session?.print(Buffer.from('a'));
    session?.print(Buffer.from('b'));
    session?.exit({ reason: 'exited', exitCode: 3 });
    expect(await ended).toEqual({ reason: 'exited', exitCode: 3 });
    expect(text()).toBe('ab');
  });

  it('tell that they can not be opened', async () => {
    const { connectClient, server } = await setUp();
    const client = await connectClient();
    const opened = await client.openSession({ ...shell, projectId: 'f'.repeat(16) }, keep().sink);
    expect(opened).toMatchObject({ ok: false, failure: { code: 'project-unknown' } });
    expect(server.sessionCount).toBe(0);
  });

  it('stop a flood at its source while its viewer is slow, and lose no byte', async () => {
    const { connectClient, engine } = await setUp();
    const client = await connectClient();
    const hash = createHash('sha256');
    const gate = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    let received = 0;
    await client.openSession(shell, {
      onData: async (bytes) => {
        await gate.promise;
        received += bytes.length;
        hash.update(bytes);
      },
      onEnd: () => ended.resolve(),
    });
    const [session] = engine.sessions;
    const flood = randomBytes(8 * 1024 * 1024);
    const printed = session?.printAll(flood, 60_000).then(() => session.exit({ reason: 'exited', exitCode: 0 }));
    await eventually(() => expect(session?.paused).toBe(true));
    expect(received).toBe(0);
    gate.resolve();
    await Promise.all([printed, ended.promise]);
    expect(received).toBe(flood.length);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(flood).digest('hex'));
    // One pause per window at most: it does not stutter.
    expect(session?.pauseCount).toBeLessThanOrEqual(Math.ceil(flood.length / terminalBounds.resumeBelowBytes));
  });

  it('keep error output apart, and pass on the end of input after the input', async () => {
    const { connectClient, engine } = await setUp();
    const client = await connectClient();
    const seen: string[] = [];
    const ended = Promise.withResolvers<void>();
    const opened = await client.openSession(
      { ...shell, command: ['cat'], terminal: false },
      {
        onData: (bytes, stream) => void seen.push(`${stream}: ${Buffer.from(bytes).toString()}`),
        onEnd: () => ended.resolve(),
      },
    );
    if (!opened.ok) throw new Error(opened.failure.message);
    const [session] = engine.sessions;
    expect(session?.request).toMatchObject({ terminal: false });
    const written = opened.value.write(Buffer.alloc(inputWindowBytes * 3, 'x'));
    opened.value.endInput();
    await written;
    await eventually(() => expect(session?.inputEnded).toBe(true));
    expect(Buffer.concat(session?.typed ?? [])).toHaveLength(inputWindowBytes * 3);
    session?.print(Buffer.from('a'));
    session?.print(Buffer.from('b'), 'error');
    session?.print(Buffer.from('c'));
    session?.exit({ reason: 'exited', exitCode: 0 });
    await ended.promise;
    expect(seen).toEqual(['output: a', 'error: b', 'output: c']);
  });

  it('send no more input than the window ahead of what the program took, and go on when it did', async () => {
    const { connectClient, engine } = await setUp();
    const client = await connectClient();
    const opened = await client.openSession(shell, keep().sink);
    if (!opened.ok) throw new Error(opened.failure.message);
    const [session] = engine.sessions;
    if (session === undefined) throw new Error('no session');
    const gate = Promise.withResolvers<void>();
    session.taking = gate.promise;
    const input = randomBytes(5 * 1024 * 1024);
    let isWritten = false;
    const written = Promise.all([
      opened.value.write(input.subarray(0, 1_000_000)),
      opened.value.write(input.subarray(1_000_000)),
    ]).then(() => (isWritten = true));
    const typed = (): Buffer => Buffer.concat(session.typed);
    await eventually(() => expect(typed()).toHaveLength(inputWindowBytes));
    // Both ways once: nothing more was under way.
    await client.execute({ type: 'refreshProjects' });
    expect([typed().length, isWritten]).toEqual([inputWindowBytes, false]);
    session.taking = Promise.resolve();
    gate.resolve();
    await written;
    await eventually(() => expect(typed().equals(input)).toBe(true));
  });

  it('let go of input that waits when they end', async () => {
    const { connectClient, engine } = await setUp();
    const opened = await (await connectClient()).openSession(shell, keep().sink);
    if (!opened.ok) throw new Error(opened.failure.message);
    const [session] = engine.sessions;
    if (session === undefined) throw new Error('no session');
    session.taking = new Promise(() => undefined);
    const written = opened.value.write(Buffer.alloc(inputWindowBytes + 1));
    await eventually(() => expect(session.typed).not.toEqual([]));
    session.exit({ reason: 'exited', exitCode: 0 });
    await written;
    await opened.value.write(Buffer.from('late'));
    opened.value.endInput();
  });

  it('are taken from a client that sends far more input than is taken, and from one that sends error output', async () => {
    for (const frames of [
      Array.from({ length: 5 }, () => encodeSessionFrames(0, Buffer.alloc(1024 * 1024))).flat(),
      encodeSessionFrames(0, Buffer.from('x'), 'error'),
    ]) {
      const { socketPath, engine, lines } = await setUp();
      const socket = connect(socketPath);
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => undefined);
      socket.write(encodeJsonFrame({ type: 'openSession', request: 0, session: shell }));
      await eventually(() => expect(engine.sessions).toHaveLength(1));
      const [session] = engine.sessions;
      if (session === undefined) throw new Error('no session');
      session.taking = new Promise(() => undefined);
      for (const frame of frames) socket.write(frame);
      await eventually(() => expect(lines.join()).toMatch(/closed the connection of a client: it sent/u));
      await eventually(() => expect(session.ended).toBe(true));
      expect(Buffer.concat(session.typed).length).toBeLessThanOrEqual(maxUntakenBytes);
    }
  });

  it('hold what is printed before the client knows that the session is open', async () => {
    const { connectClient, engine } = await setUp();
    const original = engine.openSession.bind(engine);
    engine.openSession = async (request, sink) => {
      const opened = await original(request, sink);
      sink.onData(Buffer.from('early'));
      sink.onEnd({ reason: 'exited', exitCode: 0 });
      return opened;
    };
    const { sink, text, ended } = keep();
    const opened = await (await connectClient()).openSession(shell, sink);
    expect(opened.ok).toBe(true);
    await ended;
    expect(text()).toBe('early');
  });

  it('end with their client, also while they open', async () => {
    const { connectClient, engine, server } = await setUp();
    const client = await connectClient();
    await client.openSession(shell, keep().sink);
    const gate = Promise.withResolvers<void>();
    engine.opening = gate.promise;
    const second = client.openSession(shell, keep().sink);
    await client.execute({ type: 'refreshProjects' });
    client.close();
    expect(await second).toMatchObject({ ok: false, failure: { code: 'host-lost' } });
    expect(await client.closed).toEqual({ by: 'us' });
    await eventually(() => expect(engine.sessions[0]?.ended).toBe(true));
    gate.resolve();
    await eventually(() => expect(engine.sessions[1]?.ended).toBe(true));
    await eventually(() => expect(server.sessionCount).toBe(0));
  });

  it('end when asked to, and the client hears of it', async () => {
    const { connectClient } = await setUp();
    const { sink, ended } = keep();
    const opened = await (await connectClient()).openSession(shell, sink);
    if (opened.ok) await opened.value.end();
    expect(await ended).toEqual({ reason: 'closed' });
  });

  it('are limited in number', async () => {
    const { connectClient, server } = await setUp();
    const client = await connectClient();
    const opened = await Promise.all(Array.from({ length: maxSessions }, () => client.openSession(shell, keep().sink)));
    expect(opened.every(({ ok }) => ok)).toBe(true);
    expect(await client.openSession(shell, keep().sink)).toMatchObject({ failure: { code: 'host-full' } });
    client.close();
    await eventually(() => expect(server.sessionCount).toBe(0));
  });
});

describe('connections', { timeout: 40_000 }, () => {
  it('are limited in number', async () => {
    const { connectClient, socketPath } = await setUp();
    const clients = await Promise.all(Array.from({ length: maxClients }, connectClient));
    expect(await connectHost(socketPath)).toMatchObject({ ok: false, failure: { code: 'host-full' } });
    clients[0]?.close();
    await eventually(async () => expect((await connectHost(socketPath)).ok).toBe(true));
  });

  it('fail what waits with host-lost when they break', async () => {
    const { connectClient, server, engine } = await setUp();
    const client = await connectClient();
    const { sink, ended } = keep();
    await client.openSession(shell, sink);
    engine.execute = () => new Promise(() => undefined);
    const waiting = client.execute({ type: 'refreshProjects' });
    await server.close();
    expect(await waiting).toMatchObject({ accepted: false, failure: { code: 'host-lost' } });
    expect(await client.execute({ type: 'refreshProjects' })).toMatchObject({ failure: { code: 'host-lost' } });
    expect(await client.closed).toMatchObject({ by: 'loss' });
    expect(await ended).toEqual({ reason: 'engine-lost' });
  });

  it('are refused with the reason while the host lets go', async () => {
    const { connectClient, server, socketPath } = await setUp();
    const client = await connectClient();
    const { sink, text, ended } = keep();
    await client.openSession(shell, sink);
    server.leave('quit');
    expect(await client.execute({ type: 'refreshProjects' })).toMatchObject({ failure: { code: 'host-stopping' } });
    expect(await connectHost(socketPath)).toMatchObject({ ok: false, failure: { code: 'host-stopping' } });
    expect(text()).toBe('');
    await server.close();
    await ended;
    expect(await client.closed).toEqual({ by: 'host', reason: 'quit' });
  });

  it('tell a host of another protocol, unless only old words are needed', async () => {
    const { folder } = await makeTestPlace();
    const socketPath = path.join(folder, 'old.sock');
    const sockets = new Set<Socket>();
    const old = createServer((socket) => {
      sockets.add(socket);
      socket.write(
        encodeJsonFrame({
          type: 'hello',
          protocol: 7,
          version: '9',
          kind: 'agent',
          processId: 1,
          installId: 'i',
          more: 1,
        }),
      );
    });
    await new Promise<void>((resolve) => old.listen(socketPath, resolve));
    onTestFinished(() => {
      old.close();
      for (const socket of sockets) socket.destroy();
    });
    expect(await connectHost(socketPath)).toMatchObject({ ok: false, failure: { code: 'protocol-mismatch' } });
    const client = await connectHost(socketPath, { anyProtocol: true });
    expect(client.ok && client.value.hello.protocol).toBe(7);
    if (client.ok) client.value.close();
  });
});
