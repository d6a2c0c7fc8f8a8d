import { readdir, readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { failureOf } from '../../main/engine/failure.ts';
import { wipeArchive } from '../../main/engine/vault/archive.ts';
import { seal } from '../../main/engine/vault/cipher.ts';
import type { VaultStore } from '../../main/engine/vault/store.ts';
import { hostileEntries, hostileTars, tarOf } from '../../main/engine/vault/testing/hostile-archives.ts';
import { Tally, type FaultRow } from './tally.ts';
import { faultKey, inFolder, makeVault, vaultFileOf, vaultFolderOf } from './vault.ts';

/** Small enough that every length of the file can be tried. */
const sizeBytes = 512;
/** Salt and nonce; the salt is no part of what the tag covers, it goes into the key. */
const saltBits = 32 * 8;

/** A vault in whose place damaged ones are put. */
interface Victim {
  readonly folder: string;
  readonly store: VaultStore;
  readonly whole: Buffer;
}

/** Puts these bytes in the vault's place; it has to be refused with this code, and nothing of the folder may change. */
async function refuse(
  { folder, store }: Victim,
  tally: Tally,
  point: string,
  bytes: Uint8Array,
  code: string,
): Promise<void> {
  await writeFile(vaultFileOf(folder), bytes);
  const names = await readdir(vaultFolderOf(folder));
  const found = await store.read(faultKey()).then(
    ({ archive }) => {
      wipeArchive(archive);
      return 'opened';
    },
    (error: unknown) => failureOf(error).code,
  );
  tally.judge(point, found, [code]);
  const isTouched = !(await readFile(vaultFileOf(folder))).equals(bytes);
  const after = await readdir(vaultFolderOf(folder));
  if (isTouched || after.join() !== names.join()) tally.lose(`${point}: the vault's folder was written to`);
}

async function withVictim(work: (victim: Victim, tally: Tally) => Promise<void>): Promise<Tally> {
  const tally = new Tally();
  await inFolder(async (folder) => {
    const { store } = await makeVault(folder, sizeBytes);
    await work({ folder, store, whole: await readFile(vaultFileOf(folder)) }, tally);
  });
  return tally;
}

/** One bit flipped, each time another one, spread over everything behind the salt. */
export async function flipBits(points: number): Promise<FaultRow> {
  const tally = await withVictim(async (victim, counts) => {
    const bits = victim.whole.length * 8 - saltBits;
    for (let point = 0; point < points; point += 1) {
      const bit = saltBits + Math.floor((point * bits) / points);
      const flipped = Buffer.from(victim.whole);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await refuse(victim, counts, `bit ${bit}`, flipped, 'vault-unreadable');
    }
  });
  return tally.toRow('damaged vault', 'one bit flipped');
}

/** Cut off at every length. @param every 1 for all; n for each n-th of them */
export async function truncate(every: number): Promise<FaultRow> {
  const tally = await withVictim(async (victim, counts) => {
    for (let length = 0; length < victim.whole.length; length += every) {
      await refuse(victim, counts, `${length} bytes`, victim.whole.subarray(0, length), 'vault-unreadable');
    }
  });
  return tally.toRow('damaged vault', every === 1 ? 'cut off at every length' : `cut off at every ${every}th length`);
}

/** Vaults of the right key that hold what no vault may. */
export async function openHostile(): Promise<FaultRow> {
  const tally = await withVictim(async (victim, counts) => {
    const archives = [
      ...hostileEntries.map(([what, entries]) => [what, () => tarOf(entries)] as const),
      ...hostileTars.map(([what, tar]) => [what, tar] as const),
    ];
    for (const [what, toTar] of archives) {
      const file = await seal(faultKey(), [gzipSync(await toTar(), { level: 1 })]);
      await refuse(victim, counts, what, file, 'vault-archive-refused');
    }
  });
  return tally.toRow('hostile vault', 'archives that no vault may hold');
}
