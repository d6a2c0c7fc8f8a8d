import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { UnimplementedError } from '../runtime/unimplemented.ts';
import { identity } from './identity.ts';

const chosen = new Map<string, string>();

/** Electron's folders by name (https://www.electronjs.org/docs/latest/api/app#appgetpathname). */
export function getPath(name: string): string {
  const home = process.env['HOME'] ?? homedir();
  const known = chosen.get(name);
  if (known !== undefined) return known;
  switch (name) {
    case 'home':
      return home;
    case 'appData':
      return process.env['XDG_CONFIG_HOME'] ?? path.join(home, '.config');
    case 'userData':
    case 'sessionData':
      return path.join(getPath('appData'), identity.name);
    case 'logs':
      return path.join(getPath('userData'), 'logs');
    case 'temp':
      return tmpdir();
    case 'exe':
      return process.execPath;
    default:
      throw new UnimplementedError(`app.getPath('${name}')`);
  }
}

export function setPath(name: string, folder: string): void {
  if (!path.isAbsolute(folder)) throw new Error('Path must be absolute');
  getPath(name);
  mkdirSync(folder, { recursive: true });
  chosen.set(name, folder);
}
