import { readFile } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';

/** Networks that are not reached from outside: RFC 1918, RFC 6598 (also Tailscale), link-local, unique local. */
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
}
privateNetworks.addSubnet('fc00::', 7, 'ipv6');
privateNetworks.addSubnet('fe80::', 10, 'ipv6');

/** Behind systemd-resolved, /etc/resolv.conf names only its stub; the second file has the real ones. */
const resolverFiles = ['/run/systemd/resolve/resolv.conf', '/etc/resolv.conf'];

/** Private or VPN name servers that the host resolves with: names known only to them need `dns: host`. */
export async function findPrivateResolvers(files: readonly string[] = resolverFiles): Promise<readonly string[]> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) return toPrivateResolvers(text);
  }
  return [];
}

/** The private ones of a resolv.conf. Pure. */
export function toPrivateResolvers(text: string): readonly string[] {
  const servers = text
    .split('\n')
    .flatMap((line) => /^\s*nameserver\s+(?<address>\S+)/u.exec(line)?.groups?.['address'] ?? []);
  return servers.filter((address) => {
    const plain = address.replace(/%.*$/u, '');
    const family = isIP(plain);
    return family !== 0 && privateNetworks.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  });
}
