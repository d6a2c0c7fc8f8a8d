import { connect, createServer, type Socket } from 'node:net';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { createRequestCounter } from './request-counter.ts';

/** A socket that passes everything on to the engine, byte for byte, and notes each request. */
export interface CountingProxy {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Method and path of each request since the last call. */
  takeRequests(): readonly string[];
}

export async function openProxy(bench: Bench, name: string): Promise<CountingProxy> {
  const { connection } = bench;
  const socketPath = path.join(bench.root, `${name}.sock`);
  const sockets = new Set<Socket>();
  let requests: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const engine = connect({
      ...('socketPath' in connection ? { path: connection.socketPath } : connection),
      allowHalfOpen: true,
    });
    const count = createRequestCounter((request) => requests.push(request));
    client.on('data', count);
    client.pipe(engine);
    engine.pipe(client);
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      sockets.add(socket);
      socket.once('error', () => other.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  bench.atEnd(async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return {
    host: `unix://${socketPath}`,
    takeRequests: () => {
      const taken = requests;
      requests = [];
      return taken;
    },
  };
}
