import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { hasCode } from '../failure.ts';

/** A session's place in a container: enough to end it after a crash, and to prove that it is still the same one. */
export interface SessionRecord {
  readonly containerId: string;
  readonly processId: number;
  readonly startTicks: string;
}

const RecordsSchema = v.object({
  /** Start of the host process that wrote the file, in clock ticks since boot; empty where the system can't tell. */
  hostStartTicks: v.string(),
  sessions: v.array(v.object({ containerId: v.string(), processId: v.number(), startTicks: v.string() })),
});

/** The open sessions of this host process on disk: after kill -9 the next one ends them. */
export interface SessionRecords {
  add(record: SessionRecord): void;
  remove(record: SessionRecord): void;
  /** Sessions of host processes that are gone, and the way to forget them once they were ended. */
  orphans(): readonly { readonly file: string; readonly sessions: readonly SessionRecord[] }[];
  forget(file: string): void;
}

const filePattern = /^sessions-(?<pid>\d+)\.json$/u;

export function openSessionRecords(folder: string): SessionRecords {
  const own = path.join(folder, `sessions-${process.pid}.json`);
  const hostStartTicks = statOf(process.pid)?.[19] ?? '';
  const records = new Set<SessionRecord>();
  const write = (): void => {
    if (records.size === 0) {
      rmSync(own, { force: true });
      return;
    }
    const temporary = `${own}.new`;
    writeFileSync(temporary, JSON.stringify({ hostStartTicks, sessions: [...records] }), { mode: 0o600 });
    renameSync(temporary, own);
  };
  return {
    add: (record) => {
      records.add(record);
      write();
    },
    remove: (record) => {
      records.delete(record);
      write();
    },
    orphans: () =>
      readdirSync(folder).flatMap((name) => {
        const pid = filePattern.exec(name)?.groups?.['pid'];
        if (pid === undefined || Number(pid) === process.pid) return [];
        const file = path.join(folder, name);
        const parsed = parseRecords(file);
        // A damaged file can't prove whose processes it means: nothing is ended for it.
        if (parsed === null) return [{ file, sessions: [] }];
        return isAlive(Number(pid), parsed.hostStartTicks) ? [] : [{ file, sessions: parsed.sessions }];
      }),
    forget: (file) => rmSync(file, { force: true }),
  };
}

function parseRecords(file: string): v.InferOutput<typeof RecordsSchema> | null {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), RecordsSchema), readFileSync(file, 'utf8'));
  return result.success ? result.output : null;
}

/** Whether the process that wrote a record still runs: the same PID with the same start. */
function isAlive(pid: number, startTicks: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (hasCode(error, 'ESRCH')) return false;
  }
  const stat = statOf(pid);
  // Killed, but its parent has not taken note yet: it runs no more.
  if (stat?.[0] === 'Z') return false;
  const now = stat?.[19] ?? null;
  return now === null || startTicks === '' || now === startTicks;
}

/** /proc/PID/stat from its third field on: state, …, start time; null where there is none (not Linux, or gone). */
function statOf(pid: number): readonly string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES')) return null;
    throw error;
  }
}
