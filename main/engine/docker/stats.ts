import type { Readable } from 'node:stream';
import * as v from 'valibot';
import type { StatsSample } from '../../../preload/contract/stats.ts';
import { askEngine, type DockerClient } from './client.ts';

const CountSchema = v.pipe(v.number(), v.minValue(0));

/** The part of the engine's line that is used; Docker and Podman fill the rest differently. */
const StatsLineSchema = v.object({
  read: v.string(),
  cpu_stats: v.object({
    cpu_usage: v.object({ total_usage: CountSchema, percpu_usage: v.nullish(v.array(v.number())) }),
    online_cpus: v.optional(CountSchema),
  }),
  memory_stats: v.optional(
    v.object({
      usage: v.optional(CountSchema),
      limit: v.optional(CountSchema),
      stats: v.nullish(v.record(v.string(), v.number())),
    }),
  ),
});

export type StatsLine = v.InferOutput<typeof StatsLineSchema>;

/** Checks one line of the engine's stats stream; null for what is none. */
export function parseStatsLine(text: string): StatsLine | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), StatsLineSchema), text);
  return parsed.success ? parsed.output : null;
}

/**
 * The use between two lines of one stream. Both counters are the container's own, so that no other load on the machine
 * and no difference between engines enters. Pure.
 * @returns null where no time passed between them, as after a pause
 */
export function toStatsSample(before: StatsLine, now: StatsLine): StatsSample | null {
  const atMs = Date.parse(now.read);
  const passedMs = atMs - Date.parse(before.read);
  // A container that has stopped is told with the year 1.
  if (!(passedMs > 0) || atMs < 0) return null;
  const usedNs = now.cpu_stats.cpu_usage.total_usage - before.cpu_stats.cpu_usage.total_usage;
  const { usage, limit, stats } = now.memory_stats ?? {};
  // Control groups 2 and 1 name it differently; `docker stats` leaves out the same.
  const cacheBytes = stats?.['inactive_file'] ?? stats?.['total_inactive_file'] ?? 0;
  return {
    atMs,
    cpuCores: Math.max(0, usedNs) / (passedMs * 1e6),
    cpuLimitCores: now.cpu_stats.online_cpus ?? now.cpu_stats.cpu_usage.percpu_usage?.length ?? 1,
    memoryBytes: usage === undefined || usage === 0 ? null : Math.max(0, usage - cacheBytes),
    memoryLimitBytes: limit === undefined || limit === 0 ? null : limit,
  };
}

/** The engine's own stream of a container's use, one line of JSON about every second, until it is destroyed. */
export async function openStatsStream(client: DockerClient, containerId: string): Promise<Readable> {
  const stream = await askEngine('read the stats', client.getContainer(containerId).stats({ stream: true }));
  return stream as Readable;
}
