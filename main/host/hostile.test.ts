import { connect } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { connectHost } from './client.ts';
import { FakeEngine } from './fake-engine.ts';
import { encodeJsonFrame, encodeSessionFrames } from './frames.ts';
import { protocolVersion } from './protocol.ts';
import { serveHost } from './server.ts';
import { eventually, makeTestPlace } from './test-place.ts';

const type = fc.constantFrom(
  'execute',
  'subscribe',
  'openSession',
  'resize',
  'acknowledge',
  'endInput',
  'endSession',
  'taken',
  'hello',
  'change',
  '__proto__',
  'constructor',
);
const number = fc.oneof(fc.nat(3), fc.integer(), fc.double(), fc.constant('0'), fc.constant(null));
/** Looks like a message, with something wrong or harmless in it; never a command that parses. */
const nearly = fc.record(
  {
    type: fc.oneof(type, fc.string()),
    request: number,
    session: fc.oneof(number, fc.jsonValue()),
    bytes: number,
    size: fc.oneof(fc.jsonValue(), fc.record({ rows: number, columns: number })),
    command: fc.oneof(fc.jsonValue(), fc.record({ type: fc.string(), folder: fc.jsonValue() })),
  },
  { requiredKeys: [] },
);

const head = fc
  .tuple(fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(255), fc.uint8Array({ maxLength: 64 }))
  .map(([length, kind, rest]) => {
    const bytes = Buffer.alloc(5 + rest.length);
    bytes.writeUInt32BE(length);
    bytes.writeUInt8(kind, 4);
    bytes.set(rest, 5);
    return bytes;
  });

const hostileFrame: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 200 }),
  head,
  nearly.map((value) => encodeJsonFrame(value)),
  fc.jsonValue().map((value) => encodeJsonFrame(value)),
  fc
    .tuple(fc.nat(0xffff_ffff), fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.constantFrom('output', 'error'))
    .map(([session, bytes, stream]) => Buffer.concat(encodeSessionFrames(session, bytes, stream))),
);

it('10,000 hostile frames run nothing, break nothing and leave no connection', { timeout: 120_000 }, async () => {
  const { folder } = await makeTestPlace();
  const socketPath = path.join(folder, 'host.sock');
  const engine = new FakeEngine({ kind: 'agent', version: '1', quit: () => undefined });
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
  const honest = await connectHost(socketPath);
  if (!honest.ok) throw new Error(honest.failure.message);

  const frames = fc.sample(hostileFrame, 10_000);
  // Several per connection: a harmless one must not shield what follows.
  for (let at = 0; at < frames.length; at += 4) {
    const closed = Promise.withResolvers<void>();
    const socket = connect(socketPath);
    socket.on('error', () => undefined);
    socket.once('close', () => closed.resolve());
    socket.resume();
    socket.end(Buffer.concat(frames.slice(at, at + 4)));
    await closed.promise;
  }

  expect(engine.executed).toEqual([]);
  expect(engine.sessions.every((session) => session.ended)).toBe(true);
  expect(lines.length).toBeGreaterThan(1000);
  await eventually(() => expect([server.clientCount, server.sessionCount]).toEqual([1, 0]));
  expect(await honest.value.execute({ type: 'refreshProjects' })).toEqual({ accepted: true });
  honest.value.close();
});
