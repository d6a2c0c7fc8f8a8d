import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { failWith, hasCode, reasonOf } from '../failure.ts';
import { writeFileAtomically } from '../project/atomic-write.ts';
import { noBase, type BaseVersion } from './version.ts';

/** Remembers on this machine in which state vault and remote agreed last. */
export interface BaseStore {
  /** @throws TazpodError `state-file-damaged`: a guess could replace what nobody has seen */
  read(): Promise<BaseVersion>;
  /** Durable when it resolves. @throws TazpodError `state-write-failed` */
  write(base: BaseVersion): Promise<void>;
}

const fileSchema = v.object({
  version: v.literal(1),
  /** Where the agreement was made: it says nothing of another place. */
  remote: v.string(),
  base: v.object({
    etag: v.nullable(v.string()),
    contentHash: v.nullable(v.string()),
    pushing: v.nullable(v.string()),
    isAdopted: v.boolean(),
  }),
});

/**
 * @param file in the state folder, one per project
 * @param remote as `Remote.shown` names it
 */
export function openBaseFile(file: string, remote: string): BaseStore {
  return {
    read: async () => {
      const text = await readText(file);
      if (text === null) return noBase;
      try {
        const found = v.parse(fileSchema, JSON.parse(text));
        return found.remote === remote ? found.base : noBase;
      } catch (error) {
        throw failWith('state-file-damaged', { file, reason: reasonOf(error) }, error);
      }
    },
    write: async (base) => {
      try {
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await writeFileAtomically(file, `${JSON.stringify({ version: 1, remote, base })}\n`);
      } catch (error) {
        throw failWith('state-write-failed', { file, reason: reasonOf(error) }, error);
      }
    },
  };
}

async function readText(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw failWith('state-file-damaged', { file, reason: reasonOf(error) }, error);
  }
}
