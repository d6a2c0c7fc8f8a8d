import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { inProject, node24, projectRoot } from './project.mjs';
import { run } from './run.mjs';
import { SetupError, say } from './say.mjs';
import { listSources, stampOf } from './stamp.mjs';

/**
 * What is built, each into out/NAME: its Vite configuration and everything that it reads.
 * @typedef {{ name: string, config: string, sources: readonly string[] }} Part
 */

const shared = ['preload/contract', 'package.json', 'package-lock.json'];

/** The Node side: command line, agent and Electron's main process. @type {Part} */
export const mainPart = {
  name: 'main',
  config: 'build/vite.config.ts',
  sources: ['main', 'build/vite.config.ts', ...shared],
};

/** What only the app's windows need. @type {readonly Part[]} */
export const windowParts = [
  {
    name: 'preload',
    config: 'build/vite.preload.config.ts',
    sources: ['preload', 'build/vite.preload.config.ts', ...shared],
  },
  {
    name: 'renderer',
    config: 'build/vite.renderer.config.ts',
    sources: ['renderer', 'preload', 'build/vite.renderer.config.ts', 'build/refuse-missing-files.ts', ...shared],
  },
];

/**
 * Builds parts that are missing or older than their sources. Each is built beside the old one and takes its place whole,
 * so that a command which runs at the same time finds the old one or the new one.
 * @param {readonly Part[]} parts
 * @throws {SetupError} the sources do not build
 */
export async function ensureBuilt(parts = [mainPart]) {
  if (parts.every((part) => isCurrent(part, currentStamp(part)))) return;
  await withLock(inProject('out', '.build.lock'), 'build the app', async () => {
    for (const part of parts) await ensurePart(part);
  });
}

/** @param {Part} part */
async function ensurePart(part) {
  const stamp = currentStamp(part);
  if (isCurrent(part, stamp)) return;
  say(`building ${part.name}/`);
  const fresh = inProject('out', `.${part.name}-${process.pid}`);
  try {
    await build(part, fresh);
    writeFileSync(join(fresh, '.stamp'), stamp);
    replaceFolder(inProject('out', part.name), fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** @param {Part} part @param {string} outFolder */
async function build(part, outFolder) {
  const vite = inProject('node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', '--config', part.config, '--logLevel', 'warn', '--outDir', outFolder];
  const { code, failure } = await run(node24, [vite, ...args], { cwd: projectRoot, show: true });
  if (code === 0) return;
  throw new SetupError(
    `the build of ${part.name}/ failed (${failure ?? `exit code ${code}`}); its own words are above`,
    'where a package is said to be missing, delete node_modules and run the same command again; else correct the sources, or go back to a commit that builds (git status shows what was changed)',
  );
}

/** @param {string} target @param {string} fresh */
function replaceFolder(target, fresh) {
  const old = `${fresh}-old`;
  try {
    renameSync(target, old);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
  renameSync(fresh, target);
  rmSync(old, { recursive: true, force: true });
}

/** @param {Part} part */
function currentStamp(part) {
  return stampOf(listSources(projectRoot, part.sources));
}

/** The stamp lies inside the build, so that whoever empties that folder takes it along. @param {Part} part @param {string} stamp */
function isCurrent(part, stamp) {
  try {
    return readFileSync(inProject('out', part.name, '.stamp'), 'utf8') === stamp;
  } catch {
    return false;
  }
}
