/**
 * A TCP port that something inside a container listens on. A session of kind `ports` prints lines of JSON, each an array
 * of these in the order of their numbers: the first at once, each later one where something changed.
 */
export interface ListeningPort {
  readonly port: number;
  /** For example `node`; null where the container's user may not see it. */
  readonly program: string | null;
  /** False: on the container's own loopback alone, where no published port leads. */
  readonly reachable: boolean;
  /** Port of 127.0.0.1 on this machine that leads to it; null where none does. */
  readonly hostPort: number | null;
  /** The line of `.tazpod/config.yaml` that would publish it beside what is published already; null where it is. */
  readonly configLine: string | null;
}
