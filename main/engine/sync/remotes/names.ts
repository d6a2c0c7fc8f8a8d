import { historyTimeOf } from '../history.ts';

/** The latest version, below the prefix. */
export const latestName = 'vault.tar.aes';
/** Folder of the copies, below the prefix. */
export const historyFolder = 'history';
const extension = '.tar.aes';

/** File name of a copy. */
export function toHistoryFile(name: string): string {
  return `${name}${extension}`;
}

/** The copy that a file holds; null where the file is none of ours. */
export function fromHistoryFile(file: string): { readonly name: string; readonly timeMs: number } | null {
  if (!file.endsWith(extension)) return null;
  const name = file.slice(0, -extension.length);
  const timeMs = historyTimeOf(name);
  return timeMs === null ? null : { name, timeMs };
}

/** A content hash as others wrote it; null where it is none. */
export function toContentHash(text: unknown): string | null {
  return typeof text === 'string' && /^(?:file:)?[0-9a-f]{64}$/.test(text) ? text : null;
}

/** A vault id as others wrote it; null where it is none. */
export function toVaultId(text: unknown): string | null {
  return typeof text === 'string' && /^[0-9a-f]{32}$/.test(text) ? text : null;
}
