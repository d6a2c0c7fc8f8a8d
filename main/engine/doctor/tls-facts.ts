import { lookup } from 'node:dns/promises';
import { containersOf, type Core } from '../core.ts';
import type { DockerClient } from '../docker/client.ts';
import { reasonOf } from '../failure.ts';
import { isRefusedAddress } from '../project/endpoint.ts';
import { shakeHands, type Handshake } from './tls-handshake.ts';
import { openContainerPipe, openHostPipe } from './tls-pipes.ts';
import type { TlsTarget } from './tls-target.ts';

/** Longest wait for one handshake, in milliseconds: a slow way takes one second, a lost packet a few. */
const handshakeTimeoutMs = 5000;

/** What came of a handshake with the same host by the same client on two ways. */
export type TlsFacts =
  | { readonly status: 'no-target' }
  | { readonly status: 'not-trusted' }
  | { readonly status: 'not-running'; readonly target: TlsTarget }
  /** The target is another machine, or none, seen from inside. */
  | { readonly status: 'not-comparable'; readonly target: TlsTarget; readonly reason: string }
  | { readonly status: 'no-tool'; readonly target: TlsTarget; readonly host: Handshake }
  | {
      readonly status: 'compared';
      readonly target: TlsTarget;
      readonly host: Handshake;
      readonly inside: Handshake;
    };

/**
 * Shakes hands with a host from this process and from a project's running container, to the same address. The container
 * is asked only where it works from here: else there is nothing to compare.
 */
export async function compareHandshakes(
  core: Pick<Core, 'store'>,
  client: DockerClient | null,
  projectId: string,
  target: TlsTarget | null,
): Promise<TlsFacts> {
  if (target === null) return { status: 'no-target' };
  const project = core.store.state().snapshot.projects.find(({ id }) => id === projectId);
  // What a stranger's folder names is not asked before somebody allowed it.
  if (project?.trust.status !== 'trusted') return { status: 'not-trusted' };
  const [container] = containersOf(core, projectId);
  if (client === null || container?.status !== 'running') return { status: 'not-running', target };
  const address = await findAddress(target.host);
  if (typeof address !== 'string') return { status: 'not-comparable', target, reason: address.reason };
  const host = await shakeHands(openHostPipe(address, target.port), target.host, handshakeTimeoutMs);
  if (host.status !== 'complete') return { status: 'compared', target, host, inside: host };
  const limitSeconds = Math.ceil(handshakeTimeoutMs / 1000) * 2;
  const pipe = await openContainerPipe(client, container.id, { address, port: target.port, limitSeconds });
  const inside = await shakeHands(pipe, target.host, handshakeTimeoutMs);
  if (inside.status === 'unconnected' && (await pipe.lacksTool())) return { status: 'no-tool', target, host };
  return { status: 'compared', target, host, inside };
}

/** An IPv4 address, the kind that our networks have, that may be asked; else why there is none. */
async function findAddress(host: string): Promise<string | { readonly reason: string }> {
  try {
    const { address } = await lookup(host, { family: 4 });
    if (isRefusedAddress(address)) return { reason: 'its name leads to a link-local or metadata address' };
    return address.startsWith('127.') ? { reason: 'inside, that name is the container itself' } : address;
  } catch (error) {
    return { reason: `its name leads to no IPv4 address (${reasonOf(error)})` };
  }
}
