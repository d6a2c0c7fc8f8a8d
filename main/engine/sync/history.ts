import type { Remote } from './remote.ts';
import type { HistoryEntry } from './version.ts';

/** A number in a config below this never prunes deeper: a slip must not cost a history. */
export const minRetention = 50;
const namePattern = /^vault-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:-(\d{1,9}))?$/;

/** `vault-<UTC yyyymmddThhmmss>[-n]`, without its extension. `n` from 2 on tells copies of one second apart. */
export function toHistoryName(timeMs: number, n: number): string {
  const stamp = new Date(timeMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return n < 2 ? `vault-${stamp}` : `vault-${stamp}-${n}`;
}

/** When a copy was made, by its name; null for a name that is none. */
export function historyTimeOf(name: string): number | null {
  const parts = namePattern.exec(name);
  if (parts === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const numberOf = ({ name }: HistoryEntry): number => Number(namePattern.exec(name)?.[7] ?? 1);

/** Newest first. Copies of one second are ordered by their number. */
export function sortHistory(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  return entries.toSorted((a, b) => b.timeMs - a.timeMs || numberOf(b) - numberOf(a));
}

/**
 * The copies that are one too many, oldest first. None where the list is empty or the retention makes no sense.
 * @param entries newest first
 */
export function toPrune(entries: readonly HistoryEntry[], retention: number): readonly string[] {
  const keep = Number.isSafeInteger(retention) && retention >= 1 ? Math.max(retention, minRetention) : minRetention;
  return entries
    .slice(keep)
    .map(({ name }) => name)
    .toReversed();
}

/** Removes what is one too many. Call it after a push that ended well, never after an error. */
export async function pruneHistory(remote: Remote, retention: number, signal: AbortSignal): Promise<void> {
  const names = toPrune(await remote.listHistory(signal), retention);
  if (names.length > 0) await remote.removeHistory(names, signal);
}
