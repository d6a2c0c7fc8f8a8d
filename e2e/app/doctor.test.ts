import { appendFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { openCliProfile, testEngine, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { openEngineProxy, type EngineProxy } from '../fixtures/engine-proxy.ts';
import { openTray, type TrayClient } from '../fixtures/tray.ts';
import { keepEvidence, launchApp, type TazpodApp } from './tazpod-app.ts';

const secrets = { environment: 'planted-in-environment', config: 'planted in config', log: 'planted-in-log' };

let desktop: TestDesktop;
let base: CliProfile;
let profile: CliProfile;
let proxy: EngineProxy;
let app: TazpodApp;
let tray: TrayClient;
beforeAll(async () => {
  desktop = await startDesktop();
  const engine = await testEngine();
  base = await openCliProfile();
  proxy = await openEngineProxy(engine.socketPath, path.join(base.root, 'engine.sock'));
  const environment = { GITHUB_TOKEN: secrets.environment };
  profile = await openCliProfile({ client: engine.client, dockerHost: proxy.dockerHost, environment });
  const sshFolder = path.join(profile.environment['HOME'] ?? '', '.ssh');
  await mkdir(sshFolder, { mode: 0o700 });
  const key = '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n';
  await writeFile(path.join(sshFolder, 'id_ed25519'), key, { mode: 0o644 });
  app = await launchApp(desktop, profile);
  tray = await openTray(desktop.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '');
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  tray.close();
  await app.close();
  await profile.close();
  await proxy.close();
  await base.close();
  await desktop.close();
});

const heading = () => app.page.getByRole('heading', { name: 'Doctor', exact: true });
const rowOf = (title: string) => app.page.getByRole('listitem').filter({ hasText: title });
const close = async (): Promise<void> => {
  await app.button('Close doctor').click();
  await heading().waitFor({ state: 'detached' });
};

test('doctor opens from tray, palette, status bar and a project’s menu, and warns of a key that ssh refuses', async () => {
  const folder = await profile.folder('acme');
  await mkdir(path.join(folder, '.tazpod'));
  const config = `image: ${baseImage}\nenv: { PIN: ${JSON.stringify(secrets.config)} }\n`;
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), config);
  await app.drop(folder);
  await app.row('acme').waitFor();

  await tray.click('Doctor');
  await heading().waitFor();
  await rowOf('SSH key').filter({ hasText: 'Next: chmod 600' }).waitFor();
  await rowOf('Engine').filter({ hasText: 'Fine' }).first().waitFor();
  await rowOf('Trust').filter({ hasText: 'tazpod trust' }).waitFor();
  await rowOf('TLS from inside').filter({ hasText: 'the image came from no registry' }).waitFor();
  await expectAccessible(app.page);
  await close();

  await app.page.keyboard.press('Control+Shift+P');
  await app.page.keyboard.type('doctor');
  await app.page.keyboard.press('Enter');
  await heading().waitFor();
  await close();

  await app.button('More actions').click();
  await app.page.getByRole('menuitem', { name: 'Ask doctor' }).click();
  await heading().waitFor();
  await close();

  await app.button('Doctor').click();
  await heading().waitFor();
});

test('the diagnostics file has the rows and none of the secrets', async () => {
  await appendFile(path.join(profile.stateFolder, 'host.log'), `pull: token=${secrets.log}, was ${secrets.config}\n`);
  const file = path.join(profile.root, 'diagnostics.json');
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = async () => Promise.resolve({ canceled: false, filePath });
  }, file);
  await app.button('Save diagnostics…').click();
  await app.page.getByText(/^Saved as /u).waitFor();
  const text = await readFile(file, 'utf8');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  const { rows, log } = JSON.parse(text) as { rows: { id: string }[]; log: string[] };
  expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(['runtime', 'engine', 'ssh-key']));
  expect(log.join('\n')).toContain('pull: token=');
});

test('doctor tells of an engine that goes away while the page is open', async () => {
  await proxy.cut();
  await rowOf('Engine').filter({ hasText: 'To solve' }).first().waitFor();
  await expectAccessible(app.page);
  await proxy.restore();
  await rowOf('Engine').filter({ hasText: 'Fine' }).first().waitFor();
});
