import { readdir, readFile } from 'node:fs/promises';
import { readCpuMs, readMemory } from './process-usage.ts';

/** A process and all that it started, as the process table has it now. */
export async function familyOf(processId: number): Promise<readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    const parent = await readParent(Number(name));
    if (parent !== null) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const family = [processId];
  for (const one of family) family.push(...(children.get(one) ?? []));
  return family;
}

/** null where it has ended meanwhile. */
async function readParent(processId: number): Promise<number | null> {
  try {
    const stat = await readFile(`/proc/${processId}/stat`, 'utf8');
    // Behind the name, which may hold blanks: state, then the parent (proc(5)).
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Processor time of a whole family so far, in milliseconds. */
export async function readFamilyCpuMs(processId: number): Promise<number> {
  const times = await Promise.all((await familyOf(processId)).map(async (one) => readCpuMs(one)));
  return times.reduce((sum, ms) => sum + ms, 0);
}

/** Memory of a whole family in MiB, what its members share counted once (PSS). */
export async function readFamilyPssMiB(processId: number): Promise<number> {
  const sizes = await Promise.all((await familyOf(processId)).map(async (one) => readMemory(one)));
  return sizes.reduce((sum, { pssMiB }) => sum + pssMiB, 0);
}
