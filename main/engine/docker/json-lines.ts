import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as v from 'valibot';

/** One line of what pull, build and import print. */
const ProgressLineSchema = v.object({
  status: v.optional(v.string()),
  stream: v.optional(v.string()),
  id: v.optional(v.string()),
  error: v.optional(v.string()),
  progressDetail: v.optional(v.object({ current: v.optional(v.number()), total: v.optional(v.number()) })),
});

export type ProgressLine = v.InferOutput<typeof ProgressLineSchema>;

/**
 * Reads a progress stream to its end.
 * @returns the engine's error line; null where it ended well
 */
export async function readProgress(stream: Readable, onLine: (line: ProgressLine) => void): Promise<string | null> {
  let failed: string | null = null;
  for await (const text of createInterface({ input: stream, crlfDelay: Infinity })) {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), ProgressLineSchema), text);
    if (!parsed.success) continue;
    if (parsed.output.error !== undefined) failed = parsed.output.error;
    onLine(parsed.output);
  }
  return failed;
}
