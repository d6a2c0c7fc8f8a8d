import { readFileSync, writeFileSync } from 'node:fs';
import { run } from '../run.mjs';
import { SetupError } from '../say.mjs';
import { systemPath } from '../engine-facts.mjs';
import { chooseSubnets } from './subnet.mjs';

/** @typedef {import('./home.mjs').EngineHome} EngineHome */
/** @typedef {{ ifname: string, ifalias?: string }} Link */

const env = { ...process.env, PATH: systemPath };

/** The mark on an interface that says which private engine made it; no other is ever changed or removed. @param {EngineHome} home */
const markOf = (home) => `tazpod-engine ${home.folder}`;

/**
 * Makes the bridge that the private engine stands on, with an address that nothing on this host uses. One from an earlier start is made anew.
 * @param {EngineHome} home
 * @returns {Promise<{ name: string, pool: string }>}
 */
export async function createBridge(home) {
  await removeBridge(home);
  const subnets = chooseSubnets(await usedAddresses(), readKeptRange(home));
  if (subnets === undefined) {
    throw new SetupError(
      'every address range that a private engine could use is routed on this host already',
      'start an engine by hand with a --bip of your own, and set DOCKER_HOST to it',
    );
  }
  const taken = new Set((await links()).map(({ ifname }) => ifname));
  const name = [...Array(10).keys()].map((number) => `tazpod${number}`).find((candidate) => !taken.has(candidate));
  if (name === undefined) {
    throw new SetupError(
      'the interfaces tazpod0 to tazpod9 exist already and belong to others',
      'remove those of engines that no longer run: ip link delete NAME',
    );
  }
  await ip('link', 'add', name, 'type', 'bridge');
  await ip('link', 'set', 'dev', name, 'alias', markOf(home));
  await ip('address', 'add', subnets.bridgeAddress, 'dev', name);
  await ip('link', 'set', 'dev', name, 'up');
  writeFileSync(home.networkFile, JSON.stringify({ range: subnets.range }));
  return { name, pool: subnets.pool };
}

/**
 * Removes the bridge that carries our mark.
 * @param {EngineHome} home
 * @returns {Promise<string[]>} the interfaces removed
 */
export async function removeBridge(home) {
  const ours = (await links()).filter(({ ifalias }) => ifalias === markOf(home)).map(({ ifname }) => ifname);
  for (const name of ours) await ip('link', 'delete', name);
  return ours;
}

/**
 * Removes the bridges of networks that the private engine said are its own; it makes them again at its next start.
 * @param {readonly string[]} names
 */
export async function removeNetworkBridges(names) {
  const there = new Set((await links()).map(({ ifname }) => ifname));
  const removed = names.filter((name) => there.has(name));
  for (const name of removed) await ip('link', 'delete', name);
  return removed;
}

/** @returns {Promise<Link[]>} */
async function links() {
  return /** @type {Link[]} */ (JSON.parse(await ip('-json', 'link', 'show')));
}

/** Every IPv4 route in any table, and every address. */
async function usedAddresses() {
  const routes = /** @type {{ dst?: string }[]} */ (
    JSON.parse(await ip('-4', '-json', 'route', 'show', 'table', 'all'))
  );
  const interfaces = /** @type {{ addr_info?: { local?: string, prefixlen?: number }[] }[]} */ (
    JSON.parse(await ip('-4', '-json', 'address', 'show'))
  );
  const addresses = interfaces.flatMap(({ addr_info: list = [] }) =>
    list.map(({ local = '', prefixlen = 32 }) => `${local}/${prefixlen}`),
  );
  return [...routes.map(({ dst = '' }) => dst), ...addresses];
}

/** @param {EngineHome} home */
function readKeptRange(home) {
  try {
    const saved = /** @type {{ range?: string }} */ (JSON.parse(readFileSync(home.networkFile, 'utf8')));
    return saved.range;
  } catch {
    return undefined;
  }
}

/** @param {string[]} args */
async function ip(...args) {
  const { code, stdout, failure } = await run('ip', args, { env });
  if (code === 0) return stdout === '' ? '[]' : stdout;
  throw new SetupError(
    `ip ${args.join(' ')} failed (${failure ?? `exit code ${code}`})`,
    'a private engine needs the right to make network interfaces (CAP_NET_ADMIN); use an engine that runs elsewhere through DOCKER_HOST',
  );
}
