import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { hasCode, reasonOf } from '../failure.ts';
import { removeLeftovers, writeFileAtomically } from '../project/atomic-write.ts';

/** Which containers had their setup command, on disk: another host process does not run it again. */
export interface SetupRecords {
  has(containerId: string): boolean;
  /** Resolves when the disk has it. @throws the system error */
  add(containerId: string): Promise<void>;
}

/** The oldest ones are left out: their containers are gone long since. */
const maxRecords = 1_000;

const RecordsSchema = v.pipe(v.string(), v.parseJson(), v.object({ containerIds: v.array(v.string()) }));

/**
 * Opens the records in the state folder. A damaged file counts as empty and is told: the worst is a setup command that
 * runs once more.
 */
export async function openSetupRecords(stateFolder: string, log: (line: string) => void): Promise<SetupRecords> {
  const file = path.join(stateFolder, 'setups.json');
  await removeLeftovers(file);
  let containerIds = await readRecords(file, log);
  let last: Promise<unknown> = Promise.resolve();
  return {
    has: (containerId) => containerIds.includes(containerId),
    add: async (containerId) => {
      if (containerIds.includes(containerId)) return;
      containerIds = [...containerIds, containerId].slice(-maxRecords);
      const writing = last.then(async () => writeFileAtomically(file, `${JSON.stringify({ containerIds })}\n`));
      // The next one writes all of them again, whatever became of this one.
      last = writing.catch(() => undefined);
      await writing;
    },
  };
}

async function readRecords(file: string, log: (line: string) => void): Promise<readonly string[]> {
  try {
    const result = v.safeParse(RecordsSchema, await readFile(file, 'utf8'));
    if (result.success) return result.output.containerIds;
    log(`${file} is damaged and counts as empty`);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) log(`${file} can't be read and counts as empty: ${reasonOf(error)}`);
  }
  return [];
}
