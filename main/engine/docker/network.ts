import { failWith } from '../failure.ts';
import type { Store } from '../state/store.ts';
import { askEngine, engineError, engineReason, statusOf, type DockerClient } from './client.ts';
import { appLabelValue, isOurs, labels } from './labels.ts';

/** What the container's network gets where the host's MTU is not known: Ethernet's. */
const defaultMtu = 1500;

/** Name of this installation's network for an MTU. */
export function networkName(installId: string, mtu: number | null): string {
  return `tazpod-${installId.slice(0, 8)}-mtu${mtu ?? defaultMtu}`;
}

/** This installation's networks: made when first needed, removed with the last container on them. */
export interface Networks {
  /** Runs work that needs the network with this MTU; it is there from the beginning to the end of the work. */
  using<Value>(client: DockerClient, mtu: number | null, work: (name: string) => Promise<Value>): Promise<Value>;
  /** Removes those that no container and no work uses. */
  tidy(client: DockerClient): Promise<void>;
}

export function createNetworks(store: Store): Networks {
  // Making and removing take turns: a network may not go between being found and being used.
  let last: Promise<unknown> = Promise.resolve();
  let users = 0;
  const inTurn = async <Value>(part: () => Promise<Value>): Promise<Value> => {
    const done = last.then(part);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    using: async (client, mtu, work) => {
      const name = networkName(store.state().host.installId, mtu);
      users++;
      try {
        await inTurn(async () => {
          if (!store.state().networkMtus.has(name)) await createNetwork(client, store, name, mtu ?? defaultMtu);
        });
        return await work(name);
      } finally {
        users--;
      }
    },
    tidy: async (client) =>
      inTurn(async () => {
        const { containers, networkMtus } = store.state();
        const isUsed = [...containers.values()].some((one) => one.networks.some((name) => networkMtus.has(name)));
        if (users === 0 && !isUsed && networkMtus.size > 0) await removeUnusedNetworks(client, store);
      }),
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
async function removeUnusedNetworks(client: DockerClient, store: Store): Promise<void> {
  const { installId } = store.state().host;
  const label = [`${labels.app}=${appLabelValue}`, `${labels.install}=${installId}`];
  // One by one: the engine refuses a prune while anybody else's runs.
  for (const { Id: id, Name: name } of await askEngine('list networks', client.listNetworks({ filters: { label } }))) {
    try {
      await client.getNetwork(id).remove();
    } catch (error) {
      // 403: a container is on it. 404: it is gone already.
      if (statusOf(error) === 403) continue;
      if (statusOf(error) !== 404) throw engineError(error, 'remove the network');
    }
    store.dispatch({ type: 'networkRemoved', name });
  }
}
