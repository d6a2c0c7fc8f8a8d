import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import path from 'node:path';
import { hasCode } from '../failure.ts';

/** What is known of one network interface of the host. */
export interface InterfaceFacts {
  readonly name: string;
  readonly mtu: number;
  readonly loopback: boolean;
  /** A bridge, such as docker0: traffic leaves the host through it only if a gateway lies behind it. */
  readonly bridge: boolean;
  /** Enslaved to a bridge or bond, which then stands for it. */
  readonly enslaved: boolean;
  /** Has an address other than a link-local one: then some routing table, main or not, has a route through it. */
  readonly hasAddress: boolean;
  /** A route through a gateway in the main table leaves by it. */
  readonly hasGateway: boolean;
}

/**
 * Smallest MTU of the interfaces that can carry traffic out of the host. Tunnels (tailscale0, wg0) keep their routes in
 * tables of their own, so addresses decide, not the main table. null where none is known.
 */
export function smallestMtu(interfaces: readonly InterfaceFacts[]): number | null {
  const outward = interfaces.filter(
    (one) => !one.loopback && !one.enslaved && (one.hasGateway || (one.hasAddress && !one.bridge)),
  );
  return outward.length === 0 ? null : Math.min(...outward.map((one) => one.mtu));
}

/**
 * Looks at the host's interfaces, Linux only: elsewhere engines run in a virtual machine whose network ends TCP at the
 * host, so that the host's MTU does not reach containers. Reads /sys and /proc; starts no process.
 */
export async function measureHostMtu(): Promise<number | null> {
  if (process.platform !== 'linux') return null;
  const root = '/sys/class/net';
  const gateways = parseGateways(await readFile('/proc/net/route', 'utf8'));
  const addresses = networkInterfaces();
  const names = await readdir(root);
  const all = await Promise.all(names.map((name) => readInterface(root, name, gateways, addresses)));
  return smallestMtu(all.filter((one) => one !== null));
}

/** Names of interfaces with a route through a gateway or a default route, out of /proc/net/route. */
export function parseGateways(table: string): ReadonlySet<string> {
  const rows = table.split('\n').slice(1);
  const names = rows.flatMap((row) => {
    const [name, destination, gateway] = row.split(/\s+/u);
    const outward = destination === '00000000' || (gateway !== undefined && gateway !== '00000000');
    return name !== undefined && name !== '' && outward ? [name] : [];
  });
  return new Set(names);
}

async function readInterface(
  root: string,
  name: string,
  gateways: ReadonlySet<string>,
  addresses: NodeJS.Dict<NetworkInterfaceInfo[]>,
): Promise<InterfaceFacts | null> {
  try {
    const folder = path.join(root, name);
    const [mtu, entries] = await Promise.all([readFile(path.join(folder, 'mtu'), 'utf8'), readdir(folder)]);
    const own = addresses[name] ?? [];
    return {
      name,
      mtu: Number(mtu),
      loopback: own.some((address) => address.internal) || name === 'lo',
      bridge: entries.includes('bridge'),
      enslaved: entries.includes('master'),
      hasAddress: own.some((address) => !isLinkLocal(address)),
      hasGateway: gateways.has(name),
    };
  } catch (error) {
    // Gone between the list and the look, or a plain file such as bonding_masters.
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EINVAL', 'ENODEV')) return null;
    throw error;
  }
}

const isLinkLocal = (address: NetworkInterfaceInfo): boolean =>
  address.family === 'IPv6' ? address.address.startsWith('fe80') : address.address.startsWith('169.254.');
