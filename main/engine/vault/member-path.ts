import { maxNameBytes, maxPathBytes } from './limits.ts';
import { ArchiveRefusal } from './member.ts';

/**
 * A member's name as a path inside the vault: `./a//b/` becomes `a/b`; the vault's own folder becomes the empty text.
 * @throws ArchiveRefusal for a name that leads out, can't be created or is not UTF-8
 */
export function toMemberPath(name: string): string {
  const refuse = (reason: string): never => {
    throw new ArchiveRefusal(name, reason);
  };
  if (name === '') refuse('a name is empty');
  if (name.includes('\0')) refuse('a name holds a NUL');
  // What tar-stream puts where bytes are not UTF-8; such a name would change on its way.
  if (name.includes('\uFFFD')) refuse('a name is not UTF-8');
  if (name.startsWith('/')) refuse('a name is absolute');
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) refuse('a name holds ".."');
  if (parts.some((part) => Buffer.byteLength(part) > maxNameBytes)) refuse('a name is too long');
  const path = parts.join('/');
  if (Buffer.byteLength(path) > maxPathBytes) refuse('a path is too long');
  if (toTwinKey(parts[0] ?? '') === '.tazpod') refuse('members under .tazpod are not allowed');
  return path;
}

/** Paths with the same key are one file on systems that ignore case or how an accent is composed. */
export function toTwinKey(path: string): string {
  return path.normalize('NFD').toUpperCase().toLowerCase().normalize('NFC');
}

/** The folder that holds a path; empty for the vault's own folder. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** How many steps a chain of links may have; Linux gives up at the same number. */
const maxLinkSteps = 40;

/**
 * Whether following a symlink stays inside the vault, whatever other symlinks it meets on its way.
 * @param target of the link at `path`
 * @param targetAt where another symlink of the vault points; undefined for what is no symlink
 */
export function staysInside(path: string, target: string, targetAt: (path: string) => string | undefined): boolean {
  if (target === '' || target.includes('\0') || target.includes('\uFFFD') || target.startsWith('/')) return false;
  if (Buffer.byteLength(target) > maxPathBytes) return false;
  const folder = parentOf(path) === '' ? [] : parentOf(path).split('/');
  const ahead = target.split('/').toReversed();
  let links = 0;
  for (let part = ahead.pop(); part !== undefined; part = ahead.pop()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (folder.pop() === undefined) return false;
      continue;
    }
    folder.push(part);
    const next = targetAt(folder.join('/'));
    if (next === undefined) continue;
    links += 1;
    if (next.startsWith('/') || links > maxLinkSteps) return false;
    folder.pop();
    ahead.push(...next.split('/').toReversed());
  }
  return true;
}
