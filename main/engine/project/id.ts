import { createHash } from 'node:crypto';

const maxContainerNameLength = 63;
const containerNamePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/;

/** Letters that Unicode does not decompose, so that stripping marks would lose them. */
const foldedLetters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
};

/**
 * A project's id: the first 16 hex digits of the SHA-256 of its canonical path's UTF-8 bytes.
 * @param canonicalFolder as `realpath` gives it, unchanged on every platform
 */
export function toProjectId(canonicalFolder: string): string {
  return createHash('sha256').update(canonicalFolder, 'utf8').digest('hex').slice(0, 16);
}

/** Whether Docker accepts the text as a container's name, and DNS as a host's (63 characters at most). */
export function isContainerName(text: string): boolean {
  return text.length <= maxContainerNameLength && containerNamePattern.test(text);
}

/**
 * The default name of a project's container: `My Project!` becomes `My-Project-lab`. Accents are dropped, whatever else
 * Docker refuses becomes a hyphen, and a name of which nothing is left becomes `project-lab`.
 * @param folderName the last component of the folder's path
 */
export function toContainerName(folderName: string): string {
  const suffix = '-lab';
  const folded = folderName
    .replaceAll(/[^\p{ASCII}]/gu, (letter) => foldedLetters[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-zA-Z0-9_.-]+/g, '-')
    .replaceAll(/-{2,}/g, '-')
    .replace(/^[_.-]+/, '')
    .slice(0, maxContainerNameLength - suffix.length)
    .replace(/[_.-]+$/, '');
  return `${folded === '' ? 'project' : folded}${suffix}`;
}

/** The name to use where another project of ours holds `name`: the id's first 4 characters are appended. */
export function withProjectSuffix(name: string, projectId: string): string {
  const suffix = `-${projectId.slice(0, 4)}`;
  return `${name.slice(0, maxContainerNameLength - suffix.length).replace(/[_.-]+$/, '')}${suffix}`;
}
