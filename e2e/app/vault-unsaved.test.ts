import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from '../fixtures/axe.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { eventually } from '../fixtures/processes.ts';
import { openTray, type TrayClient } from '../fixtures/tray.ts';
import { keepEvidence, launchApp, type TazpodApp } from './tazpod-app.ts';

/** A vault that can't be saved keeps its container and the app, unless a person says by name that it may get lost. */
let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;
let tray: TrayClient;
let folder: string;
const passphrase = 'seven unlikely words in a row';

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  folder = await profile.folder('held');
  await profile.up(folder);
  app = await launchApp(desktop, profile);
  tray = await openTray(desktop.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  await app.row('held').click();
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  tray.close();
  await app.close().catch(() => undefined);
  await profile.close();
  await desktop.close();
});

async function unlock(...flags: readonly string[]): Promise<void> {
  const words = ['unlock', ...flags, '--passphrase-stdin', folder];
  expect(await profile.run(words, { input: `${passphrase}\n` })).toMatchObject({ code: 0 });
}
/** Names that differ in case alone are two files here, and one on other systems: a save refuses them. */
async function makeUnsavable(): Promise<void> {
  const script = 'touch ~/secrets/twin ~/secrets/TWIN';
  expect(await profile.run(['enter', folder, '--', 'sh', '-c', script])).toMatchObject({ code: 0 });
}
const state = async (): Promise<readonly string[]> => {
  const { container, vault } = await profile.status(folder);
  return [container.status, vault.status];
};
const question = () => app.page.getByRole('alertdialog');

test('Stop keeps what it can’t save; only a second, named answer stops it, in the window and from the tray', async () => {
  await unlock('--create');
  expect((await tray.menu()).flatMap(({ children }) => children.map(({ label }) => label))).not.toContain(
    'Stop without saving…',
  );
  await makeUnsavable();
  await app.button('More actions').click();
  await app.page.getByRole('menuitem', { name: 'Stop and remove container' }).click();
  await app.page.getByRole('alert').filter({ hasText: 'was not saved because of' }).waitFor();
  expect(await state()).toEqual(['running', 'unlocked']);

  await app.button('Stop without saving…').click();
  await question().getByRole('heading', { name: 'Stop held without saving its vault?' }).waitFor();
  await question()
    .getByText(/Whatever changed in the vault after .* is lost/u)
    .waitFor();
  await expectAccessible(app.page, '[role=alertdialog]');
  await question().getByRole('button', { name: 'Cancel' }).click();
  await question().waitFor({ state: 'detached' });
  expect(await state()).toEqual(['running', 'unlocked']);

  await tray.click('held', 'Stop without saving…');
  await question().getByRole('button', { name: 'Stop without saving' }).click();
  await eventually(async () => (await state())[0] === 'missing', 'the container is gone', 20_000);
  expect(await state()).toEqual(['missing', 'locked']);
});

test('Quit asks where a vault can’t be saved: Stay keeps app and vault, Quit anyway leaves the vault open', async () => {
  await profile.up(folder);
  await unlock();
  expect((await profile.run(['enter', folder, '--', 'sh', '-c', 'ls ~/secrets'])).stdout).not.toContain('twin');
  await makeUnsavable();
  const quitAndAnswer = async (answer: number): Promise<void> =>
    app.electron.evaluate(({ app: electronApp, dialog }, response) => {
      dialog.showMessageBox = async (options: unknown) => {
        Reflect.set(globalThis, 'asked', options);
        return Promise.resolve({ response, checkboxChecked: false });
      };
      Reflect.deleteProperty(globalThis, 'asked');
      electronApp.quit();
    }, answer);
  const asked = async (): Promise<unknown> => app.electron.evaluate(() => Reflect.get(globalThis, 'asked') as unknown);

  await quitAndAnswer(0);
  await eventually(async () => (await asked()) !== undefined, 'the question', 20_000);
  expect(await asked()).toMatchObject({
    message: expect.stringContaining('was not saved because of'),
    detail: expect.stringContaining('Quit anyway: the vault stays open in its container.'),
    buttons: ['Stay', 'Quit anyway'],
    defaultId: 0,
    cancelId: 0,
  });
  await app.row('held').waitFor();
  expect(await state()).toEqual(['running', 'unlocked']);

  const closed = app.electron.waitForEvent('close');
  await quitAndAnswer(1);
  await closed;
  // The agent that takes over looks into the container once the engine has answered it.
  await eventually(async () => (await state()).join(' ') === 'running mounted', 'the vault to be seen open', 20_000);
  expect((await profile.run(['enter', folder, '--', 'sh', '-c', 'ls ~/secrets'])).stdout).toContain('twin');
});
