import { once } from 'node:events';
import { extract, type Extract, type Header } from 'tar-stream';
import { maxMembers, maxTarBytes, maxVaultBytes } from './limits.ts';
import { ArchiveRefusal } from './member.ts';
import { startPace } from './pace.ts';

/** One entry as the tar gives it: nothing of it is checked yet. */
export interface TarEntry {
  readonly name: string;
  readonly type: NonNullable<Header['type']> | 'unknown';
  readonly mode: number;
  /** Seconds since the Unix epoch. */
  readonly mtimeSeconds: number;
  /** A file's bytes; empty for the others. */
  readonly bytes: Uint8Array;
  readonly linkName: string;
}

/** A tar ends in two blocks of zeros; one that does not was cut off. */
const endMarkerBytes = 1024;
/** Small enough that the headers in one piece are parsed within a turn of the event loop. */
const pieceBytes = 32 * 1024;

/**
 * Reads a whole tar into memory, long names of GNU and PAX included, and stops at the limits of a vault.
 * @param chunks the tar, uncompressed; memory of a chunk may be reused once the reading has ended
 * @throws ArchiveRefusal where it is damaged, cut off or too large; what `chunks` throws
 */
export async function readTar(chunks: AsyncIterable<Uint8Array>): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  const parser = extract();
  const end = endOf(parser);
  collect(parser, entries);
  try {
    await Promise.race([feed(parser, chunks), end]);
    await end;
  } catch (error) {
    parser.destroy(null);
    for (const { bytes } of entries) bytes.fill(0);
    throw error;
  }
  return entries;
}

/** Settles with the parser; a promise that nobody awaits yet must not count as unhandled. */
function endOf(parser: Extract): Promise<void> {
  const end = new Promise<void>((resolve, reject) => {
    parser.on('finish', resolve);
    parser.on('error', (error: unknown) => {
      reject(error instanceof ArchiveRefusal ? error : new ArchiveRefusal('', 'the archive is damaged', error));
    });
  });
  end.catch(() => {});
  return end;
}

async function feed(parser: Extract, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const pace = startPace();
  let length = 0;
  let zerosAtEnd = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > maxTarBytes) throw new ArchiveRefusal('', 'it is too large');
    zerosAtEnd = countZerosAtEnd(chunk, zerosAtEnd);
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      if (!parser.write(chunk.subarray(at, at + pieceBytes))) await once(parser, 'drain');
      await pace();
    }
  }
  if (length % 512 !== 0 || zerosAtEnd < endMarkerBytes) throw new ArchiveRefusal('', 'the archive is cut off');
  parser.end(null);
}

function countZerosAtEnd(chunk: Uint8Array, before: number): number {
  let count = 0;
  while (count < Math.min(chunk.length, endMarkerBytes) && chunk[chunk.length - 1 - count] === 0) count += 1;
  return count === chunk.length ? before + count : count;
}

function collect(parser: Extract, entries: TarEntry[]): void {
  let total = 0;
  parser.on('entry', (header, stream, next) => {
    // An error of the parser reaches the open entry too; it is told once, by the parser.
    stream.on('error', () => {});
    const size = header.type === 'file' ? (header.size ?? 0) : 0;
    total += size;
    const refusal = refusalOf(header, entries.length, total);
    if (refusal !== null) {
      next(refusal);
      return;
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    stream.on('data', (part) => {
      if (size === 0 || !(part instanceof Uint8Array)) return;
      bytes.set(part, at);
      at += part.length;
    });
    stream.on('end', () => {
      entries.push(toEntry(header, bytes));
      next();
    });
    stream.resume();
  });
}

function refusalOf(header: Header, count: number, totalBytes: number): ArchiveRefusal | null {
  if (count >= maxMembers) return new ArchiveRefusal('', `it has more than ${maxMembers} members`);
  if (totalBytes > maxVaultBytes) return new ArchiveRefusal(header.name, 'it has more than 64 MiB');
  const isSparse = Object.keys(paxOf(header)).some((key) => key.startsWith('GNU.sparse'));
  return isSparse ? new ArchiveRefusal(header.name, 'sparse files are not allowed') : null;
}

/** The PAX records; tar-stream types them as unknown. */
function paxOf({ pax }: Header): object {
  return typeof pax === 'object' && pax !== null ? pax : {};
}

function toEntry(header: Header, bytes: Uint8Array): TarEntry {
  const seconds = Math.trunc((header.mtime?.getTime() ?? 0) / 1000);
  return {
    name: header.name,
    type: header.type ?? 'unknown',
    mode: header.mode ?? 0,
    mtimeSeconds: Number.isSafeInteger(seconds) ? Math.min(Math.max(seconds, 0), 0o77777777777) : 0,
    bytes,
    linkName: header.linkname ?? '',
  };
}
