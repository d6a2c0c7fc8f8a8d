import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { failWith } from '../../failure.ts';
import { isEndpoint, isRefusedAddress } from '../../project/endpoint.ts';

/** @throws TazpodError `sync-endpoint-refused` for what is no http(s) address, or one that must not be asked */
export function assertEndpoint(endpoint: string): void {
  if (isEndpoint(endpoint)) return;
  const reason = 'it is no plain http or https address, or a link-local or metadata one';
  throw failWith('sync-endpoint-refused', { endpoint, reason });
}

/**
 * Looks names up as Node does, and refuses those that lead to such an address: a name is only a promise. Connections to
 * an address without a name never ask it; `assertEndpoint` has seen those.
 * @param resolve Node's own, or what a test puts in its place
 */
export function refuseMetadata(resolve: LookupFunction = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, found, family) => {
      const addresses = error !== null ? [] : typeof found === 'string' ? [found] : found.map(({ address }) => address);
      if (addresses.some((address) => isIP(address) === 0 || isRefusedAddress(address))) {
        const reason = 'its name leads to a link-local or metadata address';
        callback(failWith('sync-endpoint-refused', { endpoint: hostname, reason }), '', 4);
        return;
      }
      callback(error, found, family);
    });
  };
}
