import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { inProject, node24, projectRoot } from '../setup/project.mjs';
import { runForeground } from '../setup/run.mjs';

/** Runs the steps of package.json's `check` script, so that there is one list of them. @returns {Promise<boolean>} whether all passed */
export async function runCheck() {
  const { scripts } = /** @type {{ scripts: { check: string } }} */ (
    JSON.parse(readFileSync(inProject('package.json'), 'utf8'))
  );
  for (const step of scripts.check.split('&&')) {
    const [tool = '', ...args] = step.trim().split(/\s+/);
    process.stdout.write(`check: ${step.trim()}\n`);
    const words = tool === 'node' ? args : [programOf(tool), ...args];
    if ((await runForeground(node24, words, { cwd: projectRoot, env: checkEnvironment() })) !== 0) return false;
  }
  return true;
}

/** The script behind a name in node_modules/.bin; Node runs it itself, since the link there may ask for another Node. @param {string} tool */
function programOf(tool) {
  const packageName = tool === 'tsc' ? 'typescript' : tool;
  const folder = inProject('node_modules', packageName);
  const { bin } = /** @type {{ bin: string | Record<string, string> }} */ (
    JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
  );
  const path = `${folder}/${typeof bin === 'string' ? bin : (bin[tool] ?? '')}`;
  if (!existsSync(path))
    throw new Error(`package.json's check script names ${tool}, which ${packageName} does not bring`);
  return path;
}

/** Tools that start others find the same Node. */
function checkEnvironment() {
  return { ...process.env, PATH: [dirname(node24), process.env['PATH'] ?? ''].join(delimiter) };
}
