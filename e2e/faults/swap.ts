import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { failureOf } from '../../main/engine/failure.ts';
import { Tally, type FaultRow } from './tally.ts';
import {
  allLabels,
  labelledArchive,
  currentLabel,
  faultKey,
  inFolder,
  makeVault,
  vaultFileOf,
  vaultFolderOf,
} from './vault.ts';

const sizeBytes = 256 * 1024;
/** About as long as a save of that size takes. */
const reachMs = 30;

/**
 * What someone else does to the vault while it is saved, between two turns of the save: the save's own look at the file and
 * its rename are one turn, since no system call does both, and what comes between those two is lost.
 */
type Swap = (folder: string, foreignFile: string) => void;

const movedFolderOf = (folder: string): string => path.join(folder, '.tazpod', 'moved');

const swaps: Readonly<Record<string, Swap>> = {
  'another file': (folder, foreignFile) => renameSync(foreignFile, vaultFileOf(folder)),
  'a link that leads out': (folder, foreignFile) => {
    rmSync(vaultFileOf(folder), { force: true });
    symlinkSync(foreignFile, vaultFileOf(folder));
  },
  'another folder': (folder, foreignFile) => {
    renameSync(vaultFolderOf(folder), movedFolderOf(folder));
    mkdirSync(vaultFolderOf(folder));
    renameSync(foreignFile, vaultFileOf(folder));
  },
  'a folder link that leads out': (folder, foreignFile) => {
    renameSync(vaultFolderOf(folder), movedFolderOf(folder));
    symlinkSync(path.dirname(foreignFile), vaultFolderOf(folder));
  },
};

/** Swaps the file or the folder at another moment of each save; neither the save nor what was put there may be lost. */
export async function swapUnderneath(pointsEach: number): Promise<FaultRow> {
  const tally = new Tally();
  for (const [name, swap] of Object.entries(swaps)) {
    for (let point = 1; point <= pointsEach; point += 1) {
      await inFolder((outer) => swapOnce(tally, `${name}, ${point}`, outer, swap));
    }
  }
  return tally.toRow('file or folder swapped', Object.keys(swaps).join(', '));
}

async function swapOnce(tally: Tally, point: string, outer: string, swap: Swap): Promise<void> {
  const [folder, foreign] = [path.join(outer, 'project'), path.join(outer, 'foreign')];
  await mkdir(folder);
  await mkdir(foreign);
  const { store, version } = await makeVault(folder, sizeBytes);
  const other = await makeVault(foreign, sizeBytes);
  const foreignFile = vaultFileOf(foreign);
  await other.store.save({
    key: faultKey(),
    archive: await labelledArchive('foreign', sizeBytes),
    base: other.version,
    allowShrink: true,
  });
  const archive = await labelledArchive('ours', sizeBytes);
  const save = store.save({ key: faultKey(), archive, base: version, allowShrink: true }).then(
    () => null,
    (error: unknown) => failureOf(error).code,
  );
  await delay(Math.random() * reachMs);
  swap(folder, foreignFile);
  const code = await save;
  tally.failed(point, code);
  const labels = await labelsAnywhere(folder, foreignFile);
  tally.judge(point, labels.includes(null) ? null : 'foreign', labels.includes('foreign') ? ['foreign'] : []);
  const isLink = point.startsWith('a link') || point.startsWith('a folder link');
  if (isLink && (await currentLabel(foreign)) !== 'foreign') tally.lose(`${point}: what the link leads to was written`);
  // A stranger who takes our file away after it was saved has taken it; then no copy of it is ours to keep.
  if (code !== null && !labels.includes('first') && !labels.includes('ours') && !isTakenAway(point)) {
    tally.lose(`${point}: ${code}, and neither the old nor the new vault is there`);
  }
}

/** The stranger's own act ends the file that stood there. */
const isTakenAway = (point: string): boolean =>
  point.startsWith('another file') || point.startsWith('a link that leads out');

async function labelsAnywhere(folder: string, foreignFile: string): Promise<readonly (string | null)[]> {
  const places = [vaultFolderOf(folder), movedFolderOf(folder), path.dirname(foreignFile)];
  const found = await Promise.all(places.map((place) => allLabels(place).catch(() => [])));
  return found.flat();
}
