import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { identity } from './identity.ts';
import { unpackArchive } from './unpack-archive.ts';

export interface FoundApp {
  /** The script to run. */
  readonly main: string;
  readonly identity: typeof identity;
}

interface PackageFile {
  readonly name?: string;
  readonly productName?: string;
  readonly version?: string;
  readonly main?: string;
}

/** The app to run: the one packed into `resources/`, else what the command line names. @throws where there is none */
export function findApp(named: string | undefined, executable: string): FoundApp {
  const resources = path.join(path.dirname(executable), 'resources');
  const packed = findPacked(resources);
  const place = packed ?? named;
  if (place === undefined) throw new Error(`the stand-in for Electron was given no app to run: ${executable} FOLDER`);
  const isPackaged = packed !== null;
  if (!statSync(place).isDirectory()) return { main: place, identity: identify({}, path.dirname(place), isPackaged) };
  const packageFile = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')) as PackageFile;
  return {
    main: path.resolve(place, packageFile.main ?? 'index.js'),
    identity: identify(packageFile, place, isPackaged),
  };
}

function findPacked(resources: string): string | null {
  const archive = path.join(resources, 'app.asar');
  if (existsSync(archive)) return unpackArchive(archive);
  const folder = path.join(resources, 'app');
  return existsSync(folder) ? folder : null;
}

function identify({ name, productName, version }: PackageFile, folder: string, isPackaged: boolean): typeof identity {
  return { name: productName ?? name ?? 'Electron', version: version ?? '', folder, isPackaged };
}
