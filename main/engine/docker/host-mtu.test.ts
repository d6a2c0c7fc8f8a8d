import { describe, expect, it } from 'vitest';
import { measureHostMtu, parseGateways, smallestMtu, type InterfaceFacts } from './host-mtu.ts';

const one = (name: string, mtu: number, part: Partial<InterfaceFacts> = {}): InterfaceFacts => ({
  name,
  mtu,
  loopback: false,
  bridge: false,
  enslaved: false,
  hasAddress: true,
  hasGateway: false,
  ...part,
});
const uplink = one('eth0', 1500, { hasGateway: true });

describe('the smallest MTU on the way out', () => {
  it.each<[string, InterfaceFacts[], number | null]>([
    ['is the uplink’s alone', [uplink], 1500],
    ['is a tunnel’s, whose routes are in a table of their own', [uplink, one('tailscale0', 1280)], 1280],
    [
      'is the uplink’s where it is below the tunnel’s',
      [one('usb0', 1280, { hasGateway: true }), one('wg0', 1420)],
      1280,
    ],
    ['is not docker0’s: no gateway lies behind it', [uplink, one('docker0', 1400, { bridge: true })], 1500],
    ['is a bridge’s where the gateway lies behind it', [one('br0', 1400, { bridge: true, hasGateway: true })], 1400],
    ['is not that of what is enslaved to a bridge', [uplink, one('eth1', 900, { enslaved: true })], 1500],
    [
      'is not that of an enslaved uplink either',
      [one('br0', 1500, { bridge: true, hasGateway: true }), one('eth0', 900, { enslaved: true, hasGateway: true })],
      1500,
    ],
    ['is not loopback’s', [one('lo', 1000, { loopback: true }), uplink], 1500],
    [
      'is not that of an interface with a link-local address only',
      [uplink, one('veth1', 900, { hasAddress: false })],
      1500,
    ],
    [
      'is that of a gateway even without an address seen',
      [one('ppp0', 1492, { hasAddress: false, hasGateway: true })],
      1492,
    ],
    [
      'is unknown without any way out',
      [one('lo', 65_536, { loopback: true }), one('d0', 1500, { bridge: true })],
      null,
    ],
    ['is unknown without interfaces', [], null],
  ])('%s', (_what, interfaces, mtu) => {
    expect(smallestMtu(interfaces)).toBe(mtu);
    expect(smallestMtu(interfaces.toReversed())).toBe(mtu);
  });
});

/** /proc/net/route of a laptop: Wi-Fi with a default route, docker0, a VPN with a route by gateway, libvirt. */
const routes = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT                                                       
wlp2s0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0                                                                             
docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0                                                                            
tun0\t0000000A\t0100080A\t0003\t0\t0\t0\t000000FF\t0\t0\t0                                                                               
virbr0\t007AA8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0                                                                             
ppp0\t00000000\t00000000\t0001\t0\t0\t50\t00000000\t0\t0\t0                                                                              
wlp2s0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0                                                                           
`;

describe('the routing table', () => {
  it('gives the interfaces with a gateway or a default route', () => {
    expect([...parseGateways(routes)]).toEqual(['wlp2s0', 'tun0', 'ppp0']);
  });

  it.each([routes.slice(0, routes.indexOf('\n') + 1), 'Iface\tDestination\tGateway', ''])('may be empty', (table) => {
    expect([...parseGateways(table)]).toEqual([]);
  });
});

it.runIf(process.platform === 'linux')('is measured on this host without an error', async () => {
  const mtu = await measureHostMtu();
  if (mtu !== null) expect(mtu).toBeGreaterThanOrEqual(576);
});
