import { AxeBuilder } from '@axe-core/playwright';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCliProfile, testEngine, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { openEngineProxy, type EngineProxy } from '../fixtures/engine-proxy.ts';
import { eventually } from '../fixtures/processes.ts';
import { launchApp, type TazpodApp } from './tazpod-app.ts';

const isStats = /^GET \S*\/stats/u;

let desktop: TestDesktop;
let base: CliProfile;
let profile: CliProfile;
let proxy: EngineProxy;
let app: TazpodApp;
let folders: readonly string[];
beforeAll(async () => {
  desktop = await startDesktop();
  const engine = await testEngine();
  base = await openCliProfile();
  proxy = await openEngineProxy(engine.socketPath, path.join(base.root, 'engine.sock'));
  profile = await openCliProfile({ client: engine.client, dockerHost: proxy.dockerHost });
  folders = [await profile.folder('one'), await profile.folder('two')];
  for (const folder of folders) expect(await profile.up(folder)).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await proxy.close();
  await base.close();
  await desktop.close();
});

const streams = async (count: number, what: string): Promise<void> =>
  eventually(() => proxy.openRequests(isStats) === count, what, 10_000);
const tab = async (name: string): Promise<void> => app.page.getByRole('tab', { name, exact: true }).click();
const measure = () => app.page.getByRole('region', { name: 'Memory' });

test('stats stream for the project in view alone, and for none once the tab or the window is left', async () => {
  await app.row('one').click();
  expect(proxy.requests.filter((line) => isStats.test(line))).toEqual([]);
  await tab('Stats');
  await measure().getByText(/MB|kB/u).first().waitFor();
  await app.page.getByRole('img', { name: 'CPU over the last two minutes' }).locator('canvas').waitFor();
  await streams(1, 'one stream');
  const { violations } = await new AxeBuilder({ page: app.page }).include('[role=tabpanel]').setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);

  await app.row('two').click();
  await tab('Stats');
  await measure().getByText(/MB|kB/u).first().waitFor();
  await streams(1, 'the other project’s stream alone');
  await tab('Activity');
  await streams(0, 'no stream once the tab was left');

  await tab('Stats');
  await streams(1, 'the stream of the tab that came back');
  expect(await profile.run(['down', folders[1] ?? ''])).toMatchObject({ code: 0 });
  await app.page.getByRole('heading', { name: 'Not running' }).waitFor();
  await streams(0, 'no stream of a container that is gone');

  await app.row('one').click();
  await streams(1, 'the first project’s stream again');
  await app.page.reload();
  await app.row('one').waitFor();
  await streams(0, 'no stream of a page that was loaded anew');
});
