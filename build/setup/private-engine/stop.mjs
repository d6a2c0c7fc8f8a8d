import { readFileSync } from 'node:fs';
import { getFromEngine } from '../docker-request.mjs';
import { withLock } from '../lock.mjs';
import { waitForExit } from '../process-table.mjs';
import { run } from '../run.mjs';
import { SetupError } from '../say.mjs';
import { removeBridge, removeNetworkBridges } from './bridge.mjs';
import { removeRules } from './firewall.mjs';
import { clearLeftovers, findDaemon, findShims } from './processes.mjs';
import { startPrivateEngine } from './start.mjs';

/** @typedef {import('./home.mjs').EngineHome} EngineHome */

/** dockerd gives its containers 15 s before it kills them. */
const stopTimeoutMs = 30_000;

/**
 * Ends the private engine politely: its containers are stopped, its images and volumes stay.
 * @param {EngineHome} home
 * @returns {Promise<string[]>} what was done, one line each; empty when there was nothing to do
 */
export async function stopPrivateEngine(home) {
  // Containers of a killed dockerd still run, and only a dockerd can stop them.
  if (findDaemon(home) === undefined && findShims(home).length > 0) await startPrivateEngine(home);
  return await withLock(home.lock, 'stop the private engine', async () => {
    /** @type {string[]} */
    const done = [];
    /** @type {string[]} */
    let networkBridges = [];
    const pid = findDaemon(home);
    if (pid !== undefined) {
      const running = await countContainers(home);
      networkBridges = await listNetworkBridges(home);
      process.kill(pid, 'SIGTERM');
      if (!(await waitForExit([pid], stopTimeoutMs))) {
        throw new SetupError(
          `dockerd (process ${pid}) has not ended after ${stopTimeoutMs / 1000} s`,
          `look into ${home.log}; if it hangs: kill -9 ${pid}, then npm run engine:stop again`,
        );
      }
      done.push(`stopped dockerd (process ${pid}) and ${running} running container${running === 1 ? '' : 's'}`);
    }
    if ((await clearLeftovers(home)) > 0) done.push('ended the containerd that was left of a killed dockerd');
    const bridges = [...(await removeBridge(home)), ...(await removeNetworkBridges(networkBridges))];
    await removeRules(bridges);
    if (bridges.length > 0) done.push(`removed the interface${bridges.length === 1 ? '' : 's'} ${bridges.join(', ')}`);
    await unmountBelow(home.folder);
    return done;
  });
}

/** The interfaces of the engine's own networks, which dockerd leaves behind. @param {EngineHome} home */
async function listNetworkBridges(home) {
  const answer = await getFromEngine(home.dockerHost, '/networks');
  if (answer?.status !== 200) return [];
  const networks = /** @type {{ Id: string, Driver: string, Options: Record<string, string> | null }[]} */ (
    JSON.parse(answer.body)
  );
  return networks
    .filter(
      ({ Driver, Options }) => Driver === 'bridge' && Options?.['com.docker.network.bridge.default_bridge'] !== 'true',
    )
    .map(({ Id, Options }) => Options?.['com.docker.network.bridge.name'] ?? `br-${Id.slice(0, 12)}`);
}

/** A killed dockerd leaves mounts in its folder, which then can't be deleted. @param {string} folder */
async function unmountBelow(folder) {
  const targets = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((target) => target.startsWith(`${folder}/`));
  // Innermost first; one that is busy stays, and is seen by whoever deletes the folder.
  for (const target of targets.toReversed()) await run('umount', [target], { quiet: true });
}

/** @param {EngineHome} home */
async function countContainers(home) {
  const answer = await getFromEngine(home.dockerHost, '/containers/json');
  return answer?.status === 200 ? /** @type {unknown[]} */ (JSON.parse(answer.body)).length : 0;
}
