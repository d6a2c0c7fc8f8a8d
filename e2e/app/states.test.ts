import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { openRegistry } from '../../main/engine/project/registry.ts';
import { openCliProfile, testEngine, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { openEngineProxy } from '../fixtures/engine-proxy.ts';
import { openTray } from '../fixtures/tray.ts';
import { appEnvironment, electronProgram, keepEvidence, launchApp, projectRoot, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp | null = null;

beforeEach(async () => {
  desktop = await startDesktop();
});
afterEach(async (context) => {
  if (app !== null && context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
  await app?.close();
  app = null;
  await profile.close();
  await desktop.close();
});

async function project(name: string): Promise<string> {
  const folder = await profile.folder(name);
  await mkdir(path.join(folder, '.tazpod'), { recursive: true });
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), `image: ${baseImage}\n`);
  return folder;
}

test('a project that the agent brought up is taken over, and left running on quit', async () => {
  profile = await openCliProfile();
  const folder = await profile.folder('handed-over');
  expect(await profile.up(folder)).toMatchObject({ code: 0 });
  const [before] = await profile.containers();

  app = await launchApp(desktop, profile);
  await app.row('handed-over').click();
  await app.page
    .getByText(/^Running/u)
    .first()
    .waitFor();
  expect((await profile.containers()).map((one) => one.Id)).toEqual([before?.Id]);
  const listed = await profile.run(['list', '--json']);
  expect(JSON.parse(listed.stdout)).toMatchObject({ host: { kind: 'app' } });
  expect(await profile.agents()).toEqual([]);

  await app.close();
  app = null;
  expect((await profile.containers()).map((one) => [one.Id, one.State])).toEqual([[before?.Id, 'running']]);
  expect((await profile.status(folder)).container.status).toBe('running');
});

test('the engine goes away and comes back, and the window with it', async () => {
  const engine = await testEngine();
  const folderForSocket = await openCliProfile();
  const proxy = await openEngineProxy(engine.socketPath, path.join(folderForSocket.root, 'engine.sock'));
  profile = await openCliProfile({ client: engine.client, dockerHost: proxy.dockerHost });
  try {
    const folder = await project('away');
    app = await launchApp(desktop, profile);
    await app.drop(folder);
    await app.row('away').waitFor();
    await proxy.cut();
    await app.page
      .getByText(/^No engine/u)
      .first()
      .waitFor();
    await proxy.restore();
    await app.page
      .getByText(/^No engine/u)
      .first()
      .waitFor({ state: 'detached' });
    await app.row('away').waitFor();
  } finally {
    await app?.close();
    app = null;
    await proxy.close();
    await folderForSocket.close();
  }
});

test('a second start shows the first one’s window and ends', async () => {
  profile = await openCliProfile();
  app = await launchApp(desktop, profile);
  await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const isVisible = async (): Promise<unknown> =>
    app?.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible());
  expect(await isVisible()).toBe(false);
  const shown = app.electron.evaluate(
    async ({ BrowserWindow }) =>
      new Promise((resolve) => BrowserWindow.getAllWindows()[0]?.once('show', () => resolve(true))),
  );
  const second = spawn(electronProgram(), ['.'], {
    cwd: projectRoot,
    env: appEnvironment(desktop, profile),
    stdio: 'ignore',
  });
  const code = await new Promise((resolve) => second.once('exit', resolve));
  expect(code).toBe(0);
  expect(await shown).toBe(true);
  expect(await isVisible()).toBe(true);
});

test('200 projects are listed, found and shown in the tray', async () => {
  profile = await openCliProfile();
  const registry = await openRegistry(profile.stateFolder, { nowMs: Date.now });
  for (let at = 0; at < 200; at++) await registry.addProject(await project(`project-${String(at).padStart(3, '0')}`));
  app = await launchApp(desktop, profile);
  await app.row('project-000').waitFor();
  expect(await app.page.getByRole('option').count()).toBe(200);
  await app.page.keyboard.press('Control+k');
  await app.page.keyboard.type('project-173');
  await app.row('project-173').waitFor();
  expect(await app.page.getByRole('option').count()).toBe(1);
  const tray = await openTray(desktop.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  const labels = (await tray.menu()).map((line) => line.label);
  expect(labels).toContain('More (170)');
  tray.close();
});

test('hostile folder names are shown as text and work', async () => {
  profile = await openCliProfile();
  const names = ['$(id) `id`', 'a & b <b>bold', '" onload="x', '日本語 🚀', 'x'.repeat(200)];
  app = await launchApp(desktop, profile);
  for (const name of names) {
    await app.drop(await project(name));
    await app.page.getByRole('option').filter({ hasText: name }).first().waitFor();
  }
  expect(await app.page.locator('li b').count()).toBe(0);
});
