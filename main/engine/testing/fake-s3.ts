import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the fake saw it. */
export interface SeenRequest {
  /** For example `HEAD /vaults/tazpod/projects/a/vault.tar.aes`. */
  readonly line: string;
  /** The id of the key that signed it; null where none did. */
  readonly accessKeyId: string | null;
  /** Milliseconds, by `performance.now()`. */
  readonly atMs: number;
}

/** A fake of an S3 service that counts: objects in memory, conditions honoured, no signature checked. */
export interface FakeS3 {
  readonly endpoint: string;
  /** What came since the last call. */
  takeRequests(): readonly SeenRequest[];
  close(): Promise<void>;
}

interface StoredObject {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export async function openFakeS3(): Promise<FakeS3> {
  const objects = new Map<string, StoredObject>();
  let seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    const accessKeyId = /Credential=(?<id>[^/]*)\//u.exec(request.headers.authorization ?? '')?.groups?.['id'] ?? null;
    seen.push({ line: `${method} ${url}`, accessKeyId, atMs: performance.now() });
    void answer(objects, request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    takeRequests: () => {
      const taken = seen;
      seen = [];
      return taken;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  objects: Map<string, StoredObject>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = Buffer.concat(await request.toArray());
  const url = new URL(request.url ?? '/', 'http://fake');
  const key = decodeURIComponent(url.pathname);
  const found = objects.get(key);
  switch (request.method) {
    case 'PUT': {
      const { 'if-match': match, 'if-none-match': noneMatch } = request.headers;
      const isRefused =
        (noneMatch === '*' && found !== undefined) ||
        (match !== undefined && match.replaceAll('"', '') !== found?.etag);
      if (isRefused) return void response.writeHead(412).end();
      const etag = createHash('md5').update(bytes).digest('hex');
      objects.set(key, { bytes, etag, metadata: metadataOf(request) });
      return void response.writeHead(200, { etag: `"${etag}"` }).end();
    }
    case 'DELETE':
      objects.delete(key);
      return void response.writeHead(204).end();
    default: {
      if (url.searchParams.has('list-type')) return void response.writeHead(200).end(listOf(objects, url));
      if (found === undefined) return void response.writeHead(404).end();
      const headers = { etag: `"${found.etag}"`, 'content-length': found.bytes.length, ...found.metadata };
      response.writeHead(200, { 'last-modified': new Date().toUTCString(), ...headers });
      return void response.end(request.method === 'HEAD' ? undefined : found.bytes);
    }
  }
}

function metadataOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') && typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

function listOf(objects: ReadonlyMap<string, StoredObject>, url: URL): string {
  const bucket = `${url.pathname.replace(/\/$/u, '')}/`;
  const prefix = `${bucket}${url.searchParams.get('prefix') ?? ''}`;
  const keys = [...objects].filter(([key]) => key.startsWith(prefix));
  const contents = keys.map(
    ([key, { bytes }]) => `<Contents><Key>${key.slice(bucket.length)}</Key><Size>${bytes.length}</Size></Contents>`,
  );
  return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`;
}
