/** One entry of the config's `ports`. */
export interface PortPair {
  readonly hostPort: number;
  readonly containerPort: number;
}

/** Below this only root may listen on this machine. */
const firstFreePort = 1024;
const lastPort = 65_535;

/**
 * The `ports` line of a config that publishes one more port beside those that it has: under the same number where that
 * is free in the config and everybody may have it, else under the next one. Pure.
 */
export function toPublishLine(present: readonly PortPair[], containerPort: number): string {
  const taken = new Set(present.map(({ hostPort }) => hostPort));
  // 80 becomes 8080, 443 becomes 8443.
  let hostPort = containerPort < firstFreePort ? 8000 + containerPort : containerPort;
  while (taken.has(hostPort)) hostPort = hostPort === lastPort ? firstFreePort : hostPort + 1;
  return `ports: [${[...present, { hostPort, containerPort }].map(toEntry).join(', ')}]`;
}

const toEntry = ({ hostPort, containerPort }: PortPair): string =>
  hostPort === containerPort ? String(hostPort) : `"${hostPort}:${containerPort}"`;
