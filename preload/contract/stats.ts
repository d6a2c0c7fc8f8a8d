/**
 * What a container uses at one moment. A session of kind `stats` prints one line of JSON with these fields per sample,
 * each line in one piece, about one a second.
 */
export interface StatsSample {
  /** Milliseconds since the Unix epoch, by the engine's clock. */
  readonly atMs: number;
  /** Processors kept busy since the sample before: 1 is one whole core. */
  readonly cpuCores: number;
  /** Cores that the container can have at most. */
  readonly cpuLimitCores: number;
  /** Memory without the file cache that the kernel can take back; null where the engine does not tell. */
  readonly memoryBytes: number | null;
  /** null where the engine does not tell. */
  readonly memoryLimitBytes: number | null;
}
