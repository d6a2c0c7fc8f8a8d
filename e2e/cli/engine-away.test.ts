import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { connectIfRunning } from '../../main/host/connect.ts';
import { readSurroundings } from '../../main/host/surroundings.ts';
import { openCliProfile, testEngine, upWords, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';
import { openEngineProxy, type EngineProxy } from '../fixtures/engine-proxy.ts';
import { eventually, needsRoot, within } from '../fixtures/processes.ts';

const screenLines = 24;

let sockets: string;
let proxy: EngineProxy;
let profile: CliProfile;

beforeAll(async () => {
  sockets = await mkdtemp(path.join(tmpdir(), 'tazpod-e2e-'));
  const engine = await testEngine();
  proxy = await openEngineProxy(engine.socketPath, path.join(sockets, 'engine.sock'));
  profile = await openCliProfile({ client: engine.client, dockerHost: proxy.dockerHost });
});
afterAll(async () => {
  // Whatever a failed test left cut.
  await proxy.cut();
  await proxy.restore();
  await profile.close();
  await proxy.close();
  await rm(sockets, { recursive: true });
});

/** The agent's snapshots as they come. */
async function watchAgent(of: CliProfile): Promise<{
  until(what: string, condition: (snapshot: Snapshot) => boolean): Promise<Snapshot>;
  close(): void;
}> {
  const host = await connectIfRunning({ ...readSurroundings(), environment: of.environment });
  if (!host.ok || host.value === null) throw new Error('no agent');
  const client = host.value;
  let latest: Snapshot | null = null;
  let changed = Promise.withResolvers<void>();
  await client.subscribe((snapshot) => {
    latest = snapshot;
    changed.resolve();
  });
  return {
    until: async (what, condition) => {
      const wait = async (): Promise<Snapshot> => {
        for (;;) {
          const now = latest;
          if (now !== null && condition(now)) return now;
          changed = Promise.withResolvers();
          await changed.promise;
        }
      };
      return within(5_000, () => `${what}; last: ${JSON.stringify(latest).slice(0, 2000)}`, wait());
    },
    close: () => client.close(),
  };
}

test('no engine at a socket: exit code 4 and one clear screen, for every word that needs one', async () => {
  const dead = await openCliProfile({ dockerHost: `unix://${path.join(sockets, 'dead.sock')}` });
  try {
    const folder = await dead.folder('dead');
    expect(await dead.run(['init', folder])).toMatchObject({ code: 0 });
    for (const words of [
      upWords(folder),
      ['status', folder],
      ['down', folder],
      ['list'],
      ['enter', folder, '--', 'true'],
    ]) {
      const end = await dead.run(words);
      expect(end).toMatchObject({ code: 4, stdout: '' });
      expect(end.stderr).toContain('dead.sock');
      expect(end.stderr).toMatch(/^Next: /mu);
      expect(end.stderr.split('\n').length).toBeLessThan(screenLines);
    }
    const json = await dead.run(['list', '--json']);
    expect(json.code).toBe(4);
    expect(JSON.parse(json.stdout)).toMatchObject({
      engine: { status: 'away', failure: { code: 'engine-unreachable' } },
    });
    expect(await dead.run(['doctor', folder])).toMatchObject({ code: 4 });
  } finally {
    await dead.close();
  }
});

test('the engine goes away and comes back: exit code 4 meanwhile, then all is right by itself', async () => {
  const folder = await profile.folder('away');
  await profile.up(folder);
  await proxy.cut();
  const away = await profile.run(['status', folder]);
  expect(away).toMatchObject({ code: 4, stdout: '' });
  expectCode(await profile.run(upWords(folder)), 4);
  const agent = await profile.agentProcessId();
  await proxy.restore();
  await eventually(async () => (await profile.run(['status', folder])).code === 0, 'the engine is back', 5_000);
  expect((await profile.status(folder)).container.status).toBe('running');
  expect(await profile.agentProcessId()).toBe(agent);
  expect(await profile.containers()).toHaveLength(1);
});

test('20 cuts in a row, with the container changed meanwhile: the state is right within 5 s each, nothing doubles', async () => {
  const folder = await profile.folder('cuts');
  await profile.up(folder);
  const { id, container } = await profile.status(folder);
  if (container.status === 'missing') throw new Error('no container');
  const watched = await watchAgent(profile);
  try {
    for (let turn = 0; turn < 20; turn += 1) {
      const wanted = turn % 2 === 0 ? 'stopped' : 'running';
      await proxy.cut();
      await watched.until('away', ({ engine }) => engine.status === 'away');
      const handle = profile.client.getContainer(container.id);
      await (wanted === 'stopped' ? handle.kill() : handle.start());
      await proxy.restore();
      const now = await watched.until(
        `cut ${turn}: ${wanted}`,
        ({ engine, projects }) =>
          engine.status === 'ready' && projects.find((one) => one.id === id)?.container.status === wanted,
      );
      expect(now.projects.filter((one) => one.folder === folder)).toHaveLength(1);
      expect(proxy.eventStreams()).toBe(1);
    }
  } finally {
    watched.close();
  }
  expect(await profile.containers()).toHaveLength(2);
  expect(await profile.agents()).toHaveLength(1);
});

test('cut in the middle of up: it fails with a reason, nothing is left half done, the next up works', async () => {
  const folder = await profile.folder('cut up');
  const held = proxy.hold(/^POST \S*\/containers\/\w+\/start/u, 'before');
  const up = profile.start(upWords(folder));
  await held.reached;
  await proxy.cut();
  held.release();
  const end = await up.ended;
  expect(end).toMatchObject({ code: 4 });
  await proxy.restore();
  await eventually(async () => (await profile.run(['list'])).code === 0, 'the engine is back', 5_000);
  await profile.up(folder);
  const ours = (await profile.containers()).filter((one) => one.Names.includes('/cut-up-lab'));
  expect(ours.map((one) => one.State)).toEqual(['running']);
});

describe.skipIf(needsRoot !== '')(`no permission on the engine's socket${needsRoot}`, () => {
  test('is told apart from no engine, and init still works', async () => {
    const closed = await openCliProfile({ dockerHost: proxy.dockerHost, userId: 65_534 });
    try {
      // The way to the socket is open, the socket itself is not.
      const engine = await testEngine();
      const inner = await openEngineProxy(engine.socketPath, path.join(closed.root, 'closed.sock'), 0o600);
      const environment = { DOCKER_HOST: inner.dockerHost };
      const end = await closed.run(['list'], { environment });
      await inner.close();
      expect(end).toMatchObject({ code: 4, stdout: '' });
      expect(end.stderr).toMatch(/permission/iu);
      expect(end.stderr).toContain('closed.sock');
    } finally {
      await closed.close();
    }
  });
});
