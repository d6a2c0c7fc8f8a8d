import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { connectHost, type HostClient } from './client.ts';
import { connectIfRunning } from './connect.ts';
import { FakeEngine, fakeProject } from './fake-engine.ts';
import { startHost, type Host, type HostOptions } from './host.ts';
import { eventually, makeTestPlace, type TestPlace } from './test-place.ts';

const shell = { kind: 'shell', projectId: fakeProject('/p').id, size: { rows: 24, columns: 80 } } as const;

function optionsFor(place: TestPlace, kind: 'app' | 'agent', lines: string[] = []): HostOptions {
  return {
    surroundings: place.surroundings,
    takeOver: kind === 'app',
    createEngine: async (ports) => new FakeEngine(ports),
    ports: {
      kind,
      version: '1',
      stateFolder: place.stateFolder,
      homeFolder: place.folder,
      environment: {},
      baseImageFolder: '/nowhere',
      nowMs: Date.now,
      log: (line) => lines.push(line),
    },
  };
}

async function start(options: HostOptions): Promise<Host & { readonly engine: FakeEngine }> {
  const outcome = await startHost(options);
  if (!outcome.ok) throw new Error(outcome.failure.message);
  if (outcome.value.taken) throw new Error('another host runs');
  const { host } = outcome.value;
  onTestFinished(() => host.stop('quit'));
  return host as Host & { readonly engine: FakeEngine };
}

async function connectTo(socketPath: string): Promise<HostClient> {
  const client = await connectHost(socketPath);
  if (!client.ok) throw new Error(client.failure.message);
  onTestFinished(() => client.value.close());
  return client.value;
}

describe('host', { timeout: 40_000 }, () => {
  it('is found by clients, ends on quitHost after its answer, and leaves nothing behind', async () => {
    const place = await makeTestPlace();
    const host = await start(optionsFor(place, 'agent'));
    const client = await connectIfRunning(place.surroundings);
    if (!client.ok || client.value === null) throw new Error('not found');
    const session = vi.fn<() => void>();
    await client.value.openSession(shell, { onData: () => undefined, onEnd: session });
    expect(await client.value.quit()).toEqual({ accepted: true });
    expect(await host.closed).toBe('quit');
    expect(await client.value.closed).toEqual({ by: 'host', reason: 'quit' });
    expect(session).toHaveBeenCalledWith({ reason: 'closed' });
    expect([host.engine.drained, host.engine.closed, existsSync(host.socketPath)]).toEqual([true, true, false]);
    expect(await connectIfRunning(place.surroundings)).toEqual({ ok: true, value: null });
  });

  it('is found by a client with another environment', async () => {
    const place = await makeTestPlace();
    await start(optionsFor(place, 'agent'));
    const { XDG_RUNTIME_DIR: _none, ...environment } = place.surroundings.environment;
    const client = await connectIfRunning({ ...place.surroundings, environment });
    expect(client.ok && client.value?.hello.kind).toBe('agent');
    if (client.ok) client.value?.close();
  });

  it('leaves a running host alone, agent to agent and app to app', async () => {
    for (const kind of ['agent', 'app'] as const) {
      const place = await makeTestPlace();
      await start(optionsFor(place, kind));
      expect(await startHost(optionsFor(place, kind))).toMatchObject({
        ok: true,
        value: { taken: true, by: { kind } },
      });
    }
  });

  it('waits for one that is just ending', async () => {
    const place = await makeTestPlace();
    const old = await start(optionsFor(place, 'agent'));
    const running = Promise.withResolvers<void>();
    old.engine.running = running.promise;
    const ending = old.stop('idle');
    const next = start(optionsFor(place, 'agent'));
    running.resolve();
    await ending;
    expect((await next).engine.closed).toBe(false);
  });

  it('lets go when its engine can not be made', async () => {
    const place = await makeTestPlace();
    const broken = { ...optionsFor(place, 'agent'), createEngine: () => Promise.reject(new Error('no such luck')) };
    expect(await startHost(broken)).toMatchObject({ ok: false, failure: { code: 'internal' } });
    await start(optionsFor(place, 'agent'));
  });

  it('notes in the log that its socket was taken away', async () => {
    const place = await makeTestPlace();
    const lines: string[] = [];
    const host = await start(optionsFor(place, 'agent', lines));
    await rm(host.socketPath);
    await eventually(() => expect(lines.some((line) => line.includes('was removed by someone else'))).toBe(true));
  });
});

describe('handover', { timeout: 40_000 }, () => {
  it('ends operations first, keeps open sessions with the old host, and moves everyone else', async () => {
    const place = await makeTestPlace();
    const agent = await start(optionsFor(place, 'agent'));
    const idle = await connectTo(agent.socketPath);
    const busy = await connectTo(agent.socketPath);
    const chunks: Uint8Array[] = [];
    const ended = vi.fn<() => void>();
    const opened = await busy.openSession(shell, { onData: (bytes) => void chunks.push(bytes), onEnd: ended });
    const operation = Promise.withResolvers<void>();
    agent.engine.running = operation.promise;

    const starting = start(optionsFor(place, 'app'));
    await eventually(() => expect(agent.engine.drained).toBe(true));
    expect(await idle.execute({ type: 'refreshProjects' })).toMatchObject({ failure: { code: 'host-stopping' } });
    expect(existsSync(agent.socketPath)).toBe(true);
    operation.resolve();

    const app = await starting;
    expect(app.handover).toEqual({ reason: 'taken-over', fromVersion: '1', openSessions: 1 });
    expect(await idle.closed).toEqual({ by: 'host', reason: 'handed-over' });
    const moved = await connectIfRunning(place.surroundings);
    expect(moved.ok && moved.value?.hello.kind).toBe('app');
    if (moved.ok) moved.value?.close();

    const [session] = agent.engine.sessions;
    if (opened.ok) await opened.value.write(Buffer.from('x'));
    await eventually(() => expect(session?.typed).toHaveLength(1));
    session?.print(Buffer.from('still here'));
    expect(agent.engine.closed).toBe(false);
    session?.exit({ reason: 'exited', exitCode: 0 });
    expect(await agent.closed).toBe('handed-over');
    await busy.closed;
    expect([Buffer.concat(chunks).toString(), ended.mock.calls.length]).toEqual(['still here', 1]);
  });

  it('goes to one of several apps that begin at once', async () => {
    const place = await makeTestPlace();
    const agent = await start(optionsFor(place, 'agent'));
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => startHost(optionsFor(place, 'app'))));
    const hosts = outcomes.flatMap((outcome) => (outcome.ok && !outcome.value.taken ? [outcome.value.host] : []));
    expect(hosts).toHaveLength(1);
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(await agent.closed).toBe('handed-over');
    await hosts[0]?.stop('quit');
  });

  it('works between processes', { timeout: 30_000 }, async () => {
    const place = await makeTestPlace();
    const agent = spawn(process.execPath, [path.join(import.meta.dirname, 'fake-agent.ts')], {
      env: { ...place.surroundings.environment },
      stdio: 'inherit',
    });
    onTestFinished(() => void agent.kill('SIGKILL'));
    const exited = new Promise<number | null>((resolve) => agent.once('exit', resolve));
    await eventually(async () => {
      const client = await connectIfRunning(place.surroundings);
      if (client.ok) client.value?.close();
      expect(client.ok && client.value?.hello.kind).toBe('agent');
    });
    const app = await start(optionsFor(place, 'app'));
    expect(app.handover).toMatchObject({ reason: 'taken-over', fromVersion: '0.0.0-test' });
    expect(await exited).toBe(0);
    const log = await readFile(path.join(place.stateFolder, 'host.log'), 'utf8');
    expect(log).toContain('the agent ends: handed-over');
  });
});
