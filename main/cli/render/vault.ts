import { maxShownMembers, type VaultState, type VaultStatus } from '../../../preload/contract/vault.ts';
import { escapeText } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { countOf, formatAge, formatBytes } from '../text/units.ts';

const statusWords: { readonly [Status in VaultStatus]: string } = {
  absent: 'none yet; "tazpod unlock --create" makes one',
  locked: 'locked',
  unlocking: 'unlocking',
  unlocked: 'unlocked',
  locking: 'locking',
  mounted: 'open in the container, its key is not here: "tazpod unlock"',
};

const ago = (atMs: number, nowMs: number): string => {
  const age = formatAge(nowMs - atMs);
  return age === 'just now' ? age : `${age} ago`;
};

/** Whether everything is on disk. */
function savedWords(vault: VaultState, nowMs: number): string {
  if (vault.saving) return 'being saved';
  if (vault.dirtySinceMs !== null) return `unsaved changes, first seen ${ago(vault.dirtySinceMs, nowMs)}`;
  return vault.lastSavedAtMs === null ? 'never saved' : `saved ${ago(vault.lastSavedAtMs, nowMs)}`;
}

/** The state in a few words, for the screen of one project. */
export function vaultWords(vault: VaultState, nowMs: number): string {
  if (vault.lostSinceMs !== null) return `locked; what changed since ${ago(vault.lostSinceMs, nowMs)} is lost`;
  const isOpen = vault.status === 'unlocked' || vault.status === 'locking';
  return isOpen ? `${statusWords[vault.status]}, ${savedWords(vault, nowMs)}` : statusWords[vault.status];
}

/** One vault on one screen: names and sizes, never contents. */
export function renderVault(name: string, vault: VaultState, nowMs: number, style: Style): string {
  const rows: (readonly [label: string, value: string])[] = [];
  if (vault.fileBytes !== null) rows.push(['File', `${formatBytes(vault.fileBytes)}, ${savedWords(vault, nowMs)}`]);
  const { content } = vault;
  if (content !== null) {
    const used = `${formatBytes(content.usedBytes)} of ${formatBytes(vault.limitBytes)}`;
    rows.push(['Used', `${used}, ${countOf(content.memberCount, 'member')}`]);
  }
  rows.push(['Passphrase', vault.remembered ? 'kept on this device' : 'not kept on this device']);
  for (const copy of vault.conflictCopies) rows.push(['Copy', `.tazpod/vault/${copy}`]);
  for (const { name: holder, processId } of vault.holders) rows.push(['Open in', `${holder} (process ${processId})`]);
  const members = (content?.members ?? []).map(({ path, kind, sizeBytes }) => {
    const size = kind === 'file' ? formatBytes(sizeBytes) : kind === 'directory' ? 'folder' : 'link';
    return `    ${size.padStart(8)}  ${escapeText(path)}`;
  });
  const more = (content?.memberCount ?? 0) - members.length;
  return [
    `${style.bold(escapeText(name))}  vault: ${vaultWords(vault, nowMs)}`,
    ...rows.map(([label, value]) => `  ${style.dim(label.padEnd(10))} ${escapeText(value)}`),
    ...members,
    ...(more > 0 ? [`    and ${more} more (${maxShownMembers} are listed at most)`] : []),
    '',
  ].join('\n');
}
