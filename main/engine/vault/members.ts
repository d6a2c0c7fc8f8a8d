import { maxMembers, maxVaultBytes, pageBytes } from './limits.ts';
import { parentOf, staysInside, toMemberPath, toTwinKey } from './member-path.ts';
import { ArchiveRefusal, type ArchiveMember, type SkippedMember } from './member.ts';
import type { TarEntry } from './tar-read.ts';

/**
 * Where a tar comes from. A vault file that holds what we would not write is refused; the container's own programs leave
 * sockets and the like in the tmpfs, which are skipped and said.
 */
export type TarSource = 'vault-file' | 'container';

/** The members of a tar, sorted by path (folders before what they hold), and what was left out. */
export interface CheckedMembers {
  readonly members: readonly ArchiveMember[];
  readonly skipped: readonly SkippedMember[];
}

/** The Go tool keeps the passphrase in it; it is never written and never unpacked. */
const passphraseFile = '.vault_pass';

/**
 * Checks all that a vault may hold, before anything of it is written anywhere.
 * @throws ArchiveRefusal for the first member that is not allowed
 */
export function checkMembers(entries: readonly TarEntry[], source: TarSource): CheckedMembers {
  const found = new Map<string, ArchiveMember>();
  const skipped: SkippedMember[] = [];
  for (const entry of entries) {
    const path = toMemberPath(entry.name);
    const member = toMember(entry, path, source, found);
    if (member === null) continue;
    if (typeof member === 'string') skipped.push({ path, reason: member });
    else if (found.has(path)) throw new ArchiveRefusal(entry.name, 'a name appears twice');
    else found.set(path, member);
  }
  skipped.push(...takeOutwardLinks(found, source));
  addMissingFolders(found);
  assertNoTwins(found);
  assertFits(found);
  return { members: [...found.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1)), skipped };
}

/** A member; null for what is left out without a word; text for what is left out and said. */
function toMember(
  entry: TarEntry,
  path: string,
  source: TarSource,
  found: ReadonlyMap<string, ArchiveMember>,
): ArchiveMember | string | null {
  const isFolder = entry.type === 'directory' || (entry.type === 'file' && entry.name.endsWith('/'));
  if (path === '') {
    if (isFolder) return null;
    throw new ArchiveRefusal(entry.name, "the vault's own folder is not a folder");
  }
  if (path === passphraseFile && !isFolder) return null;
  const { bytes, mtimeSeconds, linkName } = entry;
  const common = { path, mode: entry.mode & 0o777, mtimeSeconds, bytes: new Uint8Array(), target: '' };
  if (isFolder) {
    if (bytes.length > 0) throw new ArchiveRefusal(entry.name, 'a folder has bytes');
    return { ...common, type: 'directory' };
  }
  if (entry.type === 'file') return { ...common, type: 'file', bytes };
  if (entry.type === 'symlink') return { ...common, type: 'symlink', mode: 0o777, target: linkName };
  if (source === 'vault-file') throw new ArchiveRefusal(entry.name, `${kindOf(entry)} is not allowed`);
  if (entry.type === 'link') return toSecondName(entry, common, found);
  if (entry.type === 'unknown') throw new ArchiveRefusal(entry.name, 'its type is not known');
  return `${kindOf(entry)} can't be kept`;
}

/** A hard link in the tmpfs is one more name of a file; in the vault it becomes a file of its own. */
function toSecondName(
  entry: TarEntry,
  common: Omit<ArchiveMember, 'type'>,
  found: ReadonlyMap<string, ArchiveMember>,
): ArchiveMember | string | null {
  const firstPath = toMemberPath(entry.linkName);
  const first = found.get(firstPath);
  if (first !== undefined) return { ...first, path: common.path };
  // Its first name is one that was left out.
  return firstPath === passphraseFile ? null : `the file it is a second name of can't be kept`;
}

function kindOf({ type }: TarEntry): string {
  switch (type) {
    case 'link':
      return 'a hard link';
    case 'fifo':
      return 'a FIFO';
    case 'block-device':
    case 'character-device':
      return 'a device';
    default:
      return 'a member of this type';
  }
}

function takeOutwardLinks(found: Map<string, ArchiveMember>, source: TarSource): SkippedMember[] {
  const targets = new Map([...found.values()].filter(({ type }) => type === 'symlink').map((m) => [m.path, m.target]));
  const taken: SkippedMember[] = [];
  for (const [path, target] of targets) {
    if (staysInside(path, target, (at) => targets.get(at))) continue;
    const reason = 'a symbolic link leads out of the vault';
    if (source === 'vault-file') throw new ArchiveRefusal(path, reason);
    taken.push({ path, reason });
    found.delete(path);
  }
  return taken;
}

/** Other tools leave folders out; with them in the list, the checks below see every name. */
function addMissingFolders(found: Map<string, ArchiveMember>): void {
  for (const path of found.keys()) {
    for (let folder = parentOf(path); folder !== ''; folder = parentOf(folder)) {
      const member = found.get(folder);
      if (member?.type === 'directory') break;
      if (member !== undefined) throw new ArchiveRefusal(path, `${folder} is not a folder`);
      const none = new Uint8Array();
      found.set(folder, { path: folder, type: 'directory', mode: 0o700, mtimeSeconds: 0, bytes: none, target: '' });
    }
  }
}

function assertNoTwins(found: ReadonlyMap<string, ArchiveMember>): void {
  const pathOfKey = new Map<string, string>();
  for (const path of found.keys()) {
    const key = toTwinKey(path);
    const twin = pathOfKey.get(key);
    if (twin !== undefined) throw new ArchiveRefusal(path, `its name differs from ${twin} only by case or composition`);
    pathOfKey.set(key, path);
  }
}

/** Counted as the tmpfs counts: whole pages. */
function assertFits(found: ReadonlyMap<string, ArchiveMember>): void {
  if (found.size > maxMembers) throw new ArchiveRefusal('', `it has more than ${maxMembers} members`);
  let total = 0;
  for (const { bytes } of found.values()) total += Math.ceil(bytes.length / pageBytes) * pageBytes;
  if (total > maxVaultBytes) throw new ArchiveRefusal('', 'it has more than 64 MiB');
}
