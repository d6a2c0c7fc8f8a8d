import type { Socket } from 'node:net';
import { toFailure, type Failure } from '../../preload/contract/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { encodeJsonFrame } from './frames.ts';
import { closeGraceMs, maxClients, maxSessions } from './limits.ts';
import type { HandoverPayload, Hello, HostMessage, HostStopReason } from './protocol.ts';
import { ServerClient } from './server-client.ts';
import type { ServerContext } from './server-context.ts';

export interface HostServerOptions {
  readonly engine: Engine;
  readonly hello: Hello;
  readonly log: (line: string) => void;
  /** The app asks for its turn: lets go of the socket and tells what the new host needs. Asked once. */
  readonly onHandover: () => Promise<HandoverPayload>;
  /** Called after each client that came or went. */
  readonly onClientsChanged: () => void;
}

/** Serves the engine to clients. It owns connections, not the listening socket. */
export interface HostServer {
  /** Takes a connection that was accepted paused. */
  accept(socket: Socket): void;
  readonly clientCount: number;
  readonly sessionCount: number;
  /** No more requests; each client is told why and goes when its last session has ended. */
  leave(reason: HostStopReason): void;
  /** Resolves when all requests taken so far are answered. */
  answered(): Promise<void>;
  /** Ends all connections after what was sent; a client that does not read is cut off after a grace. */
  close(): Promise<void>;
  /** Resolves when the last client has gone. */
  emptied(): Promise<void>;
}

export function serveHost(options: HostServerOptions): HostServer {
  const clients = new Set<ServerClient>();
  let sessionSlots = maxSessions;
  let refusal: Failure | null = null;
  let waiting: (() => void)[] = [];

  const context: ServerContext = {
    engine: options.engine,
    hello: options.hello,
    log: options.log,
    refusal: () => refusal,
    takeSessionSlot: () => {
      if (sessionSlots === 0) return false;
      sessionSlots -= 1;
      return true;
    },
    freeSessionSlot: () => (sessionSlots += 1),
    handOver: () => {
      refusal = toFailure('host-stopping', { reason: 'another one takes over' });
      return options.onHandover();
    },
  };

  const forget = (client: ServerClient): void => {
    clients.delete(client);
    if (clients.size === 0) for (const resolve of waiting.splice(0)) resolve();
    options.onClientsChanged();
  };

  return {
    get clientCount() {
      return clients.size;
    },
    get sessionCount() {
      return maxSessions - sessionSlots;
    },
    accept: (socket) => {
      const failure =
        refusal ?? (clients.size < maxClients ? null : toFailure('host-full', { what: 'clients', limit: maxClients }));
      if (failure !== null) return turnAway(socket, failure);
      const client: ServerClient = new ServerClient(socket, context, () => forget(client));
      clients.add(client);
      return options.onClientsChanged();
    },
    leave: (reason) => {
      refusal ??= toFailure('host-stopping', { reason: describeStop(reason) });
      for (const client of clients) client.leave(reason);
    },
    answered: async () => {
      await Promise.all(Array.from(clients, (client) => client.answered()));
    },
    close: async () => {
      for (const client of clients) client.end();
      const cut = setTimeout(() => {
        for (const client of clients) client.destroy('it did not read the rest in time');
      }, closeGraceMs);
      await emptied();
      clearTimeout(cut);
    },
    emptied,
  };

  async function emptied(): Promise<void> {
    if (clients.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting = [...waiting, resolve];
    await promise;
  }
}

/** Answers a connection that can't be served, in place of the greeting. */
function turnAway(socket: Socket, failure: Failure): void {
  const message: HostMessage = { type: 'refused', request: null, failure };
  socket.on('error', () => socket.destroy());
  socket.setTimeout(closeGraceMs, () => socket.destroy());
  // What it sends is thrown away; without reading, its end would never be seen.
  socket.resume();
  socket.end(encodeJsonFrame(message));
}

function describeStop(reason: HostStopReason): string {
  const words: Record<HostStopReason, string> = {
    quit: 'it was asked to quit',
    signal: 'the system ended it',
    idle: 'nothing is up',
    'handed-over': 'another one took over',
    failed: 'it met a failure of its own',
  };
  return words[reason];
}
