import { spawn } from 'node:child_process';
import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type * as asar from '@electron/asar';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { openCliProfile, upWords, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

/** The unpacked app that `npm run pack` makes; `npm test` names it. */
const packed = process.env['TAZPOD_PACKED_APP'] ?? path.resolve(import.meta.dirname, '../../dist/linux-unpacked');
const resources = path.join(packed, 'resources');

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile();
});
afterAll(async () => profile.close());

/** Runs the package's own command line, with no more on PATH than the shell's tools that its launcher needs. */
async function tazpod(...words: readonly string[]): Promise<{ code: number | null; printed: string }> {
  const child = spawn('/bin/sh', [path.join(resources, 'bin', 'tazpod'), ...words], {
    cwd: '/',
    env: { ...profile.environment, PATH: path.join(profile.root, 'bin') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, out, error] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, printed: `${out}${error}` };
}

test('the package adds at most 15 MiB to Electron', async () => {
  const entries = await readdir(resources, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(15 * 1024 * 1024);
});

test('the archive holds the built app, what it reads, and its packages; nothing else', () => {
  const { listPackage } = createRequire(import.meta.url)('@electron/asar') as typeof asar;
  const names = listPackage(path.join(resources, 'app.asar'), { isPack: false });
  const top = names.map((name) =>
    name
      .split(/[\\/]/u)
      .slice(1, name.includes('node_modules') ? 2 : 3)
      .join('/'),
  );
  expect(new Set(top)).toEqual(
    new Set([
      'build',
      'build/icons',
      'build/image',
      'LICENSE',
      'node_modules',
      'package.json',
      'out',
      'out/main',
      'out/preload',
      'out/renderer',
    ]),
  );
});

test('the licences of what is bundled are in the archive', () => {
  const { extractFile } = createRequire(import.meta.url)('@electron/asar') as typeof asar;
  const read = (file: string): string => extractFile(path.join(resources, 'app.asar'), file).toString('utf8');
  expect(read('out/main/licences.md')).toContain('dockerode');
  expect(read('out/renderer/licences/packages.md')).toContain('@xterm/xterm');
});

test('the package’s command line and agent run without Node on PATH', async () => {
  const tools = path.join(profile.root, 'bin');
  await mkdir(tools);
  for (const tool of ['dirname', 'readlink', 'uname', 'basename']) {
    await symlink(path.join('/usr/bin', tool), path.join(tools, tool));
  }
  const folder = await profile.folder('packed');
  expect(await tazpod(...upWords(folder))).toMatchObject({ code: 0 });
  const [container] = await profile.containers();
  expect(container).toMatchObject({ Names: ['/packed-lab'], State: 'running' });
  expect(await tazpod('down', folder)).toMatchObject({ code: 0 });
  expect(await profile.containers()).toEqual([]);
  expect(await tazpod('quit')).toMatchObject({ code: 0 });
});

test('the package’s window registers a folder, starts it and types in its terminal', async (context) => {
  const desktop = await startDesktop();
  const app = await launchApp(desktop, profile, { packed: path.join(packed, 'tazpod-desktop') });
  try {
    await driveOnce(app, await profile.folder('in-window'));
  } catch (error) {
    await keepEvidence(app, context.task.name);
    throw error;
  } finally {
    await app.close();
    await desktop.close();
  }
});

async function driveOnce(app: TazpodApp, folder: string): Promise<void> {
  await mkdir(path.join(folder, '.tazpod'));
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), `image: ${baseImage}\n`);
  await app.drop(folder);
  await app.row('in-window').click();
  const question = app.page.getByRole('region', { name: 'What the container gets' });
  await question.press('End');
  await app.button('Trust and start').click();
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await app.type('echo typed-$((20 + 3))\n');
  await app.terminalShows('typed-23');
  expect((await profile.containers()).map(({ Names: names }) => names[0])).toEqual(['/in-window-lab']);
}
