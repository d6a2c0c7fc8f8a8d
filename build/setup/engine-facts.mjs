import { accessSync, constants, readlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { enginePackages } from './engine-decision.mjs';
import { findDaemons, isDaemonOf } from './private-engine/processes.mjs';
import { commandLineOf } from './process-table.mjs';
import { run } from './run.mjs';

/** PATH with the system folders that a plain user's or a service's PATH leaves out; dockerd and iptables live there. */
export const systemPath = [process.env['PATH'] ?? '', '/usr/local/sbin', '/usr/sbin', '/sbin'].join(delimiter);

/** @param {string} program @returns {string | undefined} its full path */
export function findProgram(program) {
  return systemPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, program))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/**
 * Looks at this machine; changes nothing.
 * @param {import('./private-engine/home.mjs').EngineHome} home of the private engine, which is no stranger even while it is starting
 * @returns {Promise<import('./engine-decision.mjs').Facts>}
 */
export async function readFacts(home) {
  const { env } = process;
  return {
    platform: process.platform,
    uid: process.getuid?.(),
    aptGet: findProgram('apt-get') !== undefined,
    packages: await installedEnginePackages(),
    dockerd: findProgram('dockerd') !== undefined,
    iptables: findProgram('iptables') !== undefined,
    ip: findProgram('ip') !== undefined,
    tty: process.stdin.isTTY && process.stderr.isTTY,
    ci: env['CI'] === 'true',
    answer: env['TAZPOD_SETUP_ENGINE'],
    unknownDaemon: findUnknownDaemon(home),
    chosenEngine: chosen('DOCKER_HOST', env) ?? chosen('DOCKER_CONTEXT', env),
  };
}

/** @param {string} name @param {NodeJS.ProcessEnv} env */
function chosen(name, env) {
  const value = env[name];
  return value === undefined || value === '' ? undefined : `${name}=${value}`;
}

/** On a system with rpm a second engine is kept away too. @returns {Promise<string[]>} */
async function installedEnginePackages() {
  if (findProgram('dpkg-query') !== undefined) {
    const format = '${Package} ${db:Status-Status}\n';
    // Exit code 1 only says that some of them are unknown.
    const { stdout } = await run('dpkg-query', ['--show', `--showformat=${format}`, ...enginePackages], {
      quiet: true,
    });
    return stdout.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0] ?? ''] : []));
  }
  if (findProgram('rpm') !== undefined) {
    const { stdout } = await run('rpm', ['--query', '--queryformat=%{NAME}\\n', ...enginePackages], { quiet: true });
    return stdout.split('\n').filter((line) => enginePackages.includes(line));
  }
  return [];
}

/** A dockerd that shares this host's network and does not listen where engines are looked for; containers and rootless ones have their own. @param {import('./private-engine/home.mjs').EngineHome} home */
function findUnknownDaemon(home) {
  if (process.platform !== 'linux') return undefined;
  for (const pid of findDaemons()) {
    const args = commandLineOf(pid) ?? [];
    if (networkOf(pid) === networkOf('self') && !isDaemonOf(home, args)) return { pid, host: hostOf(args) };
  }
  return undefined;
}

/** @param {number | 'self'} pid */
function networkOf(pid) {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined;
  }
}

/** The first address in a dockerd's arguments. @param {readonly string[]} args */
export function hostOf(args) {
  const at = args.findIndex((arg) => /^(-H|--host)(=|$)/.test(arg));
  const host = args[at]?.includes('=') ? args[at]?.replace(/^[^=]*=/, '') : args[at + 1];
  return at === -1 || host === undefined ? 'unix:///var/run/docker.sock' : host;
}
