import { join } from 'node:path';

/**
 * Where the private engine keeps everything: machine-wide, so that each clone of the project finds the same one.
 * @typedef {ReturnType<typeof engineHome>} EngineHome
 */

/** @param {string} [folder] default: TAZPOD_ENGINE_HOME, else /var/lib/tazpod-engine */
export function engineHome(folder = process.env['TAZPOD_ENGINE_HOME'] || '/var/lib/tazpod-engine') {
  const execRoot = join(folder, 'exec');
  const socket = join(folder, 'docker.sock');
  return {
    folder,
    dataRoot: join(folder, 'data'),
    execRoot,
    socket,
    dockerHost: `unix://${socket}`,
    pidFile: join(folder, 'dockerd.pid'),
    configFile: join(folder, 'daemon.json'),
    log: join(folder, 'dockerd.log'),
    lock: join(folder, 'lock'),
    installLock: join(folder, 'install.lock'),
    networkFile: join(folder, 'network.json'),
    containerdFolder: join(execRoot, 'containerd'),
  };
}
