import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';
import { prompt } from '../../app/tazpod-app.ts';
import { openApp, openDesktop, type BenchApp } from '../desktop/app.ts';
import { surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';
import { addTrustedProject, containerIdOf, startProject } from '../world/operation.ts';

/** The app with one project that is up and a terminal of it in view. */
export interface TerminalWorld {
  readonly app: BenchApp;
  readonly page: Page;
  readonly name: string;
  readonly folder: string;
  readonly containerId: string;
}

/** @param way `engine`: no docker program is found, so that sessions use the engine's own exec stream */
export async function openTerminalWorld(
  bench: Bench,
  name: string,
  way: 'pty' | 'engine' = 'pty',
): Promise<TerminalWorld> {
  const desktop = await openDesktop(bench);
  const surroundings = surroundingsOf(bench, `terminal-${name}`, dockerHostOf(bench));
  const environment =
    way === 'pty' ? surroundings.environment : { ...surroundings.environment, PATH: await pathWithoutDocker(bench) };
  const app = await openApp(bench, desktop, { ...surroundings, environment });
  const folder = await bench.makeProjectFolder(name);
  const projectId = await addTrustedProject(app.target, folder);
  await startProject(app.target, projectId);
  await app.row(name).click();
  await openTab(app);
  return { app, page: app.page, name, folder, containerId: containerIdOf(app.target, projectId) };
}

/** Opens a terminal and waits for its prompt. */
export async function openTab(app: BenchApp): Promise<void> {
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await app.page.locator('.xterm-helper-textarea').focus();
}

/** Every program on the PATH but docker. */
async function pathWithoutDocker(bench: Bench): Promise<string> {
  const programs = path.join(bench.root, 'programs');
  await mkdir(programs, { recursive: true });
  for (const folder of (process.env['PATH'] ?? '').split(path.delimiter)) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if (name === 'docker') continue;
      // The first of a name wins, as on a PATH.
      await symlink(path.join(folder, name), path.join(programs, name)).catch(() => undefined);
    }
  }
  return programs;
}

/** Lines as a build prints them, no two the same. */
export async function writeFlood(folder: string, bytes: number): Promise<number> {
  const lineBytes = 75;
  const count = Math.floor(bytes / lineBytes);
  const lines = Array.from({ length: count }, (_, at) =>
    `${String(at).padStart(9, '0')} ${'built one more thing of many '.repeat(3)}`.slice(0, lineBytes - 1),
  );
  await writeFile(path.join(folder, 'flood.txt'), `${lines.join('\n')}\n`);
  return count * lineBytes;
}
