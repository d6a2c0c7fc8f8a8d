import { randomBytes } from 'node:crypto';
import { link, open, readFile, rename, unlink } from 'node:fs/promises';
import { hasCode } from '../engine/failure.ts';

/** Replaces a file at once or not at all: written beside it (0600), synced, renamed. Throws what the system says. */
export async function replacePrivateFile(file: string, text: string): Promise<void> {
  const beside = await writeBeside(file, text);
  try {
    await rename(beside, file);
  } catch (error) {
    await unlink(beside).catch(() => undefined);
    throw error;
  }
}

/** Makes a file (0600) with this text unless it is there; returns what it holds, the same for all who ask at once. */
export async function makePrivateFileOnce(file: string, text: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  const beside = await writeBeside(file, text);
  try {
    // Unlike rename, link never replaces: the first one wins, and nobody sees a half-written file.
    await link(beside, file);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(beside);
  }
  return readFile(file, 'utf8');
}

async function writeBeside(file: string, text: string): Promise<string> {
  const beside = `${file}.${randomBytes(6).toString('hex')}.new`;
  const handle = await open(beside, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return beside;
}
