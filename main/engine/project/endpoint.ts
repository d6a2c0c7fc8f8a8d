import { BlockList, isIPv6 } from 'node:net';

/** Addresses that answer with a machine's own credentials, or reach only this link: never a place for a vault. */
const refusedAddresses = new BlockList();
refusedAddresses.addSubnet('169.254.0.0', 16, 'ipv4');
refusedAddresses.addSubnet('0.0.0.0', 8, 'ipv4');
refusedAddresses.addAddress('100.100.100.200', 'ipv4');
refusedAddresses.addAddress('192.0.0.192', 'ipv4');
refusedAddresses.addSubnet('fe80::', 10, 'ipv6');
refusedAddresses.addAddress('fd00:ec2::254', 'ipv6');
refusedAddresses.addAddress('fd20:ce::254', 'ipv6');
refusedAddresses.addSubnet('::ffff:169.254.0.0', 112, 'ipv6');
/** The same IPv4 range by way of NAT64 (RFC 6052). */
refusedAddresses.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
refusedAddresses.addAddress('::', 'ipv6');

const refusedHosts: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'instance-data',
  'instance-data.ec2.internal',
]);

/**
 * Whether a text is an S3 endpoint that a config may name: an http or https URL without credentials, query or
 * fragment, and not a link-local or metadata address. What a name resolves to is for the connection to check.
 */
export function isEndpoint(text: string): boolean {
  const url = /^https?:\/\/[^\s\\]+$/i.test(text) && text.length <= 2048 && URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return !isRefusedHost(url.hostname);
}

/** Whether an endpoint (see `isEndpoint`) sends in the clear to another machine. */
export function isClearEndpoint(text: string): boolean {
  const url = new URL(text);
  return url.protocol === 'http:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
}

/** Whether an address that a name resolved to is a link-local or metadata address. */
export function isRefusedAddress(address: string): boolean {
  return refusedAddresses.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function isRefusedHost(hostname: string): boolean {
  const host = hostname.replace(/\.+$/, '').replace(/^\[(.*)\]$/, '$1');
  if (host === '' || refusedHosts.has(host)) return true;
  return refusedAddresses.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}
