import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The part of @electron/asar that is used; electron-builder brings it along. */
interface Asar {
  extractAll(archive: string, folder: string): void;
}

/**
 * Electron reads files inside an app.asar; Node does not. So it is unpacked into a folder of the same name, which goes with
 * this process (chromium/profile.ts removes what a killed one leaves). @electron/asar comes with electron-builder, which
 * made the archive.
 */
export function unpackArchive(archive: string): string {
  const { extractAll } = createRequire(import.meta.url)('@electron/asar') as Asar;
  const folder = mkdtempSync(path.join(tmpdir(), `electron-standin-${process.pid}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const unpacked = path.join(folder, path.basename(archive));
  extractAll(archive, unpacked);
  // Programs look there for what can't lie inside an archive.
  symlinkSync(`${archive}.unpacked`, `${unpacked}.unpacked`);
  return unpacked;
}
