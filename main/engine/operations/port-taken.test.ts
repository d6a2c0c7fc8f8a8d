import { expect, test } from 'vitest';
import { toTakenPort } from './port-taken.ts';
import { toListeningInodes } from '../docker/port-holder.ts';

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 51234 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000  1000        0 51299 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 999 1 0000000000000000 100 0 0 10 0
`;

test('only what listens on the very port counts', () => {
  expect(toListeningInodes(table, 8080)).toEqual(['51234']);
  expect(toListeningInodes(table, 22)).toEqual(['999']);
  expect(toListeningInodes(table, 80)).toEqual([]);
});

test.for([
  ['Bind for 127.0.0.1:8080 failed: port is already allocated', 8080],
  ['Error starting userland proxy: listen tcp4 127.0.0.1:3000: bind: address already in use', 3000],
  ['failed to bind host port for 127.0.0.1:3000:172.18.0.2:3000/tcp: address already in use', null],
  ['no such image', null],
] as const)('the engine’s words: %s', ([reason, port]) => {
  expect(toTakenPort(reason)).toBe(port);
});
