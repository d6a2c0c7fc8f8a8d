import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isScalar, parseDocument } from 'yaml';
import { failWith, reasonOf, TazpodError } from '../failure.ts';
import { parseConfig } from './parse-config.ts';
import { configParts } from './read-config.ts';
import { openProjectFolder, readProjectFile } from './safe-path.ts';
import { maxConfigBytes } from './yaml-source.ts';

const [tazpodFolder, configName] = configParts;

/**
 * The config's text with another image; every other byte stays, comments included. Pure.
 * @returns null where the text has no plain `image` to change, or the result would say anything else too
 */
export function toTextWithImage(text: string, image: string): string | null {
  const node = parseDocument(text, { schema: 'core', logLevel: 'error' }).get('image', true);
  if (!isScalar(node) || node.range === undefined || node.range === null) return null;
  const [start, end] = node.range;
  const isPlain = node.type === 'PLAIN' && /^[a-z0-9][\w./:@-]*[\w]$/iu.test(image);
  const next = `${text.slice(0, start)}${isPlain ? image : JSON.stringify(image)}${text.slice(end)}`;
  const [before, after] = [parseConfig(text, configName), parseConfig(next, configName)];
  // Read back: an anchor that others name, or an image that reads as something else, would change more than the image.
  return before.ok && after.ok && isDeepStrictEqual({ ...before.config, image }, after.config) ? next : null;
}

/**
 * Writes another image into a project's config. What somebody else writes meanwhile is not overwritten.
 * @param folder the project's canonical path
 * @param beforeReplace called once the new text is on the disk, just before it takes the old one's place: a test's moment
 * @throws TazpodError `config-missing`, `config-symlink`, `config-not-changed`, `file-write-failed`
 */
export async function changeImage(
  folder: string,
  image: string,
  beforeReplace: () => Promise<void> = async () => Promise.resolve(),
): Promise<void> {
  const file = path.join(folder, ...configParts);
  const bytes = await readProjectFile(folder, configParts, maxConfigBytes);
  const text = toTextWithImage(Buffer.from(bytes).toString('utf8'), image);
  if (text === null) throw failWith('config-not-changed', { file, key: 'image', value: image });
  const inner = await openProjectFolder(folder, [tazpodFolder]);
  try {
    const temporary = inner.pathOf(`.${configName}.${randomBytes(6).toString('hex')}.tmp`);
    // The file stays its owner's, with its mode, whoever runs us.
    const { uid, gid, mode } = await lstat(inner.pathOf(configName));
    try {
      await writeAs(temporary, text, { uid, gid, mode });
      await beforeReplace();
      const now = await readProjectFile(folder, configParts, maxConfigBytes);
      if (!Buffer.from(bytes).equals(now)) throw failWith('config-not-changed', { file, key: 'image', value: image });
      await rename(temporary, inner.pathOf(configName));
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
    await inner.sync();
  } catch (error) {
    throw error instanceof TazpodError
      ? error
      : failWith('file-write-failed', { file, reason: reasonOf(error) }, error);
  } finally {
    await inner.close();
  }
}

interface FileOwner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

async function writeAs(file: string, text: string, { uid, gid, mode }: FileOwner): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const handle = await open(file, flags, 0o600);
  try {
    await handle.writeFile(text);
    const own = await handle.stat();
    if (own.uid !== uid || own.gid !== gid) await handle.chown(uid, gid);
    await handle.chmod(mode & 0o777);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
