import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { answersPing } from '../docker-request.mjs';
import { findProgram } from '../engine-facts.mjs';
import { withLock } from '../lock.mjs';
import { SetupError, say } from '../say.mjs';
import { createBridge, removeBridge } from './bridge.mjs';
import { daemonEnvironment } from './environment.mjs';
import { clearLeftovers, findDaemon } from './processes.mjs';

/** @typedef {import('./home.mjs').EngineHome} EngineHome */

/** A first start makes its storage and loads kernel modules; on a slow disk that takes a while. */
const startTimeoutMs = 60_000;

/**
 * The private engine, if it runs and answers.
 * @param {EngineHome} home
 * @returns {Promise<string | undefined>} its DOCKER_HOST
 */
export async function findPrivateEngine(home) {
  return findDaemon(home) !== undefined && (await answersPing(home.dockerHost)) ? home.dockerHost : undefined;
}

/**
 * Starts the private engine, or finds it running; several at once start one.
 * @param {EngineHome} home
 * @returns {Promise<string>} its DOCKER_HOST
 * @throws {SetupError} it can't run here; the end of its log is part of the message
 */
export async function startPrivateEngine(home) {
  return await withLock(home.lock, 'start the private engine', async () => {
    if (findDaemon(home) !== undefined) return await waitUntilReady(home, () => findDaemon(home) !== undefined);
    say(`starting a private Docker Engine in ${home.folder}`);
    const ended = await clearLeftovers(home);
    if (ended > 0) say('its last run was killed: ended the containerd that was left');
    const bridge = await createBridge(home);
    const daemon = launch(home, bridge);
    try {
      return await waitUntilReady(home, daemon.isRunning);
    } catch (error) {
      if (!daemon.isRunning()) await removeBridge(home);
      throw error;
    }
  });
}

/** @param {EngineHome} home @param {{ name: string, pool: string }} bridge */
function launch(home, bridge) {
  for (const folder of [home.dataRoot, home.execRoot]) mkdirSync(folder, { recursive: true });
  // /etc/docker/daemon.json belongs to the system's own engine, and its settings could contradict ours.
  writeFileSync(home.configFile, '{}\n');
  const log = openSync(home.log, 'w');
  const args = [
    `--config-file=${home.configFile}`,
    `--data-root=${home.dataRoot}`,
    `--exec-root=${home.execRoot}`,
    `--pidfile=${home.pidFile}`,
    `--host=${home.dockerHost}`,
    `--bridge=${bridge.name}`,
    `--default-address-pool=${bridge.pool}`,
    // A containerd of the system is used where there is one; its other users keep their names apart from ours.
    '--containerd-namespace=tazpod',
    '--containerd-plugins-namespace=tazpod-plugins',
  ];
  const daemon = spawn(findProgram('dockerd') ?? 'dockerd', args, {
    cwd: '/',
    env: daemonEnvironment(process.env),
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let running = true;
  daemon.on('error', () => (running = false));
  daemon.on('exit', () => (running = false));
  daemon.unref();
  return { isRunning: () => running };
}

/** The daemon has no event for us to await, so its socket is asked every 100 ms. @param {EngineHome} home @param {() => boolean} isRunning */
async function waitUntilReady(home, isRunning) {
  const deadline = Date.now() + startTimeoutMs;
  while (isRunning()) {
    if (await answersPing(home.dockerHost)) return home.dockerHost;
    if (Date.now() > deadline) {
      throw new SetupError(
        `the private engine does not answer at ${home.socket} after ${startTimeoutMs / 1000} s:\n${logTail(home)}`,
        'end it with npm run engine:stop, then try again',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new SetupError(
    `the private engine ended at once; the end of ${home.log}:\n${logTail(home)}`,
    'a Docker Engine does not run on this machine as it is (in a container it needs --privileged); use another one through DOCKER_HOST',
  );
}

/** @param {EngineHome} home */
function logTail(home) {
  try {
    return readFileSync(home.log, 'utf8').trimEnd().split('\n').slice(-12).join('\n');
  } catch {
    return '(no log was written)';
  }
}
