import { containersOf, projectCore, type Core } from '../core.ts';
import { assertOurs } from '../docker/containers.ts';
import { measureHostMtu } from '../docker/host-mtu.ts';
import { moveToNetwork } from '../docker/network.ts';
import { failWith } from '../failure.ts';
import type { OperationWork } from './queue.ts';

/** Moves a running container to the network with the right MTU; it keeps running, and its ports stay published. */
export async function reconnectNetwork(core: Core, projectId: string, work: OperationWork): Promise<string> {
  const { folder, config } = projectCore(core, projectId);
  const client = await core.connection.client(work.signal);
  const [container] = containersOf(core, projectId);
  if (container === undefined) throw failWith('container-not-running', { folder });
  await assertOurs(client, core.store, container.id);
  work.step('preparing-network');
  const hostMtu = await measureHostMtu();
  core.store.dispatch({ type: 'hostMtuMeasured', mtu: hostMtu });
  const wanted = (config.status === 'valid' ? config.config.mtu : null) ?? hostMtu;
  return core.networks.using(client, wanted, async (name) => {
    if (container.networks.includes(name)) return `${container.name} is on the right network already.`;
    const { networkMtus } = core.store.state();
    const old = container.networks.filter((one) => networkMtus.has(one));
    await moveToNetwork(client, container.id, name, old);
    return `Connected ${container.name} to a network with MTU ${wanted ?? 'unknown'}.`;
  });
}
