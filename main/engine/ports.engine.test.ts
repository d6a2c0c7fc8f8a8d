import { createServer } from 'node:net';
import type { ListeningPort } from '../../preload/contract/listening.ts';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { baseImage } from './docker/base-image.ts';
import { openEngineFixture, type EngineFixture, type OpenedSession } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

/** A port that this process holds until it is let go. */
async function holdPort(): Promise<{ readonly port: number; letGo(): Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, letGo: async () => new Promise((resolve) => server.close(() => resolve())) };
}

async function project(name: string, port: number): Promise<string> {
  return fixture.trusted(await fixture.folder(name, `image: ${baseImage}\nports: ['${port}:80']\n`));
}

test('a port that a program has is told with its name and process, and leaves no container; freed, it is published', async () => {
  const held = await holdPort();
  const projectId = await project('taken', held.port);
  const outcome = await fixture.run({ type: 'startProject', projectId });
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'port-taken' } });
  const message = outcome.ok ? '' : outcome.failure.message;
  expect(message).toContain(`Port ${held.port}`);
  if (process.platform === 'linux') expect(message).toContain(`(process ${process.pid})`);
  expect(fixture.project(projectId)).toMatchObject({ container: { status: 'missing' }, ports: [] });

  await held.letGo();
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  expect(fixture.project(projectId).ports).toEqual([{ hostPort: held.port, containerPort: 80 }]);

  const second = await project('second', held.port);
  const refused = await fixture.run({ type: 'startProject', projectId: second });
  expect(refused).toMatchObject({ ok: false, failure: { code: 'port-taken' } });
  expect(refused.ok ? '' : refused.failure.message).toContain('the container taken-lab');

  await fixture.run({ type: 'stopProject', projectId });
  expect(fixture.project(projectId).ports).toEqual([]);
});

/** A program inside that listens, until its session ends. */
async function listen(projectId: string, address: string, port: number): Promise<OpenedSession> {
  const script =
    '$s = IO::Socket::INET->new(Listen => 1, LocalAddr => $ARGV[0], LocalPort => $ARGV[1]) or die $!; $| = 1; print "up\n"; sleep 1000';
  const command = ['perl', '-MIO::Socket::INET', '-e', script, address, String(port)];
  const size = { rows: 24, columns: 80 };
  const opened = await fixture.openSession({ kind: 'shell', projectId, size, terminal: false, command });
  await opened.printed(/up/u);
  return opened;
}

/** Resolves after so many more looks into the project's container, as the engine tells of them, and one that began after. */
async function looks(projectId: string, count: number): Promise<void> {
  const { container } = fixture.project(projectId);
  if (container.status !== 'running') throw new Error('it does not run');
  const filters = { container: [container.id], event: ['exec_create'] };
  const events = await fixture.client.getEvents({ filters });
  let left = count + 1;
  await new Promise<void>((resolve, reject) => {
    events.on('error', reject);
    events.on('data', (chunk: Buffer) => {
      left -= chunk.toString('utf8').trim().split('\n').length;
      if (left <= 0) resolve();
    });
  });
  events.removeAllListeners('error').on('error', () => undefined);
  (events as NodeJS.ReadableStream & { destroy(): void }).destroy();
}

const lookOf = (text: string): readonly ListeningPort[] =>
  JSON.parse(text.trim().split('\n').at(-1) ?? '[]') as readonly ListeningPort[];

test('what listens inside is told while somebody looks: published, not published, on loopback alone, gone', async () => {
  const held = await holdPort();
  await held.letGo();
  const projectId = await project('listens', held.port);
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  onTestFinished(async () => fixture.down(projectId));
  const revision = fixture.engine.snapshot().revision;
  const watch = await fixture.openSession({ kind: 'ports', projectId, follow: true });
  await watch.printed(/^\[\]\n$/u);
  expect(fixture.engine.snapshot().revision).toBe(revision);

  const first = await listen(projectId, '0.0.0.0', 5173);
  await watch.printed(/5173/u);
  expect(lookOf(watch.text())).toEqual([
    {
      port: 5173,
      program: 'perl',
      reachable: true,
      hostPort: null,
      configLine: `ports: ["${held.port}:80", 5173]`,
    },
  ]);
  await listen(projectId, '127.0.0.1', 8000);
  await watch.printed(/8000/u);
  expect(lookOf(watch.text())[1]).toMatchObject({ port: 8000, reachable: false, hostPort: null });
  await looks(projectId, 2);
  await first.session.end();
  await watch.printed(/\n\[\{"port":8000[^\n]*\]\n$/u);

  await looks(projectId, 2);
  const lines = watch.text().trim().split('\n');
  expect(lines.filter((line, at) => line === lines[at - 1])).toEqual([]);

  const once = await fixture.openSession({ kind: 'ports', projectId, follow: false });
  expect(await once.ended).toEqual({ reason: 'exited', exitCode: 0 });
  expect(lookOf(once.text()).map(({ port }) => port)).toEqual([8000]);

  await fixture.down(projectId);
  expect(await watch.ended).toEqual({ reason: 'container-stopped' });
  const none = await fixture.engine.openSession(
    { kind: 'ports', projectId, follow: true },
    { onData: () => undefined, onEnd: () => undefined },
  );
  expect(none).toMatchObject({ ok: false, failure: { code: 'container-not-running' } });
});
