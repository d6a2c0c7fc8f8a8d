import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from '../fixtures/axe.ts';
import { openCliProfile, testEngine, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { openEngineProxy, type EngineProxy } from '../fixtures/engine-proxy.ts';
import { eventually } from '../fixtures/processes.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let base: CliProfile;
let profile: CliProfile;
let proxy: EngineProxy;
let app: TazpodApp;
let containers: ReadonlyMap<string, string>;
beforeAll(async () => {
  desktop = await startDesktop();
  const engine = await testEngine();
  base = await openCliProfile();
  proxy = await openEngineProxy(engine.socketPath, path.join(base.root, 'engine.sock'));
  profile = await openCliProfile({ client: engine.client, dockerHost: proxy.dockerHost });
  for (const name of ['one', 'two']) await profile.up(await profile.folder(name));
  containers = new Map((await profile.containers()).map((one) => [(one.Names[0] ?? '').slice(1), one.Id]));
  app = await launchApp(desktop, profile);
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await proxy.close();
  await base.close();
  await desktop.close();
});

const tab = async (name: string): Promise<void> => app.page.getByRole('tab', { name, exact: true }).click();
const looksAt = (name: string): number =>
  proxy.requests.filter((line) => line.includes(`/containers/${containers.get(`${name}-lab`) ?? 'none'}/exec`)).length;

test('what listens inside shows while one looks, with the line that publishes it, and nothing is asked else', async () => {
  await app.row('one').click();
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  const server = `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(Listen=>1,LocalPort=>4321);$|=1;print "u"."p\\n";sleep 99'`;
  await app.type(`${server}\n`);
  await app.terminalShows('up');
  const before = looksAt('one');

  await tab('Ports');
  const row = app.page.getByRole('list', { name: 'Ports' }).getByRole('listitem').filter({ hasText: '4321' });
  await row.getByText('perl').waitFor();
  await row.getByText('ports: [4321]').waitFor();
  await expectAccessible(app.page, '[role=tabpanel]');
  await row.getByRole('button', { name: 'Copy ports: [4321]' }).click();
  await eventually(() => looksAt('one') >= before + 2, 'a second look', 10_000);

  await app.row('two').click();
  await tab('Ports');
  await app.page.getByText('Nothing listens now.').waitFor();
  const left = looksAt('one');
  const first = looksAt('two');
  // Two more looks of the other project say how much time went by.
  await eventually(() => looksAt('two') >= first + 2, 'two more looks', 10_000);
  expect(looksAt('one')).toBe(left);

  await tab('Activity');
  const last = looksAt('two');
  await app.row('one').click();
  const again = looksAt('one');
  await eventually(() => looksAt('one') >= again + 2, 'looks at the first again', 10_000);
  expect(looksAt('two')).toBe(last);
});

test('status --ports says the same on the command line', async () => {
  const end = await profile.run(['status', '--ports', '--json', path.join(profile.root, 'projects', 'one')]);
  expect(end.code).toBe(0);
  expect(JSON.parse(end.stdout)).toMatchObject([{ port: 4321, program: 'perl', configLine: 'ports: [4321]' }]);
});
