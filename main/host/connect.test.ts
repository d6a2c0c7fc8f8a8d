import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HostClient } from './client.ts';
import { connectIfRunning, connectOrStartAgent } from './connect.ts';
import { eventually, makeTestPlace, type TestPlace } from './test-place.ts';

const agentEntry = path.join(import.meta.dirname, 'fake-agent.ts');

/** A place whose agent is ended with the test. */
async function setUp(environment: Record<string, string> = {}): Promise<TestPlace> {
  const place = await makeTestPlace();
  onTestFinished(async () => {
    const client = await connectIfRunning(place.surroundings);
    if (client.ok && client.value !== null) {
      await client.value.quit();
      await client.value.closed;
    }
  });
  const surroundings = { ...place.surroundings, environment: { ...place.surroundings.environment, ...environment } };
  return { ...place, surroundings };
}

async function connectOrStart({ surroundings }: TestPlace): Promise<HostClient> {
  const client = await connectOrStartAgent({ surroundings, agentEntry, execPath: process.execPath });
  if (!client.ok) throw new Error(client.failure.message);
  return client.value;
}

describe('connecting', { timeout: 60_000 }, () => {
  it('starts one agent for many at once, and finds it again', async () => {
    const place = await setUp();
    expect(await connectIfRunning(place.surroundings)).toEqual({ ok: true, value: null });
    const clients = await Promise.all(Array.from({ length: 5 }, () => connectOrStart(place)));
    const [first] = clients;
    expect(new Set(clients.map(({ hello }) => hello.processId)).size).toBe(1);
    expect(first?.hello.processId).not.toBe(process.pid);
    expect(await first?.execute({ type: 'refreshProjects' })).toEqual({ accepted: true });
    const again = await connectOrStart(place);
    expect(again.hello.processId).toBe(first?.hello.processId);
    for (const client of [...clients, again]) client.close();
  });

  it('tells why an agent did not start, with the lines of its log', async () => {
    const { surroundings, stateFolder } = await setUp({ TAZPOD_TEST_FAIL: 'the registry is on fire' });
    const client = await connectOrStartAgent({ surroundings, agentEntry, execPath: process.execPath });
    expect(client).toMatchObject({ ok: false, failure: { code: 'host-start-failed' } });
    if (client.ok) return;
    expect(client.failure.message).toContain('the registry is on fire');
    expect(client.failure.nextStep).toContain(path.join(stateFolder, 'host.log'));
  });

  it.each([
    ['that is no program', '/nowhere/node', agentEntry],
    ['without its entry', process.execPath, '/nowhere/agent.js'],
  ])('tells of an agent %s', async (_name, execPath, entry) => {
    const { surroundings } = await setUp();
    const client = await connectOrStartAgent({ surroundings, agentEntry: entry, execPath });
    expect(client).toMatchObject({ ok: false, failure: { code: 'host-start-failed' } });
  });

  it('gives up on an agent that never answers', async () => {
    const { surroundings } = await setUp();
    const silent = path.join(import.meta.dirname, 'test-place.ts');
    const client = await connectOrStartAgent({
      surroundings: { ...surroundings, environment: { ...surroundings.environment } },
      agentEntry: silent,
      execPath: '/bin/sleep',
      timeoutMs: 300,
    });
    expect(client.ok).toBe(false);
  });

  it('starts the next agent at once after kill -9 of the one before', async () => {
    const place = await setUp();
    const client = await connectOrStart(place);
    process.kill(client.hello.processId, 'SIGKILL');
    expect(await client.closed).toMatchObject({ by: 'loss' });
    const next = await connectOrStart(place);
    expect(next.hello.processId).not.toBe(client.hello.processId);
    next.close();
  });

  it('starts another agent where the host ends that its own one gave way to', async () => {
    const place = await setUp();
    // Gives way at once, as to a host that is gone when the client comes; the next one stays.
    const first = path.join(place.stateFolder, 'gave-way');
    const entry = path.join(place.stateFolder, 'agent.mjs');
    await writeFile(
      entry,
      `import { existsSync, writeFileSync } from 'node:fs';
      if (!existsSync(${JSON.stringify(first)})) {
        writeFileSync(${JSON.stringify(first)}, '');
        process.exit(0);
      }
      await import(${JSON.stringify(agentEntry)});`,
    );
    const { surroundings } = place;
    const client = await connectOrStartAgent({ surroundings, agentEntry: entry, execPath: process.execPath });
    expect(client).toMatchObject({ ok: true });
    if (client.ok) client.value.close();
  });

  it('lets the agent end by itself once idle, and by signals', async () => {
    const place = await setUp({ TAZPOD_TEST_IDLE_MS: '100' });
    const client = await connectOrStart(place);
    client.close();
    const log = (): Promise<string> => readFile(path.join(place.stateFolder, 'host.log'), 'utf8');
    await eventually(async () => expect(await log()).toContain('the agent ends: idle'));
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      const running = await connectOrStart(place);
      process.kill(running.hello.processId, signal);
      expect(await running.closed).toEqual({ by: 'host', reason: 'signal' });
    }
  });

  it('ends the sessions of a client that was killed', async () => {
    const place = await setUp();
    const watcher = await connectOrStart(place);
    await watcher.subscribe(() => undefined);
    const script = `
      const { connectIfRunning } = await import(${JSON.stringify(path.join(import.meta.dirname, 'connect.ts'))});
      const { readSurroundings } = await import(${JSON.stringify(path.join(import.meta.dirname, 'surroundings.ts'))});
      const { value: client } = await connectIfRunning(readSurroundings());
      const request = { kind: 'shell', projectId: '0'.repeat(16), size: { rows: 1, columns: 1 } };
      await client.openSession(request, { onData() {}, onEnd() {} });
      process.stdout.write('open');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...place.surroundings.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const sessionsUp = (): number => watcher.snapshot()?.projects[0]?.sessions.length ?? -1;
    await eventually(() => expect(sessionsUp()).toBe(1));
    child.kill('SIGKILL');
    await eventually(() => expect(sessionsUp()).toBe(0));
    watcher.close();
  });
});
