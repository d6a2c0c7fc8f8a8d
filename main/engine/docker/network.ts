import { failWith } from '../failure.ts';
import type { Store } from '../state/store.ts';
import { askEngine, engineReason, statusOf, type DockerClient } from './client.ts';
import { appLabelValue, isOurs, labels } from './labels.ts';

/** What the container's network gets where the host's MTU is not known: Ethernet's. */
const defaultMtu = 1500;

/** Name of this installation's network for an MTU. */
export function networkName(installId: string, mtu: number | null): string {
  return `tazpod-${installId.slice(0, 8)}-mtu${mtu ?? defaultMtu}`;
}

/** Makes networks, one at a time: two projects started together need the same one. */
export interface NetworkMaker {
  /** Name of the network with this MTU, made where it is not there yet. */
  ensure(client: DockerClient, mtu: number | null): Promise<string>;
}

export function createNetworkMaker(store: Store): NetworkMaker {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ensure: async (client, mtu) => {
      const name = networkName(store.state().host.installId, mtu);
      if (store.state().networkMtus.has(name)) return name;
      const made = last.then(async () => {
        if (!store.state().networkMtus.has(name)) await createNetwork(client, store, name, mtu ?? defaultMtu);
        return name;
      });
      last = made.catch(() => undefined);
      return made;
    },
  };
}

/**
 * One bridge network per (installation, MTU): a network per project would use up the engine's address pools at the
 * 32nd. Containers on it can't reach each other (enable_icc=false).
 */
async function createNetwork(client: DockerClient, store: Store, name: string, mtu: number): Promise<void> {
  const { installId, version } = store.state().host;
  try {
    await client.createNetwork({
      Name: name,
      Driver: 'bridge',
      CheckDuplicate: true,
      Options: { 'com.docker.network.driver.mtu': String(mtu), 'com.docker.network.bridge.enable_icc': 'false' },
      Labels: {
        [labels.app]: appLabelValue,
        [labels.version]: version,
        [labels.install]: installId,
        [labels.mtu]: String(mtu),
      },
    });
  } catch (error) {
    // 409: made by another process of this installation meanwhile, or a stranger's; the labels tell.
    if (statusOf(error) !== 409)
      throw failWith('network-failed', { network: name, reason: engineReason(error) }, error);
    const existing = await askEngine('inspect the network', client.getNetwork(name).inspect());
    if (!isOurs(existing.Labels, installId)) throw failWith('not-ours', { what: 'network', id: existing.Id }, error);
  }
  store.dispatch({ type: 'networkAdded', name, mtu });
}

/** Connects a running container to another network and leaves the ones of ours it was in. Ports stay published. */
export async function moveToNetwork(
  client: DockerClient,
  containerId: string,
  name: string,
  leave: readonly string[],
): Promise<void> {
  await askEngine('connect the network', client.getNetwork(name).connect({ Container: containerId }));
  for (const old of leave) {
    await askEngine('leave the network', client.getNetwork(old).disconnect({ Container: containerId }));
  }
}

/** Removes networks of ours that no container uses; one still in use stays without complaint. */
export async function removeUnusedNetworks(client: DockerClient, store: Store): Promise<void> {
  const { installId } = store.state().host;
  const label = [`${labels.app}=${appLabelValue}`, `${labels.install}=${installId}`];
  const pruned = await askEngine('remove unused networks', client.pruneNetworks({ filters: { label } }));
  const removed: readonly string[] | null | undefined = pruned.NetworksDeleted;
  for (const name of removed ?? []) store.dispatch({ type: 'networkRemoved', name });
}
