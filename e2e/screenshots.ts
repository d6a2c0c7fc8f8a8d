/** `npm run screenshots`: takes the README's pictures anew, of the built app at a real engine, on a desktop of its own. */
import { execFile } from 'node:child_process';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { baseImage } from '../main/engine/docker/base-image.ts';
import { launchApp, projectRoot, prompt, type TazpodApp } from './app/tazpod-app.ts';
import { openCliProfile, type CliProfile } from './fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from './fixtures/desktop.ts';

const run = promisify(execFile);
const folder = path.join(projectRoot, 'docs', 'images');

/** A config for each project; null for a folder that has none yet. */
const projects: Readonly<Record<string, string | null>> = {
  'acme-api': `image: ${baseImage}\nports: [3000]\n`,
  'web-site': `image: ${baseImage}\n`,
  billing: `image: ${baseImage}\nports: ["8080:80"]\nsetup: npm ci\n`,
  infra: `image: ${baseImage}\nports: [99999]\n`,
  docs: null,
  playground: null,
};

const profile = await openCliProfile();
const desktop = await startDesktop();
try {
  const folders = await makeProjects(profile);
  const app = await launchApp(desktop, profile, { traced: false });
  try {
    await app.drop(...folders);
    for (const name of Object.keys(projects)) await app.row(name).waitFor();
    await startTrusted(app, 'web-site');
    await startTrusted(app, 'acme-api');
    await takePictures(app, desktop);
  } finally {
    await app.close();
  }
} finally {
  await desktop.close();
  await profile.close();
}

async function makeProjects(owner: CliProfile): Promise<readonly string[]> {
  const user = 1000;
  const made: string[] = [];
  for (const [name, config] of Object.entries(projects)) {
    const project = await owner.folder(name);
    made.push(project);
    // A person's own folder, also where root takes the pictures.
    if (process.getuid?.() === 0) await chown(project, user, user);
    if (config === null) continue;
    await mkdir(path.join(project, '.tazpod'));
    await writeFile(path.join(project, '.tazpod', 'config.yaml'), config);
  }
  return made;
}

async function startTrusted(app: TazpodApp, name: string): Promise<void> {
  await app.row(name).click();
  await app.page.getByRole('region', { name: 'What the container gets' }).press('End');
  await app.button('Trust and start').click();
  await app
    .row(name)
    .and(app.page.getByLabel(/Running/u))
    .waitFor();
}

async function takePictures(app: TazpodApp, { environment }: TestDesktop): Promise<void> {
  const shoot = async (name: string): Promise<void> => {
    await app.page.screenshot({ path: path.join(folder, `${name}.png`) });
  };
  const setTheme = async (theme: 'light' | 'dark'): Promise<void> => {
    await app.electron.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source;
    }, theme);
    await app.page.waitForFunction((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, theme);
  };
  await setTheme('dark');
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await app.type('git --version; stty size; id -un\n');
  await app.terminalShows(/git version [\s\S]*\/workspace\$/u);
  await shoot('window-dark');
  await setTheme('light');
  await shoot('window-light');
  await setTheme('dark');
  await app.row('billing').click();
  await app.page.getByRole('region', { name: 'What the container gets' }).waitFor();
  await shoot('trust-dark');
  // The panel's icon stands right of the one window in its list of windows.
  const icon = ['220', '15'];
  const options = { env: { ...process.env, ...environment } };
  await run('xdotool', ['mousemove', ...icon, 'click', '3'], options);
  // Nobody tells when a panel has drawn its menu.
  const drawnMs = 2_000;
  await delay(drawnMs);
  const picture = path.join(folder, 'tray.png');
  await run('import', ['-window', 'root', '-crop', '760x420+0+0', '+repage', picture], options);
}
