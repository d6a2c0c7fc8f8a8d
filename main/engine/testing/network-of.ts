import { execFileSync } from 'node:child_process';
import type { DockerClient } from '../docker/client.ts';

/** Runs a program in the network namespace of a container, and nowhere else. Needs root. */
export async function inNetworkOf(
  client: DockerClient,
  containerId: string,
  command: readonly string[],
): Promise<void> {
  const { State } = await client.getContainer(containerId).inspect();
  // Without a process id there is no namespace but this machine's own.
  if (!(State.Pid > 1)) throw new Error('the container does not run');
  execFileSync('nsenter', ['--net', '--target', String(State.Pid), '--', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

const tooLarge = (mtu: number): readonly string[] => ['INPUT', '-m', 'length', '--length', `${mtu + 1}:`, '-j', 'DROP'];

/** Loses what comes in packets larger than so many bytes, silently, as a tunnel does whose ICMP is filtered. */
export async function loseLargePackets(client: DockerClient, containerId: string, mtu: number): Promise<void> {
  await inNetworkOf(client, containerId, ['iptables', '-A', ...tooLarge(mtu)]);
}

/** Ends what `loseLargePackets` began. */
export async function loseNoMore(client: DockerClient, containerId: string, mtu: number): Promise<void> {
  await inNetworkOf(client, containerId, ['iptables', '-D', ...tooLarge(mtu)]);
}
