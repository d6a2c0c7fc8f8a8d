import type { Socket } from 'node:net';
import { toFailure, type Failure } from '../../preload/contract/errors.ts';
import type { Result } from '../../preload/contract/parse.ts';
import type { SessionRequest } from '../../preload/contract/session.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { assertNever } from '../engine/assert-never.ts';
import { SessionOutput, type ClientSession, type ClientSessionSink } from './client-session.ts';
import { FramedSocket } from './framed-socket.ts';
import { maxJsonBytes, type Frame } from './frames.ts';
import { parseHostMessage, type ClientMessage, type Hello, type HostMessage, type HostStopReason } from './protocol.ts';
import { applySnapshotChange } from '../../preload/contract/snapshot-change.ts';

type DistributiveOmit<Type, Key extends PropertyKey> = Type extends unknown ? Omit<Type, Key> : never;
type Request = DistributiveOmit<Extract<ClientMessage, { request: number }>, 'request'>;
/** What can come back for a request. */
export type Reply = Extract<HostMessage, { request: number | null }>;

/** How a connection ended: the host said why it stops, we closed it, or it broke. */
export type HostClosed =
  | { readonly by: 'host'; readonly reason: HostStopReason }
  | { readonly by: 'us' }
  | { readonly by: 'loss'; readonly reason: string };

/** The client's end of the protocol: requests and their replies, the snapshot, sessions by number. */
export class ClientConnection {
  readonly #connection: FramedSocket;
  readonly #pending = new Map<number, (reply: Reply) => void>();
  readonly #sessions = new Map<number, SessionOutput>();
  readonly #listeners = new Set<(snapshot: Snapshot) => void>();
  readonly #greeted = Promise.withResolvers<Result<Hello>>();
  readonly #closed = Promise.withResolvers<HostClosed>();
  #nextRequest = 0;
  #subscription: Promise<Reply> | null = null;
  #snapshot: Snapshot | null = null;
  #hostReason: HostStopReason | null = null;
  #closedByUs = false;
  #lost: Failure | null = null;

  constructor(socket: Socket) {
    this.#connection = new FramedSocket(socket, maxJsonBytes, {
      onFrame: (frame) => this.#receive(frame),
      onClosed: (reason) => this.#close(reason ?? 'it closed the connection'),
    });
  }

  get greeted(): Promise<Result<Hello>> {
    return this.#greeted.promise;
  }

  get closed(): Promise<HostClosed> {
    return this.#closed.promise;
  }

  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** Sends a request and waits for its reply; a lost host replies `refused` with `host-lost`. Never rejects. */
  async ask(message: Request): Promise<Reply> {
    return this.#send(message).reply;
  }

  async subscribe(listener: (snapshot: Snapshot) => void): Promise<Result<Snapshot>> {
    this.#subscription ??= this.ask({ type: 'subscribe' });
    const reply = await this.#subscription;
    if (this.#snapshot === null) return { ok: false, failure: refusalOf(reply) };
    // Added in the same turn as the snapshot is returned: no change is missed in between.
    this.#listeners.add(listener);
    return { ok: true, value: this.#snapshot };
  }

  async openSession(session: SessionRequest, sink: ClientSessionSink): Promise<Result<ClientSession>> {
    const { request, reply } = this.#send({ type: 'openSession', session: session });
    const output = new SessionOutput(request, this.#connection, sink);
    this.#sessions.set(request, output);
    const answer = await reply;
    if (answer.type === 'sessionOpened') return { ok: true, value: output };
    this.#sessions.delete(request);
    return { ok: false, failure: refusalOf(answer) };
  }

  close(): void {
    this.#closedByUs = true;
    this.#connection.endAndForget();
  }

  #send(message: Request): { readonly request: number; readonly reply: Promise<Reply> } {
    const request = this.#nextRequest;
    this.#nextRequest += 1;
    const { promise, resolve } = Promise.withResolvers<Reply>();
    if (this.#lost !== null) resolve({ type: 'refused', request, failure: this.#lost });
    else {
      this.#pending.set(request, resolve);
      this.#connection.sendJson({ ...message, request });
    }
    return { request, reply: promise };
  }

  #receive(frame: Frame): void {
    if (frame.kind === 'session') {
      this.#sessions.get(frame.session)?.receive(frame.bytes, frame.stream);
      return;
    }
    const message = parseHostMessage(frame.value);
    if ('fault' in message) this.#connection.destroy(`the host process sent what is no message: ${message.fault}`);
    else this.#handle(message);
  }

  #handle(message: HostMessage): void {
    switch (message.type) {
      case 'hello':
        return this.#greeted.resolve({ ok: true, value: message });
      case 'subscribed':
        this.#snapshot = message.snapshot;
        return this.#reply(message.request, message);
      case 'change':
        return this.#change(message);
      case 'answer':
      case 'sessionOpened':
      case 'handedOver':
        return this.#reply(message.request, message);
      case 'refused':
        if (message.request === null) return this.#greeted.resolve({ ok: false, failure: message.failure });
        return this.#reply(message.request, message);
      case 'taken':
        return this.#taken(message.session, message.bytes);
      case 'sessionEnded':
        this.#sessions.get(message.session)?.finish(message.end);
        return void this.#sessions.delete(message.session);
      case 'stopping':
        this.#hostReason = message.reason;
        return undefined;
      default:
        return assertNever(message);
    }
  }

  #change({ change }: Extract<HostMessage, { type: 'change' }>): void {
    if (this.#snapshot === null) return this.#connection.destroy('the host process sent a change of nothing');
    const snapshot = applySnapshotChange(this.#snapshot, change);
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener(snapshot);
  }

  #taken(session: number, bytes: number): void {
    if (this.#sessions.get(session)?.take(bytes) === false) {
      this.#connection.destroy('the host process took more input than it was sent');
    }
  }

  #reply(request: number, reply: Reply): void {
    const resolve = this.#pending.get(request);
    this.#pending.delete(request);
    resolve?.(reply);
  }

  #close(reason: string): void {
    const failure = toFailure('host-lost', { reason });
    this.#lost = failure;
    this.#greeted.resolve({ ok: false, failure });
    for (const [request, resolve] of this.#pending) resolve({ type: 'refused', request, failure });
    this.#pending.clear();
    // The contract has no word for a lost host: seen from a session, it is its way to the engine that broke.
    for (const output of this.#sessions.values())
      output.finish({ reason: this.#closedByUs ? 'closed' : 'engine-lost' });
    this.#sessions.clear();
    if (this.#closedByUs) this.#closed.resolve({ by: 'us' });
    else if (this.#hostReason === null) this.#closed.resolve({ by: 'loss', reason });
    else this.#closed.resolve({ by: 'host', reason: this.#hostReason });
  }
}

function refusalOf(reply: Reply): Failure {
  if (reply.type === 'refused') return reply.failure;
  return toFailure('internal', { reason: `the host process answered with ${reply.type}` });
}
