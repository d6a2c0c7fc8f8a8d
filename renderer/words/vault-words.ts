import type { ProjectState } from '../../preload/contract/snapshot.ts';
import type { VaultState, VaultStatus } from '../../preload/contract/vault.ts';
import { formatAgo, formatBytes, formatMoment } from './units.ts';

/** The vault's state in words; the same ones wherever it is shown. */
export const vaultStatusWords: { readonly [Status in VaultStatus]: string } = {
  absent: 'No vault yet',
  locked: 'Locked',
  unlocking: 'Unlocking…',
  unlocked: 'Unlocked',
  locking: 'Locking…',
  mounted: 'Open, its key is not here',
};

/** Whether everything is on disk, for the line under the state. */
export function savedWords(vault: VaultState, nowMs: number): string {
  if (vault.saving) return 'Saving…';
  if (vault.dirtySinceMs !== null) return `Unsaved changes, first seen ${formatAgo(vault.dirtySinceMs, nowMs)}`;
  if (vault.lastSavedAtMs === null) return 'Never saved';
  return `Saved ${formatAgo(vault.lastSavedAtMs, nowMs)}`;
}

/** What is lost where an open vault is not saved, and since when. */
export function unsavedWords({ lastCheckedAtMs, lastSavedAtMs }: VaultState): string {
  // A look that found all of it in the file is worth as much as a save.
  const sinceMs = lastCheckedAtMs ?? lastSavedAtMs;
  if (sinceMs === null) return 'Everything in the vault is lost: it was never saved.';
  return `Whatever changed in the vault after ${formatMoment(sinceMs)} is lost.`;
}

/** The absolute moment behind `savedWords`, for its tooltip. */
export function savedMoment(vault: VaultState): string | undefined {
  const atMs = vault.dirtySinceMs ?? vault.lastSavedAtMs;
  return atMs === null ? undefined : formatMoment(atMs);
}

/** How full the tmpfs is: `1.2 kB of 67 MB`. */
export function usedWords(vault: VaultState): string {
  return `${formatBytes(vault.content?.usedBytes ?? 0)} of ${formatBytes(vault.limitBytes)}`;
}

/** What keeps the vault from being opened or made now; null where nothing does. */
export function unlockHindrance(project: ProjectState): string | null {
  if (project.container.status !== 'running') return 'Start the project first: the vault opens inside its container.';
  return project.operations.length > 0 ? 'Another operation is under way.' : null;
}

/** What to say below a new passphrase. @param rated what `ratePassphrase` says of it; null while it is not known */
export function strengthHint(rated: string | null): string {
  return `${rated ?? 'Four random words or more.'} Nobody can recover it for you.`;
}

/** Why a new passphrase can't be used yet; null where it can. */
export function newPassphraseProblem(passphrase: string, repeated: string): string | null {
  if (passphrase === '') return 'Type a passphrase.';
  return passphrase === repeated ? null : 'The two are not the same yet.';
}
