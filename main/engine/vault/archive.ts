import { once } from 'node:events';
import { createGunzip, createGzip } from 'node:zlib';
import { failWith } from '../failure.ts';
import { hashContent } from './content-hash.ts';
import { ArchiveRefusal, type ArchiveMember, type SkippedMember } from './member.ts';
import { checkMembers, type TarSource } from './members.ts';
import { sliceBytes, wipe } from './pace.ts';
import { readTar } from './tar-read.ts';
import { writeTar, type TarOwner } from './tar-write.ts';

export type { ArchiveMember, SkippedMember } from './member.ts';
export type { TarOwner } from './tar-write.ts';

/** What a vault holds, in clear and checked as a whole. Whoever has it ends with `wipeArchive`. */
export interface Archive {
  /** Sorted by path, so that folders come before what they hold. */
  readonly members: readonly ArchiveMember[];
  /** What the container's tmpfs held and a vault can't. */
  readonly skipped: readonly SkippedMember[];
  readonly fileCount: number;
  /** Bytes of all files together. */
  readonly totalBytes: number;
  /** 64 hex digits; see `hashContent`. */
  readonly contentHash: string;
}

/** The archive of a vault that was just made. */
export async function emptyArchive(): Promise<Archive> {
  return toArchive([], []);
}

/**
 * Unpacks the tar.gz of a vault file into memory and checks it as a whole.
 * @param folder the project's, for the words of a failure
 * @throws TazpodError `vault-archive-refused`, and then nothing of it is left in memory that we made
 */
export async function readArchive(packed: Uint8Array, folder: string): Promise<Archive> {
  const inflated: Uint8Array[] = [];
  try {
    return await toCheckedArchive(inflate(packed, inflated), 'vault-file');
  } catch (error) {
    if (!(error instanceof ArchiveRefusal)) throw error;
    throw failWith('vault-archive-refused', { folder, member: error.member, reason: error.message }, error);
  } finally {
    wipe(inflated);
  }
}

/**
 * Takes what `tar -c` in the container gives. Sockets, FIFOs, devices and links that lead out are left out and named.
 * @param chunks the tar, uncompressed; the caller wipes them
 * @throws TazpodError `vault-pack-failed` where the tar is damaged or cut off, `vault-member-unsavable` where a member
 *   can't be kept as it is
 */
export async function readContainerTar(chunks: AsyncIterable<Uint8Array>, folder: string): Promise<Archive> {
  try {
    return await toCheckedArchive(chunks, 'container');
  } catch (error) {
    if (!(error instanceof ArchiveRefusal)) throw error;
    const { member, message } = error;
    if (member === '') throw failWith('vault-pack-failed', { folder, reason: message }, error);
    throw failWith('vault-member-unsavable', { folder, member, reason: message }, error);
  }
}

/** The clean tar that goes into the container: folders first, relative names, one owner. */
export function toTar(archive: Archive, owner: TarOwner): Generator<Uint8Array> {
  return writeTar(archive.members, owner);
}

/** Packs the archive as the tar.gz of a vault file. The caller wipes the chunks. */
export async function packArchive(archive: Archive): Promise<Uint8Array[]> {
  const gzip = createGzip({ chunkSize: sliceBytes });
  const packed = collectChunks(gzip);
  for (const chunk of writeTar(archive.members, { uid: 1000, gid: 1000 })) {
    if (!gzip.write(chunk)) await once(gzip, 'drain');
  }
  gzip.end();
  return await packed;
}

/** Overwrites the files' bytes. */
export function wipeArchive(archive: Archive): void {
  for (const { bytes } of archive.members) bytes.fill(0);
}

async function toCheckedArchive(chunks: AsyncIterable<Uint8Array>, source: TarSource): Promise<Archive> {
  const entries = await readTar(chunks);
  try {
    const { members, skipped } = checkMembers(entries, source);
    return await toArchive(members, skipped);
  } catch (error) {
    for (const { bytes } of entries) bytes.fill(0);
    throw error;
  }
}

async function toArchive(members: readonly ArchiveMember[], skipped: readonly SkippedMember[]): Promise<Archive> {
  const files = members.filter(({ type }) => type === 'file');
  return {
    members,
    skipped,
    fileCount: files.length,
    totalBytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    contentHash: await hashContent(members),
  };
}

async function collectChunks(stream: AsyncIterable<unknown>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks;
}

/** Inflates slice by slice; whoever reads stops at the limit, so a bomb is never held. Keeps the chunks for wiping. */
async function* inflate(packed: Uint8Array, inflated: Uint8Array[]): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: sliceBytes });
  gunzip.end(packed);
  try {
    for await (const chunk of gunzip) {
      inflated.push(chunk as Buffer);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw new ArchiveRefusal('', 'the archive is damaged', error);
  }
}
