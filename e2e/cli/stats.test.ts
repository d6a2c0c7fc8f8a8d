import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { StatsSample } from '../../preload/contract/stats.ts';
import { openCliProfile, testEngine, type CliProfile } from '../fixtures/cli-profile.ts';
import { openEngineProxy, type EngineProxy } from '../fixtures/engine-proxy.ts';
import { eventually } from '../fixtures/processes.ts';

const isStats = /^GET \S*\/stats/u;

const streamEnded = async (): Promise<void> =>
  eventually(() => proxy.openRequests(isStats) === 0, 'the end of the engine’s stats stream', 10_000);

let base: CliProfile;
let profile: CliProfile;
let proxy: EngineProxy;
let folder: string;
beforeAll(async () => {
  const engine = await testEngine();
  base = await openCliProfile();
  proxy = await openEngineProxy(engine.socketPath, path.join(base.root, 'engine.sock'));
  profile = await openCliProfile({ client: engine.client, dockerHost: proxy.dockerHost });
  folder = await profile.folder('watched');
  expect(await profile.up(folder)).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await profile.close();
  await proxy.close();
  await base.close();
});

test('nothing streams until somebody looks; one look is one request and leaves no stream', async () => {
  await profile.status(folder);
  expect(proxy.requests.filter((line) => isStats.test(line))).toEqual([]);
  const end = await profile.run(['stats', '--json', folder]);
  expect(end).toMatchObject({ code: 0, stderr: '' });
  const sample = JSON.parse(end.stdout) as StatsSample;
  expect(sample.cpuLimitCores).toBeGreaterThan(0);
  expect(sample.memoryBytes).toBeGreaterThan(0);
  expect(proxy.requests.filter((line) => isStats.test(line))).toHaveLength(1);
  await streamEnded();
  expect((await profile.run(['stats', folder])).stdout).toMatch(/^CPU [\d.]+ % \(\d+ cores?\), memory [\d.]+ [kMG]?B/u);
});

test('a busy container shows as a core and more memory; killing who follows ends the engine’s stream', async () => {
  const busy = profile.start(['enter', folder, '--', 'sh', '-c', 'while :; do :; done']);
  const watcher = profile.start(['stats', '--follow', '--json', folder]);
  await watcher.printed(/"cpuCores":(?:0\.[2-9]|[1-9])/u);
  expect(proxy.openRequests(isStats)).toBe(1);
  watcher.kill('SIGKILL');
  await streamEnded();
  busy.kill('SIGTERM');
  await busy.ended;
});

test('a container that stops ends the stream with a word', async () => {
  const watcher = profile.start(['stats', '--follow', folder]);
  await watcher.printed(/CPU/u);
  expect(await profile.run(['down', folder])).toMatchObject({ code: 0 });
  const end = await watcher.ended;
  expect(end.code).toBe(0);
  expect(end.stderr).toContain('The container was stopped.');
  await streamEnded();
  expect(await profile.run(['stats', folder])).toMatchObject({ code: 1 });
});
