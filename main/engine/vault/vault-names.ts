import { randomBytes } from 'node:crypto';

/** The vault's folder in a project. */
export const vaultParts = ['.tazpod', 'vault'] as const;

/** Names inside the folder; the first three are the Go tool's or the remote's too. */
export const vaultFileName = 'vault.tar.aes';
export const sidecarName = 'last-content.hash';
export const vaultIdName = 'id';

/** Why a copy was kept beside the vault: someone else wrote it, or it was replaced by a fetched one. */
export type CopyKind = 'conflict' | 'replaced';

const temporaryPattern = /^(?:vault\.tar\.aes|last-content\.hash|id)\.[0-9a-f]{12}\.tmp$/;
const copyPattern = /^vault-(conflict|replaced)-(\d{8}T\d{6})(?:-\d+)?\.tar\.aes$/;

/** A new file's name until it takes the place of `name`. */
export function toTemporaryName(name: string): string {
  return `${name}.${randomBytes(6).toString('hex')}.tmp`;
}

/** Whether a name is one that `toTemporaryName` makes. */
export function isTemporaryName(name: string): boolean {
  return temporaryPattern.test(name);
}

/** The name of the n-th copy made in one second, n from 1: `vault-conflict-20260131T120000-2.tar.aes`. */
export function toCopyName(kind: CopyKind, atMs: number, n: number): string {
  const stamp = new Date(atMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `vault-${kind}-${stamp}${n === 1 ? '' : `-${n}`}.tar.aes`;
}

/** The kind of a copy by its name; null for what is none. */
export function copyKindOf(name: string): CopyKind | null {
  const kind = copyPattern.exec(name)?.[1];
  return kind === 'conflict' || kind === 'replaced' ? kind : null;
}
