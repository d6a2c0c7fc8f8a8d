import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openCliProfile, testEngine, upWords, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';
import { openEngineProxy, type EngineProxy } from '../fixtures/engine-proxy.ts';

/** Where an `up` can be stopped: each request of its way to the engine, before and after the engine's answer. */
const points = [
  ['preparing the network', /^POST \S*\/networks\/create/u, 'before'],
  ['preparing the network', /^POST \S*\/networks\/create/u, 'after'],
  ['creating the container', /^POST \S*\/containers\/create/u, 'before'],
  ['creating the container', /^POST \S*\/containers\/create/u, 'after'],
  ['starting the container', /^POST \S*\/containers\/\w+\/start/u, 'before'],
  ['starting the container', /^POST \S*\/containers\/\w+\/start/u, 'after'],
  ['starting the container', /^POST \S*\/containers\/\w+\/exec/u, 'before'],
] as const;

let profile: CliProfile;
let proxy: EngineProxy;
let socketFolder: CliProfile;

beforeAll(async () => {
  const engine = await testEngine();
  // Only for its folder: the proxy's socket has to be there before the profile that uses it.
  socketFolder = await openCliProfile();
  proxy = await openEngineProxy(engine.socketPath, path.join(socketFolder.root, 'engine.sock'));
  profile = await openCliProfile({ client: engine.client, dockerHost: proxy.dockerHost });
});
afterAll(async () => {
  await profile.close();
  await proxy.close();
  await socketFolder.close();
});

// What one test left, where it failed, is not to fail the next one.
afterEach(async () => {
  proxy.holdNothing();
  await profile.clear();
});

async function expectOneOfEach(folder: string): Promise<void> {
  const containers = await profile.containers();
  expect(containers.map((one) => [one.State, one.Names.length])).toEqual([['running', 1]]);
  expect(await profile.networks()).toHaveLength(1);
  expect((await profile.status(folder)).container.status).toBe('running');
}

async function expectNothingAfterDown(folder: string): Promise<void> {
  expectCode(await profile.run(['down', folder]), 0);
  expect(await profile.containers()).toEqual([]);
  expect(await profile.networks()).toEqual([]);
}

describe('kill -9 of the agent in the middle of up', () => {
  test.each(points)('%s (%s, %s): the next up is whole, nothing is orphaned', async (step, request, when) => {
    const folder = await profile.folder(`agent ${step} ${when} ${request.source.length}`);
    const held = proxy.hold(request, when);
    const up = profile.start(upWords(folder));
    await up.said(new RegExp(`: ${step}\n`, 'u'));
    await held.reached;
    await profile.killAgent();
    const killed = await up.ended;
    held.release();
    expect(killed.stderr).toContain('The connection to the host process was lost');

    const again = await profile.run(upWords(folder));
    expect(again).toMatchObject({ code: 0 });
    await expectOneOfEach(folder);
    await expectNothingAfterDown(folder);
    expect(await profile.agents()).toHaveLength(1);
  });

  test('in the middle of down: the next down ends it', async () => {
    const folder = await profile.folder('going down');
    await profile.up(folder);
    for (const when of ['before', 'after'] as const) {
      const held = proxy.hold(/^DELETE \S*\/containers\//u, when);
      const down = profile.start(['down', folder]);
      await held.reached;
      await profile.killAgent();
      await down.ended;
      held.release();
      if (when === 'before') await expectOneOfEach(folder);
    }
    await expectNothingAfterDown(folder);
  });
});

describe('kill -9 of the command line in the middle of up', () => {
  test.each(points.slice(0, 5))(
    '%s (%s, %s): the agent goes on, a second up finds it done',
    async (step, request, when) => {
      const folder = await profile.folder(`cli ${step} ${when} ${request.source.length}`);
      const held = proxy.hold(request, when);
      const up = profile.start(upWords(folder));
      await held.reached;
      up.kill('SIGKILL');
      expect(await up.ended).toMatchObject({ signal: 'SIGKILL' });
      const second = profile.start(upWords(folder));
      await second.said(new RegExp(`: (?:${step}|waiting for the operation before it)\n`, 'u'));
      held.release();
      expect(await second.ended).toMatchObject({ code: 0 });
      await expectOneOfEach(folder);
      await expectNothingAfterDown(folder);
    },
  );
});
