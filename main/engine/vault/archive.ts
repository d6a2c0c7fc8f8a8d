import { Readable } from 'node:stream';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { failWith } from '../failure.ts';
import { hashContent } from './content-hash.ts';
import { ArchiveRefusal, type ArchiveMember, type SkippedMember } from './member.ts';
import { checkMembers, type TarSource } from './members.ts';
import { sliceBytes, slicesOf, wipe } from './pace.ts';
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
    return await toCheckedArchive(inflate(slicesOf(packed), inflated), 'vault-file');
  } catch (error) {
    if (!(error instanceof ArchiveRefusal)) throw error;
    throw failWith('vault-archive-refused', { folder, member: error.member, reason: error.message }, error);
  } finally {
    await wipe(inflated);
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

/**
 * Packs the archive as the tar.gz of a vault file, and unpacks it again at the same time, on another thread: what comes
 * out is proven to hold the same. The caller wipes the chunks.
 * @throws Error where it does not
 */
export async function packArchive(archive: Archive): Promise<Uint8Array[]> {
  const gzip = createGzip({ chunkSize: sliceBytes });
  const packed: Uint8Array[] = [];
  const inflated: Uint8Array[] = [];
  const proof = toCheckedArchive(inflate(keepChunks(gzip, packed), inflated), 'vault-file');
  try {
    const [again] = await Promise.all([proof, compress(gzip, archive)]);
    await wipe(again.members.map(({ bytes }) => bytes));
    if (again.contentHash !== archive.contentHash) throw new Error('what was packed does not unpack to the same');
    return packed;
  } catch (error) {
    gzip.destroy();
    await wipe(packed);
    throw error;
  } finally {
    await wipe(inflated);
  }
}

/** In large pieces of one buffer: each write is a way to another thread and back, and nothing of it stays in memory. */
async function compress(gzip: Gzip, archive: Archive): Promise<void> {
  const piece = new Uint8Array(4 * sliceBytes);
  const write = async (length: number): Promise<void> => {
    await new Promise<void>((resolve, reject) => {
      gzip.write(piece.subarray(0, length), (error) => {
        if (error instanceof Error) reject(error);
        else resolve();
      });
    });
  };
  let filled = 0;
  for (const chunk of writeTar(archive.members, { uid: 1000, gid: 1000 })) {
    for (let at = 0; at < chunk.length;) {
      const part = chunk.subarray(at, at + piece.length - filled);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < piece.length) continue;
      await write(filled);
      filled = 0;
    }
  }
  await write(filled);
  gzip.end();
  piece.fill(0);
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

async function* keepChunks(stream: AsyncIterable<unknown>, kept: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    kept.push(chunk as Buffer);
    yield chunk as Buffer;
  }
}

/** Inflates slice by slice; whoever reads stops at the limit, so a bomb is never held. Keeps the chunks for wiping. */
async function* inflate(
  packed: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  inflated: Uint8Array[],
): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: sliceBytes });
  const source = Readable.from(packed);
  source.on('error', (error) => gunzip.destroy(error)).pipe(gunzip);
  try {
    for await (const chunk of gunzip) {
      inflated.push(chunk as Buffer);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw new ArchiveRefusal('', 'the archive is damaged', error);
  }
}
