import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { inProject, node24, projectRoot } from './project.mjs';
import { run } from './run.mjs';
import { SetupError, say } from './say.mjs';
import { listSources, stampOf } from './stamp.mjs';

const sourceEntries = ['main', 'preload', 'build/vite.config.ts', 'package.json', 'package-lock.json'];

/**
 * Builds main/ into out/main where that is missing or older than its sources. The build happens beside it and takes its place whole,
 * so that a command which runs at the same time finds the old one or the new one.
 * @throws {SetupError} the sources do not build
 */
export async function ensureBuilt() {
  if (isCurrent(currentStamp())) return;
  await withLock(inProject('out', '.build.lock'), 'build main/', async () => {
    const stamp = currentStamp();
    if (isCurrent(stamp)) return;
    say('building main/');
    const fresh = inProject('out', `.main-${process.pid}`);
    try {
      await build(fresh);
      writeFileSync(join(fresh, '.stamp'), stamp);
      replaceFolder(inProject('out', 'main'), fresh);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
}

/** @param {string} outFolder */
async function build(outFolder) {
  const vite = inProject('node_modules', 'vite', 'bin', 'vite.js');
  const args = ['build', '--config', 'build/vite.config.ts', '--logLevel', 'warn', '--outDir', outFolder];
  const { code, failure } = await run(node24, [vite, ...args], { cwd: projectRoot, show: true });
  if (code === 0) return;
  throw new SetupError(
    `the build failed (${failure ?? `exit code ${code}`}); its own words are above`,
    'correct the sources, or go back to a commit that builds (git status shows what was changed)',
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

function currentStamp() {
  return stampOf(listSources(projectRoot, sourceEntries));
}

/** The stamp lies inside the build, so that whoever empties that folder takes it along. @param {string} stamp */
function isCurrent(stamp) {
  try {
    return readFileSync(inProject('out', 'main', '.stamp'), 'utf8') === stamp;
  } catch {
    return false;
  }
}
