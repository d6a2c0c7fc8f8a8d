import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig } from '../project/parse-config.ts';
import { toPublishLine } from '../project/publish-line.ts';
import { toListeners } from './listening.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const row = (address: string, port: number, inode = 1, state = '0A'): string =>
  `   0: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 100 0 0 10 0`;
const any = '0'.repeat(8);
const any6 = '0'.repeat(32);

test('listening sockets are told by port, with the program that has them', () => {
  const text = [
    head,
    row(any, 3000, 77),
    row('0100007F', 5432),
    row('0B00007F', 41_333),
    row(any, 9000, 5, '01'),
    head,
    row(any6, 3000, 78),
    row('00000000000000000000000001000000', 8000),
    row('0000000000000000FFFF00000100007F', 8001),
    row('0000000000000000FFFF0000020012AC', 8002),
    'name /proc/12/comm node',
    'name /proc/1/comm sh -c evil: ls',
    '/proc/1/fd:',
    '/proc/12/fd:',
    'lrwx------ 1 tazpod tazpod 64 Nov 24 20:00 18 -> socket:[77]',
  ].join('\n');
  expect(toListeners(text)).toEqual([
    { port: 3000, reachable: true, program: 'node' },
    { port: 5432, reachable: false, program: null },
    { port: 8000, reachable: false, program: null },
    { port: 8001, reachable: false, program: null },
    { port: 8002, reachable: true, program: null },
  ]);
});

test('whatever is printed, no more is made of it than ports', () => {
  fc.assert(
    fc.property(
      fc
        .array(fc.constantFrom(...Array.from('0123456789AF: \n/proc[]socket->name')), { maxLength: 60 })
        .map((parts) => parts.join('')),
      (text) => {
        for (const { port } of toListeners(`${head}\n${text}`)) expect(port).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});

test('the line that publishes a port is valid, keeps what is there, and names a port that is free in it', () => {
  expect(toPublishLine([], 3000)).toBe('ports: [3000]');
  expect(toPublishLine([{ hostPort: 3000, containerPort: 80 }], 3000)).toBe('ports: ["3000:80", "3001:3000"]');
  expect(toPublishLine([], 80)).toBe('ports: ["8080:80"]');
  expect(toPublishLine([{ hostPort: 65_535, containerPort: 1 }], 65_535)).toBe('ports: ["65535:1", "1024:65535"]');
  const port = fc.integer({ min: 1, max: 65_535 });
  const present = fc.uniqueArray(fc.record({ hostPort: port, containerPort: port }), {
    maxLength: 5,
    selector: ({ hostPort }) => hostPort,
  });
  fc.assert(
    fc.property(present, port, (pairs, wanted) => {
      const parsed = parseConfig(`image: a/b\n${toPublishLine(pairs, wanted)}\n`, 'config.yaml');
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      expect(parsed.config.ports.slice(0, -1)).toEqual(pairs);
      expect(parsed.config.ports.at(-1)?.containerPort).toBe(wanted);
    }),
  );
});
