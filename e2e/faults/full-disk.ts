import { execFile } from 'node:child_process';
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { failureOf } from '../../main/engine/failure.ts';
import { notRunRow, Tally, type FaultRow } from './tally.ts';
import { labelledArchive, currentLabel, faultKey, inFolder, makeVault, type FaultProject } from './vault.ts';

const run = promisify(execFile);
const pageBytes = 4096;
const sizeBytes = 256 * 1024;
const fault = 'ENOSPC, short write';
const how = 'full tmpfs, room grows by 4 KiB';

/** Why no small disk can be made here; null where it can. */
export function whyNoSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'needs Linux';
  return process.getuid?.() === 0 ? null : 'needs root to mount a tmpfs';
}

/**
 * Saves on a disk that is full after 0, 1, 2 ... pages, until one save has all the room it needs.
 * @param everyPages 1 for all
 */
export async function fillDisk(everyPages: number): Promise<FaultRow> {
  const reason = whyNoSmallDisk();
  if (reason !== null) return notRunRow(fault, how, reason);
  const tally = new Tally();
  await inFolder(async (outer) => {
    const disk = path.join(outer, 'disk');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=0700', 'tmpfs', disk]);
    try {
      await saveWithEveryRoom(tally, path.join(disk, 'project'), everyPages);
    } finally {
      await run('umount', [disk]);
    }
  });
  return tally.toRow(fault, how);
}

async function saveWithEveryRoom(tally: Tally, folder: string, everyPages: number): Promise<void> {
  await mkdir(folder);
  const project = await makeVault(folder, sizeBytes);
  let { version } = project;
  let before = 'first';
  let failures = 0;
  let hasRoom = false;
  for (let pages = 0; !hasRoom; pages += everyPages) {
    const label = `room of ${pages} pages`;
    const outcome = await saveWithRoom({ ...project, version }, label, pages);
    const isSaved = outcome.code === null;
    tally.judge(label, await currentLabel(folder), [isSaved ? label : before]);
    tally.failed(label, outcome.code);
    if (outcome.version !== null) ({ version } = outcome);
    if (isSaved) before = label;
    else failures += 1;
    hasRoom = isSaved && outcome.hasSidecar;
  }
  if (failures === 0) throw new Error('the disk was never full');
}

interface Outcome {
  readonly code: string | null;
  readonly version: FaultProject['version'] | null;
  readonly hasSidecar: boolean;
}

async function saveWithRoom({ folder, store, version }: FaultProject, label: string, pages: number): Promise<Outcome> {
  const filler = path.join(folder, 'filler');
  const archive = await labelledArchive(label, sizeBytes);
  const { bavail, bsize } = await statfs(folder);
  await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - pages * pageBytes)));
  try {
    const saved = await store.save({ key: faultKey(), archive, base: version, allowShrink: true });
    return { code: null, version: saved.version, hasSidecar: saved.sidecarFailure === null };
  } catch (error) {
    return { code: failureOf(error).code, version: null, hasSidecar: false };
  } finally {
    await rm(filler);
  }
}
