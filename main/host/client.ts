import { connect, type Socket } from 'node:net';
import type { Command } from '../../preload/contract/commands.ts';
import { toFailure, type Failure } from '../../preload/contract/errors.ts';
import type { CommandAnswer, Result } from '../../preload/contract/parse.ts';
import type { SessionRequest } from '../../preload/contract/session.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { reasonOf } from '../engine/failure.ts';
import { ClientConnection, type HostClosed } from './client-connection.ts';
import type { ClientSession, ClientSessionSink } from './client-session.ts';
import { protocolVersion, type HandoverPayload, type Hello } from './protocol.ts';

/** A connection to the host process. Every failure is a value; a lost host answers what is pending with `host-lost`. */
export interface HostClient {
  readonly hello: Hello;
  /** Whatever the command changed at once is in `snapshot` (if subscribed) before this resolves. */
  execute(command: Command): Promise<CommandAnswer>;
  /**
   * Follows the host's state. Resolves with the snapshot at the beginning; the listener is called with each later one.
   * Several listeners share one stream.
   */
  subscribe(listener: (snapshot: Snapshot) => void): Promise<Result<Snapshot>>;
  /** The newest snapshot; null before `subscribe` has resolved. */
  snapshot(): Snapshot | null;
  openSession(request: SessionRequest, sink: ClientSessionSink): Promise<Result<ClientSession>>;
  /** Asks the host to end; containers stay up. */
  quit(): Promise<CommandAnswer>;
  /** The app asks an agent for its turn. When it resolves, the socket is free. */
  requestHandover(): Promise<Result<HandoverPayload>>;
  /** Closes the connection; the host ends this client's sessions. */
  close(): void;
  /** Never rejects. After `handed-over`, connect again: another host is there. */
  readonly closed: Promise<HostClosed>;
}

export interface ConnectOptions {
  /**
   * Accept a host of another protocol version, for `quit` and `requestHandover` only: these keep their shape.
   */
  readonly anyProtocol?: boolean;
}

/**
 * Connects and waits for the host's greeting.
 * @returns `host-lost` where nobody answers, `protocol-mismatch`, or what the host refused with (`host-full`,
 * `host-stopping`)
 */
export async function connectHost(socketPath: string, options: ConnectOptions = {}): Promise<Result<HostClient>> {
  const socket = await connectSocket(socketPath);
  if (!socket.ok) return socket;
  const connection = new ClientConnection(socket.value);
  const greeted = await connection.greeted;
  if (!greeted.ok) {
    connection.close();
    return greeted;
  }
  const found = greeted.value.protocol;
  if (found !== protocolVersion && options.anyProtocol !== true) {
    connection.close();
    return { ok: false, failure: toFailure('protocol-mismatch', { found, needed: protocolVersion }) };
  }
  return { ok: true, value: toClient(connection, greeted.value) };
}

async function connectSocket(socketPath: string): Promise<Result<Socket>> {
  const { promise, resolve } = Promise.withResolvers<Result<Socket>>();
  const socket = connect({ path: socketPath });
  socket.once('connect', () => resolve({ ok: true, value: socket }));
  socket.once('error', (error) => {
    socket.destroy();
    resolve({ ok: false, failure: toFailure('host-lost', { reason: reasonOf(error) }) });
  });
  return promise;
}

function toClient(connection: ClientConnection, hello: Hello): HostClient {
  const execute = async (command: Command): Promise<CommandAnswer> => {
    const reply = await connection.ask({ type: 'execute', command });
    if (reply.type === 'answer') return reply.answer;
    return { accepted: false, failure: failureOfReply(reply) };
  };
  return {
    hello,
    execute,
    quit: () => execute({ type: 'quitHost' }),
    subscribe: (listener) => connection.subscribe(listener),
    snapshot: () => connection.snapshot,
    openSession: (request, sink) => connection.openSession(request, sink),
    requestHandover: async () => {
      const reply = await connection.ask({ type: 'handover' });
      if (reply.type === 'handedOver') return { ok: true, value: reply.payload };
      return { ok: false, failure: failureOfReply(reply) };
    },
    close: () => connection.close(),
    closed: connection.closed,
  };
}

function failureOfReply(reply: { readonly type: string; readonly failure?: Failure }): Failure {
  return reply.failure ?? toFailure('internal', { reason: `the host process answered with ${reply.type}` });
}
