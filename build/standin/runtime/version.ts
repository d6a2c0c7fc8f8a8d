import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The stand-in's folder: what Electron's `dist` is to Electron. */
export const distFolder = path.resolve(import.meta.dirname, '..');

/** Electron's version that we stand in for, with `-standin`; from the `version` file that Electron's own folder has too. */
export const electronVersion = readFileSync(path.join(distFolder, 'version'), 'utf8').trim();

/** Ends every window's title, so that nobody takes the stand-in for Electron. */
export const runtimeName = `Electron ${electronVersion}`;
