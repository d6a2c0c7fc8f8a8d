import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeProgram } from '../fixtures/cli-process.ts';
import { hasProgram, needsRoot, runProgram } from '../fixtures/processes.ts';

const missing = needsRoot === '' && !hasProgram('ip') ? ' (skipped: needs iproute2)' : needsRoot;
const probe = path.join(import.meta.dirname, '../fixtures/host-mtu-probe.ts');

describe.skipIf(missing !== '')(`the host's MTU in a network namespace${missing}`, () => {
  const namespace = `tazpod-e2e-${process.pid}`;

  const ip = async (line: string): Promise<string> =>
    runProgram('ip', '-netns', namespace, ...line.split(' ').filter((word) => word !== ''));
  /** A cable whose other end nobody uses; both ends stay in the namespace. */
  const addInterface = async (name: string, mtu: number): Promise<void> => {
    await ip(`link add ${name} mtu ${mtu} type veth peer name ${name}-peer mtu ${mtu}`);
    for (const end of [name, `${name}-peer`]) {
      await ip(`link set ${end} up`);
      // The kernel gives each its link-local address after a while; the test is not to depend on when.
      await ip(`-6 address flush dev ${end}`);
    }
  };
  const measure = async (): Promise<string> =>
    (await runProgram('ip', 'netns', 'exec', namespace, nodeProgram, probe)).trim();

  beforeEach(async () => {
    await runProgram('ip', 'netns', 'add', namespace);
    await ip('link set lo up');
    await addInterface('wan0', 1500);
    await ip('address add 192.0.2.2/24 dev wan0');
    await ip('route add default via 192.0.2.1 dev wan0');
  });
  afterEach(async () => {
    await runProgram('ip', 'netns', 'delete', namespace);
  });

  const addTunnel = async (): Promise<void> => {
    await addInterface('tun0', 1280);
    await ip('address add 100.64.0.7/32 dev tun0');
    await ip('route add default dev tun0 table 52');
    await ip('rule add pref 5270 lookup 52');
  };

  test('a plain cable counts, loopback does not', async () => {
    expect(await measure()).toBe('1500');
  });

  test('a tunnel whose routes are in another table counts, and no more once it is gone', async () => {
    await addTunnel();
    expect(await ip('route show table main')).not.toContain('tun0');
    expect(await measure()).toBe('1280');
    await ip('link delete tun0');
    expect(await measure()).toBe('1500');
  });

  test("Docker's bridge without a gateway does not count, nor what is enslaved to it", async () => {
    await ip('link add docker9 mtu 1200 type bridge');
    await ip('address add 172.31.0.1/16 dev docker9');
    await ip('link set docker9 up');
    await addInterface('port0', 1100);
    await ip('address add 198.51.100.2/24 dev port0');
    await ip('link set port0 master docker9');
    await ip('link set docker9 mtu 1200');
    expect(await measure()).toBe('1500');
  });

  test('a bridge that the default route leaves by counts', async () => {
    await ip('link add br0 type bridge');
    await ip('link set br0 up');
    await ip('link set wan0 mtu 1400');
    await ip('link set wan0-peer mtu 1400');
    await ip('address flush dev wan0');
    await ip('link set wan0 master br0');
    await ip('link set br0 mtu 1400');
    await ip('address add 192.0.2.2/24 dev br0');
    await ip('route add default via 192.0.2.1 dev br0');
    expect(await measure()).toBe('1400');
  });

  test('an interface without an address does not count', async () => {
    await addInterface('bare0', 1000);
    expect(await measure()).toBe('1500');
  });

  test('no way out at all is not known', async () => {
    await ip('link delete wan0');
    expect(await measure()).toBe('null');
  });
});
