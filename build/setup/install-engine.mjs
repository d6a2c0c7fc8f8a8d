import { createInterface } from 'node:readline/promises';
import { answersPing } from './docker-request.mjs';
import { systemPath } from './engine-facts.mjs';
import { isAlive } from './process-table.mjs';
import { run } from './run.mjs';
import { SetupError, say } from './say.mjs';

/**
 * Installs packages with apt-get; nothing that is there is removed or replaced.
 * @param {readonly string[]} packages
 */
export async function installPackages(packages) {
  say(`installing ${packages.join(', ')} with apt-get`);
  const install = () => aptGet('install', '-y', '--no-install-recommends', '--no-remove', ...packages);
  // The lists of a fresh machine are empty or too old to name a package that the mirror still has.
  if (await install()) return;
  say('updating the package lists, then once more');
  await aptGet('update');
  if (await install()) return;
  throw new SetupError(
    `apt-get could not install ${packages.join(', ')}; its own words are above`,
    `apt-get update && apt-get install ${packages.join(' ')}`,
  );
}

/** Waits for another apt-get: on a fresh machine a timer often runs one. @param {string[]} args */
async function aptGet(...args) {
  const env = { ...process.env, PATH: systemPath, DEBIAN_FRONTEND: 'noninteractive' };
  return (await run('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, show: true })).code === 0;
}

/**
 * Waits for an engine that an installation has started; it may need a moment before its socket answers.
 * @param {readonly number[]} daemons their process ids; none: returns at once
 */
export async function waitForSystemEngine(daemons) {
  const deadline = Date.now() + 30_000;
  while (daemons.some(isAlive) && Date.now() < deadline) {
    if (await answersPing('unix:///var/run/docker.sock')) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Asks a yes/no question on the terminal; anything but yes is no.
 * @param {string} question
 */
export async function askOnTerminal(question) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
