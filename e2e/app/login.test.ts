import { AxeBuilder } from '@axe-core/playwright';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { newTestKey, saveVault } from '../../main/engine/syncs/testing/test-vault.ts';
import { tokenFileIn, writeAwsConfig } from '../../main/engine/testing/aws-home.ts';
import { openFakeS3, type FakeS3 } from '../../main/engine/testing/fake-s3.ts';
import { canary, fakeAccessKeyId, fakePage, openFakeSso, type FakeSso } from '../../main/engine/testing/fake-sso.ts';
import { openVaultStore } from '../../main/engine/vault/store.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

/** The app with fakes of Amazon's login and of S3, in a home of its own. */
let sso: FakeSso;
let s3: FakeS3;
let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;
let home: string;

async function makeProject(name: string): Promise<string> {
  const made = await profile.folder(name);
  await mkdir(path.join(made, '.tazpod'));
  const remote = `{ type: s3, bucket: vaults, endpoint: "${s3.endpoint}", path_style: true, profile: work }`;
  const config = `image: ${baseImage}\nsync: { prefix: tazpod/projects/acme, remote: ${remote} }\n`;
  await writeFile(path.join(made, '.tazpod/config.yaml'), config);
  expect(await profile.run(['trust', '--yes', made])).toMatchObject({ code: 0 });
  return made;
}

beforeAll(async () => {
  [sso, s3] = [await openFakeSso(), await openFakeS3()];
  desktop = await startDesktop();
  profile = await openCliProfile({ environment: sso.environment });
  home = profile.environment['HOME'] ?? '';
  await writeAwsConfig(home);
  const folder = await makeProject('acme');
  await saveVault(await openVaultStore(folder, { nowMs: Date.now }), newTestKey(), 'one');
  app = await launchApp(desktop, profile);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
  await Promise.all([sso.close(), s3.close()]);
});

const heading = async (name: string): Promise<void> => app.page.getByRole('heading', { name }).waitFor();
const question = () => app.page.getByRole('region', { name: 'Confirm the login' });
const expectAccessible = async (): Promise<void> => {
  const { violations } = await new AxeBuilder({ page: app.page }).include('[role=tabpanel]').setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
};

test('a missing login is told with its button; Cancel leaves nothing, and what is denied is told in place', async () => {
  onTestFailed(async () => keepEvidence(app, 'login'));
  await app.row('acme').click();
  await app.page.getByRole('tab', { name: 'Sync' }).click();
  await app.button('Sync now').click();
  await heading('Not pushed');
  await app.page.getByRole('alert').getByText('needs an AWS SSO login (profile "work")').waitFor();
  await app.row('acme').getByText('login needed').waitFor();
  await expectAccessible();
  await app.button('Log in…').click();
  await question().getByText('FAKE-CODE', { exact: true }).waitFor();
  await question().getByText(fakePage).waitFor();
  await expectAccessible();
  await app.button('Cancel').click();
  await app.button('Log in…').waitFor();
  expect(await question().count()).toBe(0);
  expect(await readdir(path.join(home, '.aws'))).toEqual(['config']);

  sso.script('denied');
  await app.button('Log in…').click();
  await app.page.getByRole('alert').getByText('was denied there').waitFor();
});

test('confirmed in the browser, the login is there for the push, and no token shows in the window', async () => {
  onTestFailed(async () => keepEvidence(app, 'login-confirmed'));
  await app.button('Log in…').click();
  await question().waitFor();
  sso.confirm();
  await question().waitFor({ state: 'detached' });
  await heading('Not pushed yet');
  await app.button('Sync now').click();
  await heading('In sync');
  expect(new Set(s3.takeRequests().map(({ accessKeyId }) => accessKeyId))).toEqual(new Set([fakeAccessKeyId]));
  expect(await app.page.content()).not.toContain(canary);
});

test('a folder without a vault is offered the login before its first terminal, then what its remote has', async () => {
  onTestFailed(async () => keepEvidence(app, 'login-step'));
  const file = tokenFileIn(home, 'acme');
  const login = JSON.parse(await readFile(file, 'utf8')) as Readonly<Record<string, string>>;
  // A session that has ended, and that AWS does not renew.
  const { refreshToken: _gone, ...ended } = login;
  await writeFile(file, JSON.stringify({ ...ended, expiresAt: '2020-01-01T00:00:00Z' }));
  const later = await makeProject('later');
  expect(await profile.run(['up', later])).toMatchObject({ code: 0 });
  await app.row('later').click();
  await app.page.getByRole('tab', { name: 'Terminal' }).click();
  const step = app.page.getByRole('region', { name: 'Log in to AWS first' });
  await step.waitFor();
  await expectAccessible();
  await step.getByRole('button', { name: 'Log in…' }).click();
  await app.page.getByRole('region', { name: 'Pull the vault first' }).waitFor();
  await app.button('Go on without it').click();
  await app.terminalShows(prompt);
  expect(await profile.run(['down', later])).toMatchObject({ code: 0 });
});
