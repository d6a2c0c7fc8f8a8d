import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The part of @electron/asar that is used; electron-builder brings it along. */
interface Asar {
  extractAll(archive: string, folder: string): void;
}

/**
 * Electron reads files inside an app.asar; Node does not. So it is unpacked, once for all processes, into a folder of the
 * same name in node_modules/.cache. @electron/asar comes with electron-builder, which made the archive.
 */
export function unpackArchive(archive: string): string {
  const require = createRequire(import.meta.url);
  const cache = path.join(
    path.dirname(require.resolve('@electron/asar/package.json')),
    '../../.cache/electron-standin',
  );
  mkdirSync(cache, { recursive: true });
  const { mtimeMs, size } = statSync(archive);
  const name = createHash('sha256').update(`${archive}\n${mtimeMs}\n${size}`).digest('hex').slice(0, 16);
  const folder = path.join(cache, name);
  if (existsSync(folder)) return path.join(folder, path.basename(archive));
  removeOutdated(cache, archive);
  const fresh = mkdtempSync(path.join(cache, '.unpacking-'));
  const unpacked = path.join(fresh, path.basename(archive));
  (require('@electron/asar') as Asar).extractAll(archive, unpacked);
  // Programs look there for what can't lie inside an archive.
  symlinkSync(`${archive}.unpacked`, `${unpacked}.unpacked`);
  writeFileSync(path.join(fresh, 'archive'), archive);
  try {
    renameSync(fresh, folder);
  } catch {
    // Another process was first.
    rmSync(fresh, { recursive: true, force: true });
  }
  return path.join(folder, path.basename(archive));
}

/** What was unpacked from an older archive of this place, or from one that is gone. */
function removeOutdated(cache: string, archive: string): void {
  for (const name of readdirSync(cache).filter((one) => !one.startsWith('.'))) {
    const source = readFileSync(path.join(cache, name, 'archive'), 'utf8');
    if (source === archive || !existsSync(source)) rmSync(path.join(cache, name), { recursive: true, force: true });
  }
}
