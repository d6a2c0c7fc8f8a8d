import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';

/** Memory of a process in MiB: pages shared with others count in part (PSS), or whole (RSS). */
export interface Memory {
  readonly pssMiB: number;
  readonly rssMiB: number;
}

/** Processor time that a process has used so far, in milliseconds, to 10 ms on Linux. */
export async function readCpuMs(processId: number): Promise<number> {
  const stat = await readFile(`/proc/${processId}/stat`, 'utf8');
  // The name in brackets may hold blanks: fields are counted behind it. utime and stime are fields 14 and 15 of proc(5).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  return (ticks * 1000) / ticksPerSecond();
}

let knownTicksPerSecond: number | null = null;

function ticksPerSecond(): number {
  knownTicksPerSecond ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return knownTicksPerSecond;
}

export async function readMemory(processId: number): Promise<Memory> {
  const text = await readFile(`/proc/${processId}/smaps_rollup`, 'utf8');
  const readKiB = (key: string): number => {
    const value = new RegExp(`^${key}:\\s+(?<kib>\\d+) kB$`, 'mu').exec(text)?.groups?.['kib'];
    if (value === undefined) throw new Error(`smaps_rollup of ${processId} has no ${key}`);
    return Number(value);
  };
  return { pssMiB: readKiB('Pss') / 1024, rssMiB: readKiB('Rss') / 1024 };
}
