import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Archive } from '../../../main/engine/vault/archive.ts';
import { newSalt, VaultKey } from '../../../main/engine/vault/key.ts';
import { openVaultStore, type VaultStore } from '../../../main/engine/vault/store.ts';
import { archiveOf } from '../../../main/engine/vault/testing/archive-of.ts';
import type { Bench } from '../world/bench.ts';

const fileBytes = 64 * 1024;

/** Files of 64 KiB, half of them random and half of them text, as keys and settings are. */
export function makeContents(totalBytes: number): readonly Uint8Array[] {
  return Array.from({ length: totalBytes / fileBytes }, (_, index) =>
    index % 2 === 0
      ? randomBytes(fileBytes)
      : Buffer.from(
          randomBytes(fileBytes / 4)
            .toString('hex')
            .padEnd(fileBytes, 'setting = value\n'),
        ),
  );
}

/** The archive of these files, as the container's tar would give it. */
export async function toArchive(contents: readonly Uint8Array[]): Promise<Archive> {
  return await archiveOf(Object.fromEntries(contents.map((bytes, index) => [`file-${index}`, bytes])));
}

/** A store of a project of this bench's own, with no vault in it yet. */
export async function openBenchStore(
  bench: Bench,
  name: string,
): Promise<{ readonly store: VaultStore; readonly vaultFolder: string; readonly key: VaultKey }> {
  const folder = await bench.makeProjectFolder(name);
  const store = await openVaultStore(folder, { nowMs: Date.now });
  return { store, vaultFolder: path.join(folder, '.tazpod', 'vault'), key: new VaultKey(newSalt(), randomBytes(32)) };
}
