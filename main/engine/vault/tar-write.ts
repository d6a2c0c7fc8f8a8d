import type { ArchiveMember } from './member.ts';

/**
 * Writes a tar in GNU's format: names of any length and in UTF-8 as they are. Every tar reads it, BusyBox's and the
 * Go tool's included, while PAX headers are lost on BusyBox.
 */

/** Numeric owner that the members get. */
export interface TarOwner {
  readonly uid: number;
  readonly gid: number;
}

const blockBytes = 512;
const nameFieldBytes = 100;
const typeFlags = { file: '0', symlink: '2', directory: '5', longTarget: 'K', longName: 'L' } as const;

/** The tar, chunk by chunk: headers are new, the members' bytes are theirs. */
export function* writeTar(members: readonly ArchiveMember[], owner: TarOwner): Generator<Uint8Array> {
  for (const member of members) {
    const name = Buffer.from(member.type === 'directory' ? `${member.path}/` : member.path, 'utf8');
    const target = Buffer.from(member.target, 'utf8');
    if (target.length > nameFieldBytes) yield* toLongEntry('longTarget', target);
    if (name.length > nameFieldBytes) yield* toLongEntry('longName', name);
    yield toHeader({ ...member, ...owner, name, target, size: member.bytes.length });
    if (member.bytes.length > 0) yield member.bytes;
    yield paddingAfter(member.bytes.length);
  }
  yield new Uint8Array(2 * blockBytes);
}

function* toLongEntry(type: 'longName' | 'longTarget', text: Uint8Array): Generator<Uint8Array> {
  const bytes = Buffer.concat([text, Buffer.alloc(1)]);
  const name = Buffer.from('././@LongLink');
  const none = Buffer.alloc(0);
  yield toHeader({ type, name, target: none, mode: 0, uid: 0, gid: 0, mtimeSeconds: 0, size: bytes.length });
  yield bytes;
  yield paddingAfter(bytes.length);
}

interface HeaderFields extends TarOwner {
  readonly type: keyof typeof typeFlags;
  readonly name: Uint8Array;
  readonly target: Uint8Array;
  readonly mode: number;
  readonly mtimeSeconds: number;
  readonly size: number;
}

function toHeader({ type, name, target, mode, uid, gid, mtimeSeconds, size }: HeaderFields): Uint8Array {
  const header = Buffer.alloc(blockBytes);
  header.set(name.subarray(0, nameFieldBytes), 0);
  header.write(toOctal(mode, 8), 100, 'latin1');
  header.write(toOctal(uid, 8), 108, 'latin1');
  header.write(toOctal(gid, 8), 116, 'latin1');
  header.write(toOctal(size, 12), 124, 'latin1');
  header.write(toOctal(mtimeSeconds, 12), 136, 'latin1');
  // The checksum counts its own field as spaces.
  header.fill(' ', 148, 156);
  header.write(typeFlags[type], 156, 'latin1');
  header.set(target.subarray(0, nameFieldBytes), 157);
  header.write('ustar  \0', 257, 'latin1');
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** Octal digits and a NUL, together `width` characters; every value here fits. */
function toOctal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

function paddingAfter(length: number): Uint8Array {
  return new Uint8Array((blockBytes - (length % blockBytes)) % blockBytes);
}
