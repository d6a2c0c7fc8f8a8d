import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCliProfile, testEngine, upWords, type CliProfile } from '../fixtures/cli-profile.ts';
import { openEngineProxy } from '../fixtures/engine-proxy.ts';
import { expectCode } from '../fixtures/expect-end.ts';

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile();
});
afterAll(async () => profile.close());

test('five command lines at once on a cold start make one agent', async () => {
  expect(await profile.agents()).toEqual([]);
  const ends = await Promise.all(Array.from({ length: 5 }, async () => profile.run(['list', '--json'])));
  const hosts = ends.map(({ code, stdout }) => {
    expect(code).toBe(0);
    return (JSON.parse(stdout) as { host: { processId: number; installId: string } }).host;
  });
  expect(new Set(hosts.map((host) => host.processId)).size).toBe(1);
  expect(new Set(hosts.map((host) => host.installId)).size).toBe(1);
  expect(await profile.agents()).toEqual([hosts[0]?.processId]);
});

test('two ups at once of one folder make one container', async () => {
  const folder = await profile.folder('twice');
  const ends = await Promise.all([profile.run(upWords(folder)), profile.run(upWords(folder))]);
  for (const end of ends) expectCode(end, 0);
  expect(await profile.containers()).toHaveLength(1);
  expect(await profile.networks()).toHaveLength(1);
});

test('up and down at once of one folder end in one of the two states, with nothing half done', async () => {
  const folder = await profile.folder('both');
  await profile.up(folder);
  const ends = await Promise.all([profile.run(['down', folder]), profile.run(['up', folder])]);
  for (const end of ends) expectCode(end, 0);
  const { container } = await profile.status(folder);
  const there = (await profile.containers()).filter((one) => one.Names.includes('/both-lab')).map((one) => one.State);
  expect(there).toEqual(container.status === 'missing' ? [] : ['running']);
});

test('two folders of the same name have a container each', async () => {
  const [one, other] = [await profile.folder('a/namesakes'), await profile.folder('b/namesakes')];
  const ends = await Promise.all([profile.run(upWords(one)), profile.run(upWords(other))]);
  for (const end of ends) expectCode(end, 0);
  const names = (await profile.containers())
    .flatMap((each) => each.Names)
    .filter((name) => name.startsWith('/namesakes-lab'));
  expect(names).toHaveLength(2);
  expect(new Set(names)).toContain('/namesakes-lab');
  expectCode(await profile.run(['down', one]), 0);
  expect((await profile.status(other)).container.status).toBe('running');
});

describe('up of one folder while the last other one goes down', () => {
  test('the network that the new container needs is still there', async () => {
    const engine = await testEngine();
    const proxy = await openEngineProxy(engine.socketPath, path.join(profile.root, 'engine.sock'));
    const other = await openCliProfile({ client: engine.client, dockerHost: proxy.dockerHost });
    try {
      const [going, coming] = [await other.folder('going'), await other.folder('coming')];
      await other.up(going);
      const held = proxy.hold(/^POST \S*\/containers\/create/u, 'before');
      const up = other.start(upWords(coming));
      await held.reached;
      expectCode(await other.run(['down', going]), 0);
      held.release();
      expectCode(await up.ended, 0);
      expect((await other.containers()).map((one) => one.State)).toEqual(['running']);
    } finally {
      await other.close();
      await proxy.close();
    }
  });
});
