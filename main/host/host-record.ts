import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { replacePrivateFile } from './private-file.ts';

/** The record's name inside the state folder. */
export const hostRecordName = 'host.json';

const HostRecordSchema = v.object({
  socketPath: v.pipe(v.string(), v.minLength(1)),
  processId: v.pipe(v.number(), v.integer()),
});

/**
 * Where the owner listens. Clients read this first and compute the path only without it, so that a client whose
 * environment differs from the owner's (cron, ssh, another XDG_RUNTIME_DIR) still finds it. It is left behind when the
 * host ends: a dead path costs the next client one failed connect, and removing it could remove the next owner's.
 */
export type HostRecord = v.InferOutput<typeof HostRecordSchema>;

/** Written by the owner once it listens; whoever waits for a host watches for this file. Throws what the system says. */
export async function writeHostRecord(stateFolder: string, record: HostRecord): Promise<void> {
  await replacePrivateFile(path.join(stateFolder, hostRecordName), `${JSON.stringify(record)}\n`);
}

/** The record, or null where there is none that can be read: then the computed path counts. */
export async function readHostRecord(stateFolder: string): Promise<HostRecord | null> {
  try {
    const parsed = v.safeParse(
      HostRecordSchema,
      JSON.parse(await readFile(path.join(stateFolder, hostRecordName), 'utf8')),
    );
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
