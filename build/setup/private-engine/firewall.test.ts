import { expect, it } from 'vitest';
import { toDeletions } from './firewall.mjs';

const listed = `-P FORWARD DROP
-N DOCKER
-A FORWARD -o tazpod0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i tazpod00 -o docker0 -j ACCEPT
-A POSTROUTING -s 10.213.0.0/24 ! -o tazpod0 -j MASQUERADE
-A DOCKER -i docker0 -j RETURN
`;

it('deletes the rules of the given interfaces and of no other', () => {
  expect(toDeletions(listed, ['tazpod0', 'br-1'])).toEqual([
    '-D FORWARD -o tazpod0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'.split(' '),
    '-D POSTROUTING -s 10.213.0.0/24 ! -o tazpod0 -j MASQUERADE'.split(' '),
  ]);
});

it('deletes nothing without an interface', () => {
  expect(toDeletions(listed, [])).toEqual([]);
});
