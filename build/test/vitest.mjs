import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { inProject, node24, projectRoot } from '../setup/project.mjs';
import { run, runForeground } from '../setup/run.mjs';
import { totalsOf } from './totals.mjs';

const vitest = inProject('node_modules', 'vitest', 'vitest.mjs');

/**
 * Runs one project of vitest.config.ts.
 * @param {string} project @param {readonly string[]} args more words for vitest @param {NodeJS.ProcessEnv} env
 */
export async function runVitest(project, args, env) {
  const reportPath = inProject('out', 'test', `${project}.json`);
  mkdirSync(inProject('out', 'test'), { recursive: true });
  // An old report must not stand for a run that crashed.
  rmSync(reportPath, { force: true });
  const options = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`, '--passWithNoTests'];
  const exitCode = await runForeground(node24, [vitest, 'run', '--project', project, ...options, ...args], {
    cwd: projectRoot,
    env,
  });
  return totalsOf(readReport(reportPath), exitCode);
}

/** @param {string} path */
function readReport(path) {
  try {
    return /** @type {import('./totals.mjs').Report} */ (JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * How many tests a project has, without running them.
 * @param {string} project @param {readonly string[]} args
 */
export async function countTests(project, args) {
  // Loading the files finds each row of a table; where one does not load without an engine, reading them has to do.
  for (const mode of ['--no-static-parse', '--static-parse']) {
    const list = await run(node24, [vitest, 'list', '--json', mode, '--project', project, ...args], {
      cwd: projectRoot,
    });
    if (list.code === 0) return parseCount(list.stdout);
  }
  return 0;
}

/** @param {string} listed what `vitest list --json` printed; a warning may come before the list */
function parseCount(listed) {
  try {
    return /** @type {unknown[]} */ (JSON.parse(listed.slice(listed.indexOf('[')))).length;
  } catch {
    return 0;
  }
}
