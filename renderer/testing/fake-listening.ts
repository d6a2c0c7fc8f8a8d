import type { ListeningPort } from '../../preload/contract/listening.ts';

/** One of each kind: published, not published, on loopback alone, nobody's. */
export const fakeListening: readonly ListeningPort[] = [
  { port: 3000, program: 'node', reachable: true, hostPort: 3000, configLine: null },
  {
    port: 5173,
    program: 'vite-dev-server-with-a-long-name',
    reachable: false,
    hostPort: null,
    configLine: 'ports: [3000, 5173]',
  },
  { port: 5432, program: 'postgres', reachable: true, hostPort: null, configLine: 'ports: [3000, 5432]' },
  { port: 8000, program: null, reachable: true, hostPort: null, configLine: null },
];
