import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { failWith } from '../../failure.ts';

/**
 * Where clouds hand credentials to whoever asks, and what else is only one cable away. A config that somebody wrote
 * must not send our requests there.
 */
const refused = new BlockList();
refused.addSubnet('169.254.0.0', 16, 'ipv4');
refused.addSubnet('fe80::', 10, 'ipv6');
refused.addAddress('fd00:ec2::254', 'ipv6');
refused.addAddress('fd20:ce::254', 'ipv6');
refused.addAddress('100.100.100.200', 'ipv4');
refused.addAddress('192.0.0.192', 'ipv4');
const refusedNames = /^(?:metadata|instance-data)(?:\.|$)/i;

/** Whether an IP address is link-local or a cloud's metadata service. */
export function isRefusedAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && refused.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** @throws TazpodError `sync-endpoint-refused` for what is no http(s) address, or one that must not be asked */
export function assertEndpoint(endpoint: string): void {
  const url = URL.parse(endpoint);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw failWith('sync-endpoint-refused', { endpoint, reason: 'it is no http or https address' });
  }
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isRefusedAddress(host) || refusedNames.test(host)) {
    throw failWith('sync-endpoint-refused', { endpoint, reason: 'it is a link-local or metadata address' });
  }
}

/** Looks names up as Node does, and refuses those that lead to such an address: a name is only a promise. */
export const lookupAllowed: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, found, family) => {
    const addresses: readonly string[] =
      error !== null
        ? []
        : typeof found === 'string'
          ? [found]
          : (found as readonly { address: string }[]).map(({ address }) => address);
    if (addresses.some(isRefusedAddress)) {
      callback(new Error(`${hostname} leads to a link-local or metadata address`), '', 4);
      return;
    }
    callback(error, found, family);
  });
};
