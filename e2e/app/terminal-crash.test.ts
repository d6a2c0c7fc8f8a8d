import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { commandLineOf, descendantsOf, eventually } from '../fixtures/processes.ts';
import { launchApp, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  expect(await profile.up(await profile.folder('crashing'))).toMatchObject({ code: 0 });
  // A trace would wait for the page that dies.
  app = await launchApp(desktop, profile, { traced: false });
  await app.openTerminal('crashing');
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
});

/** What the window shows, asked by way of the app: the test's own way to a page ends with the page's process. */
const shown = async (): Promise<string> =>
  app.electron.evaluate(async ({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const text: unknown = await window?.webContents
      .executeJavaScript('document.body.innerText')
      // Between the page's death and its return there is nobody to ask.
      .catch(() => '');
    return typeof text === 'string' ? text : '';
  });

/** The processes that draw the app's pages: children of this very app. */
function renderersOf(appProcessId: number): readonly number[] {
  return descendantsOf(appProcessId).filter((id) => commandLineOf(id)?.join(' ').includes('--type=renderer') === true);
}

const lastTick = (text: string): { readonly shell: string; readonly count: number } => {
  const ticks = [...text.matchAll(/tick (?<shell>\d+) (?<count>\d+)/gu)];
  const groups = ticks.at(-1)?.groups;
  return { shell: groups?.['shell'] ?? '', count: Number(groups?.['count'] ?? -1) };
};

test('a window whose process is killed comes back with its terminal, where the same program still runs', async () => {
  await app.type('clear; echo be"fore" the crash; for n in $(seq 9999); do echo tick $$ $n; sleep 0.5; done\n');
  await app.terminalShows(/before the crash[^]*tick \d+ 2/u);
  const before = lastTick(await shown());
  const renderers = renderersOf(app.electron.process().pid ?? 0);
  expect(renderers.length).toBeGreaterThan(0);
  for (const id of renderers) process.kill(id, 'SIGKILL');
  await eventually(() => renderers.every((id) => commandLineOf(id) === null), 'the end of the page’s process', 5_000);
  await eventually(async () => lastTick(await shown()).count > before.count + 1, 'the terminal in its window', 20_000);
  const text = await shown();
  expect(text).toContain('before the crash');
  expect(lastTick(text).shell).toBe(before.shell);
  expect(renderersOf(app.electron.process().pid ?? 0)).not.toEqual(renderers);
});

test('a container that dies is told in its tab, with a way on', async () => {
  const [container] = await profile.containers();
  await profile.client.getContainer(container?.Id ?? '').kill();
  await eventually(async () => (await shown()).includes('The container stopped.'), 'how the session ended', 10_000);
  const text = await shown();
  expect(text).toContain('Reconnect');
  expect(lastTick(text).count).toBeGreaterThan(0);
});
