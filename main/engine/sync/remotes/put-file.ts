import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, unlink } from 'node:fs/promises';
import type { ProjectFolder } from '../../project/safe-path.ts';

/**
 * Puts a file into a folder that is held open: whoever reads it finds the old bytes or the new ones, also after a crash.
 * @throws the system error of the step that failed; the file is then as it was
 */
export async function putFile(folder: ProjectFolder, name: string, bytes: Uint8Array): Promise<void> {
  const temporary = folder.pathOf(`.${name}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await folder.assertUnchanged();
    await rename(temporary, folder.pathOf(name));
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await folder.sync();
}
