import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { hasCode, reasonOf } from '../failure.ts';
import { removeLeftovers, writeFileAtomically } from '../project/atomic-write.ts';

const RecordSchema = v.object({
  containerId: v.string(),
  startedAt: v.string(),
  fingerprint: v.string(),
  /** Hash of the content that a save was about to write: were we killed before we told, the file that holds it is ours. */
  saving: v.exactOptional(v.string()),
});
const RecordsSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), RecordSchema));

/** Which vault file an open vault builds on, and the run of the container that holds it. Nothing confidential. */
export type VaultRecord = v.InferOutput<typeof RecordSchema>;

/**
 * On disk, so that a host process that takes a mounted vault over after a crash sees whether the file was replaced
 * meanwhile, and keeps it as a conflict copy instead of writing over it.
 */
export interface VaultRecords {
  of(projectId: string): VaultRecord | null;
  /** Resolves when the disk has it. @throws the system error */
  set(projectId: string, record: VaultRecord): Promise<void>;
}

/** Opens the records in the state folder. A damaged file counts as empty and is told. */
export async function openVaultRecords(stateFolder: string, log: (line: string) => void): Promise<VaultRecords> {
  const file = path.join(stateFolder, 'vaults.json');
  await removeLeftovers(file);
  let records = await read(file, log);
  let last: Promise<unknown> = Promise.resolve();
  return {
    of: (projectId) => records.get(projectId) ?? null,
    set: async (projectId, record) => {
      if (isDeepStrictEqual(records.get(projectId), record)) return;
      records = new Map(records).set(projectId, record);
      const writing = last.then(async () =>
        writeFileAtomically(file, `${JSON.stringify(Object.fromEntries(records))}\n`),
      );
      // The next one writes all of them again, whatever became of this one.
      last = writing.catch(() => undefined);
      await writing;
    },
  };
}

async function read(file: string, log: (line: string) => void): Promise<ReadonlyMap<string, VaultRecord>> {
  try {
    const result = v.safeParse(RecordsSchema, await readFile(file, 'utf8'));
    if (result.success) return new Map(Object.entries(result.output));
    log(`${file} is damaged and counts as empty`);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) log(`${file} can't be read and counts as empty: ${reasonOf(error)}`);
  }
  return new Map();
}
