import type { Bench } from './bench.ts';

/** The engine's endpoint as DOCKER_HOST has it. */
export function dockerHostOf({ connection }: Pick<Bench, 'connection'>): string {
  return 'socketPath' in connection ? `unix://${connection.socketPath}` : `tcp://${connection.host}:${connection.port}`;
}
