/** One file, folder or link of a vault, checked: nothing in it leads out of the vault. */
export interface ArchiveMember {
  /** Relative, parts joined by `/`, without `.`, `..`, an empty part or a slash at the end. */
  readonly path: string;
  readonly type: 'directory' | 'file' | 'symlink';
  /** Permission bits only, 0 to 0o777. */
  readonly mode: number;
  /** Whole seconds since the Unix epoch. */
  readonly mtimeSeconds: number;
  /** A file's bytes; empty for the others. */
  readonly bytes: Uint8Array;
  /** Where a symlink points, relative; empty for the others. */
  readonly target: string;
}

/** Something that a container's tmpfs holds and a vault can't, such as a socket. */
export interface SkippedMember {
  readonly path: string;
  readonly reason: string;
}

/** Why an archive is refused as a whole; the callers turn it into a failure with a code. */
export class ArchiveRefusal extends Error {
  /** Name as the archive gives it; empty where the archive as a whole is meant. */
  readonly member: string;

  constructor(member: string, reason: string, cause?: unknown) {
    super(reason, { cause });
    this.name = 'ArchiveRefusal';
    this.member = member;
  }
}
