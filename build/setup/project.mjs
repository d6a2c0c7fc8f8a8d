import { fileURLToPath } from 'node:url';
import { delimiter, join } from 'node:path';

/** The folder that package.json is in. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** A path inside the project. @param {string[]} parts */
export const inProject = (...parts) => join(projectRoot, ...parts);

/** Node 24 from the `node` devDependency; the file itself, because the link in .bin is a script on Windows. */
export const node24 = inProject('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * The environment for a program that must run on this machine's own Node and npm: without node_modules/.bin, which npm puts first.
 * @returns {NodeJS.ProcessEnv}
 */
export function systemEnvironment() {
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !/[\\/]node_modules[\\/]/.test(`${folder}/`))
    .join(delimiter);
  return { ...process.env, PATH: path };
}
