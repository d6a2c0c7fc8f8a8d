import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { eventually } from '../fixtures/processes.ts';
import { keepEvidence, launchApp, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;
let folder: string;
const passphrase = 'seven unlikely words in a row';

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  folder = await profile.folder('autolock');
  await profile.up(folder);
  await unlock('--create');
  app = await launchApp(desktop, profile);
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await profile.close();
  await desktop.close();
});

async function unlock(...flags: readonly string[]): Promise<void> {
  const words = ['unlock', ...flags, '--passphrase-stdin', folder];
  expect(await profile.run(words, { input: `${passphrase}\n` })).toMatchObject({ code: 0 });
}
const statusOf = async (): Promise<string> => (await profile.status(folder)).vault.status;

test('an unlocked vault comes along when the app takes over, and is locked with the screen', async () => {
  await eventually(async () => (await profile.agentProcessId()) === null, 'the agent ends', 20_000);
  expect(await statusOf()).toBe('unlocked');
  expect((await profile.status(folder)).vault.rememberRefusal).not.toBeNull();
  await app.electron.evaluate(({ powerMonitor }) => void powerMonitor.emit('lock-screen'));
  await eventually(async () => (await statusOf()) === 'locked', 'the vault is locked', 20_000);
});

test('quitting the app saves and locks it, and the container stays up', async () => {
  await unlock();
  expect(await statusOf()).toBe('unlocked');
  await app.close();
  const after = await profile.status(folder);
  expect([after.vault.status, after.container.status, after.vault.lostSinceMs]).toEqual(['locked', 'running', null]);
});
