import { describe, expect, it } from 'vitest';
import { candidateRanges, chooseSubnets, parseRange } from './subnet.mjs';

describe('parseRange', () => {
  it.each([
    ['10.0.0.0/8', 0x0a000000, 0x0affffff],
    ['192.168.3.77/24', 0xc0a80300, 0xc0a803ff],
    ['255.255.255.255', 0xffffffff, 0xffffffff],
    ['0.0.0.0/0', 0, 0xffffffff],
  ])('reads %s', (cidr, first, last) => {
    expect(parseRange(cidr)).toEqual({ first, last });
  });

  it.each(['default', 'fe80::/64', ''])('is not for %j', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });
});

describe('chooseSubnets', () => {
  it('gives the bridge and the networks separate halves of the first free range', () => {
    expect(chooseSubnets(['default', '192.0.2.0/24'])).toEqual({
      range: '10.213.0.0/16',
      bridgeAddress: '10.213.0.1/24',
      pool: 'base=10.213.128.0/17,size=24',
    });
  });

  it.each(['10.213.0.0/16', '10.213.200.5', '10.213.255.0/24', '10.192.0.0/11'])('avoids %s', (used) => {
    expect(chooseSubnets([used])?.range).not.toBe('10.213.0.0/16');
  });

  it('leaves 10.x altogether where a VPN routes all of it', () => {
    expect(chooseSubnets(['10.0.0.0/8'])?.range).toBe('172.29.0.0/16');
  });

  it('finds none where everything is routed', () => {
    expect(chooseSubnets(['10.0.0.0/8', '172.16.0.0/12'])).toBeUndefined();
  });

  it('keeps an earlier range while only its own networks lie inside it', () => {
    const own = ['10.187.0.0/24', '10.187.0.1/24', '10.187.128.0/24', '192.0.2.0/24'];
    expect(chooseSubnets(own, '10.187.0.0/16')?.range).toBe('10.187.0.0/16');
    expect(chooseSubnets([...own, '10.186.0.0/15'], '10.187.0.0/16')?.range).toBe('10.213.0.0/16');
  });

  it('offers only private /16 ranges, none inside Docker’s own defaults of a fresh host', () => {
    const fresh = ['172.17.0.0/16', '172.18.0.0/16', '192.168.0.0/16'];
    for (const range of candidateRanges) {
      expect(range).toMatch(/^(10\.\d+|172\.(1[6-9]|2\d|3[01]))\.0\.0\/16$/);
      expect(chooseSubnets([...fresh, ...candidateRanges.filter((other) => other !== range)])?.range).toBe(range);
    }
  });
});
