import { Tally, type FaultRow } from './tally.ts';
import { allLabels, currentLabel, inFolder, makeVault, vaultFolderOf } from './vault.ts';
import { startWriter, type WriterProcess } from './writer-process.ts';

const sizeBytes = 16 * 1024;

/** Two processes that save the same vault at once, neither knowing what the other wrote. */
export async function raceWriters(savesEach: number): Promise<FaultRow> {
  const tally = new Tally();
  await inFolder(async (folder) => {
    await makeVault(folder, sizeBytes);
    const names = ['left', 'right'] as const;
    const writers = await Promise.all(names.map((name) => startWriter({ folder, name, count: savesEach, sizeBytes })));
    for (const writer of writers) writer.go();
    await Promise.all(writers.map((writer) => writer.ended()));
    const labels = await allLabels(vaultFolderOf(folder));
    if (labels.includes(null)) tally.judge('a copy', null, []);
    const kept = new Set(labels);
    const last = names.map((name) => `${name} ${savesEach}`);
    tally.judge('the vault in the end', await currentLabel(folder), last);
    for (const [index, name] of names.entries()) judgeWriter(tally, name, writers[index], kept);
  });
  return tally.toRow('two writers', 'two processes, one vault');
}

/** A save may be gone only where the same writer's next one took its place, which then found no file of others there. */
function judgeWriter(
  tally: Tally,
  name: string,
  writer: WriterProcess | undefined,
  kept: ReadonlySet<string | null>,
): void {
  for (const [index, word] of (writer?.words ?? []).entries()) {
    if (word.word === 'ready') continue;
    const label = `${name} ${word.number}`;
    if (word.word === 'failed') {
      tally.lose(`${label}: ${word.code}`);
      continue;
    }
    const next = writer?.words[index + 1];
    const isReplacedByOwn = next?.word === 'saved' && next.copies === 0;
    const isKept = isReplacedByOwn || kept.has(label);
    tally.judge(label, label, [label]);
    if (!isKept) tally.lose(`${label}: told as saved, and nowhere`);
  }
}
