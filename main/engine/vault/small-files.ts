import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import type { ProjectFolder } from '../project/safe-path.ts';
import { readWhole, removeTemporary, writeNewFile } from './vault-folder.ts';
import { sidecarName, vaultIdName } from './vault-names.ts';
import { inStep } from './write-failure.ts';

/**
 * The two small files beside a vault. `last-content.hash` names the content hash, as the Go tool's does, and in its second
 * line the SHA-256 of the vault file it speaks of: after a crash between the two, or a write of another tool, it is seen
 * to speak of another file.
 */

const hashPattern = /^[0-9a-f]{64}$/;
const idPattern = /^[0-9a-f]{32}$/;

/** The content hash of the vault file with this fingerprint, as it was written beside it; null where unknown. */
export async function readSidecar(inner: ProjectFolder, fingerprint: string): Promise<string | null> {
  const [contentHash = '', ofFile = ''] = (await readText(inner, sidecarName)).split('\n');
  return ofFile === fingerprint && hashPattern.test(contentHash) ? contentHash : null;
}

/** Writes `last-content.hash`. */
export async function writeSidecar(
  folder: string,
  inner: ProjectFolder,
  contentHash: string,
  fingerprint: string,
): Promise<void> {
  await replaceText(folder, inner, sidecarName, `${contentHash}\n${fingerprint}\n`);
}

/** The vault's id, 32 hex digits; null where it has none yet. */
export async function readVaultId(inner: ProjectFolder): Promise<string | null> {
  const id = (await readText(inner, vaultIdName)).trim();
  return idPattern.test(id) ? id : null;
}

/** Writes the vault's id. */
export async function writeVaultId(folder: string, inner: ProjectFolder, id: string): Promise<void> {
  if (!idPattern.test(id)) throw new TypeError('a vault id has 32 hex digits');
  await replaceText(folder, inner, vaultIdName, `${id}\n`);
}

/** An id for a new vault. */
export function newVaultId(): string {
  return randomBytes(16).toString('hex');
}

async function readText(inner: ProjectFolder, name: string): Promise<string> {
  const file = await readWhole(inner, name);
  return file === null ? '' : Buffer.from(file.bytes.subarray(0, 1024)).toString('latin1');
}

async function replaceText(folder: string, inner: ProjectFolder, name: string, text: string): Promise<void> {
  const temporary = await writeNewFile(folder, inner, name, Buffer.from(text, 'latin1'), async () => {});
  try {
    await inStep(folder, 'put the new file in place', () => rename(inner.pathOf(temporary), inner.pathOf(name)));
  } catch (error) {
    await removeTemporary(inner, temporary);
    throw error;
  }
}
