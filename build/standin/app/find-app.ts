import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { identity } from './identity.ts';

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

/** The app to run: what the command line names, else the one packed into `resources/`. @throws where there is none */
export function findApp(named: string | undefined, executable: string): FoundApp {
  const resources = path.join(path.dirname(executable), 'resources');
  const place = named ?? [path.join(resources, 'app')].find((folder) => existsSync(folder));
  if (place === undefined) {
    const packed = existsSync(path.join(resources, 'app.asar'))
      ? ' An app.asar can’t be read: pack with `asar: false`.'
      : '';
    throw new Error(`the stand-in for Electron was given no app to run (${executable} FOLDER).${packed}`);
  }
  const isPackaged = named === undefined;
  if (!statSync(place).isDirectory()) return { main: place, identity: identify({}, path.dirname(place), isPackaged) };
  const packageFile = JSON.parse(readFileSync(path.join(place, 'package.json'), 'utf8')) as PackageFile;
  return {
    main: path.resolve(place, packageFile.main ?? 'index.js'),
    identity: identify(packageFile, place, isPackaged),
  };
}

function identify({ name, productName, version }: PackageFile, folder: string, isPackaged: boolean): typeof identity {
  return { name: productName ?? name ?? 'Electron', version: version ?? '', folder, isPackaged };
}
