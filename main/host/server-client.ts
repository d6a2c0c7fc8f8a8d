import type { Socket } from 'node:net';
import { toFailure } from '../../preload/contract/errors.ts';
import { parseCommand, type CommandAnswer } from '../../preload/contract/parse.ts';
import { assertNever } from '../engine/assert-never.ts';
import { failureOf, reasonOf } from '../engine/failure.ts';
import { ClientSessions } from './client-sessions.ts';
import { FramedSocket } from './framed-socket.ts';
import type { Frame } from './frames.ts';
import { maxClientJsonBytes, maxPendingRequests } from './limits.ts';
import { parseClientMessage, type ClientMessage, type HostMessage, type HostStopReason } from './protocol.ts';
import { SnapshotPublisher } from './publisher.ts';
import type { ServerContext } from './server-context.ts';

/** One client's connection, as the host sees it. Whatever breaks the protocol closes this connection and nothing else. */
export class ServerClient {
  readonly #context: ServerContext;
  readonly #connection: FramedSocket;
  readonly #sessions: ClientSessions;
  readonly #pending = new Set<Promise<void>>();
  readonly #onClosed: () => void;
  #publisher: SnapshotPublisher | null = null;
  #unsubscribe: (() => void) | null = null;
  #leaving = false;

  constructor(socket: Socket, context: ServerContext, onClosed: () => void) {
    this.#context = context;
    this.#onClosed = onClosed;
    this.#connection = new FramedSocket(socket, maxClientJsonBytes, {
      onFrame: (frame) => this.#receive(frame),
      onClosed: (reason) => this.#close(reason),
    });
    this.#sessions = new ClientSessions({
      context,
      connection: this.#connection,
      onOpening: () => this.#publisher?.flush(),
      onDropped: () => this.#endIfDone(),
    });
    this.#send({ type: 'hello', ...context.hello });
  }

  get sessionCount(): number {
    return this.#sessions.count;
  }

  /** Tells the client that the host lets go, and closes once its last session has ended. */
  leave(reason: HostStopReason): void {
    if (this.#leaving) return;
    this.#send({ type: 'stopping', reason });
    this.#leaving = true;
    this.#endIfDone();
  }

  /** Resolves when every request taken so far is answered. */
  async answered(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Ends the connection after all that was sent, sessions or not. */
  end(): void {
    this.#connection.end();
  }

  destroy(reason: string): void {
    this.#connection.destroy(reason);
  }

  #send(message: HostMessage): void {
    this.#connection.sendJson(message);
  }

  #receive(frame: Frame): void {
    if (frame.kind === 'session') {
      if (frame.stream === 'error') return this.#connection.destroy('it sent error output');
      return this.#sessions.write(frame.session, frame.bytes);
    }
    const message = parseClientMessage(frame.value);
    if ('fault' in message) return this.#connection.destroy(`it sent what is no message: ${message.fault}`);
    return this.#handle(message);
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case 'execute':
        return this.#take(message.request, () => this.#execute(message.request, message.command));
      case 'subscribe':
        return this.#subscribe(message.request);
      case 'openSession':
        return this.#take(message.request, () => this.#sessions.open(message.request, message.session));
      case 'handover':
        return this.#take(message.request, () => this.#handOver(message.request));
      case 'resize':
        return this.#sessions.resize(message.session, message.size);
      case 'acknowledge':
        return this.#sessions.acknowledge(message.session, message.bytes);
      case 'endInput':
        return this.#sessions.endInput(message.session);
      case 'endSession':
        return this.#sessions.end(message.session);
      default:
        return assertNever(message);
    }
  }

  /** Runs a request beside the others. Refused while the host lets go, and when too many of this client's wait. */
  #take(request: number, run: () => Promise<void>): void {
    const full = toFailure('host-full', { what: 'waiting requests of one client', limit: maxPendingRequests });
    const refusal = this.#context.refusal() ?? (this.#pending.size < maxPendingRequests ? null : full);
    if (refusal !== null) return this.#send({ type: 'refused', request, failure: refusal });
    const work = run()
      .catch((error: unknown) => {
        this.#context.log(`a request failed: ${reasonOf(error)}`);
        this.#send({ type: 'refused', request, failure: failureOf(error) });
      })
      .finally(() => this.#pending.delete(work));
    this.#pending.add(work);
  }

  async #execute(request: number, command: unknown): Promise<void> {
    const parsed = parseCommand(command);
    const answer: CommandAnswer = parsed.ok
      ? await this.#context.engine.execute(parsed.value)
      : { accepted: false, failure: parsed.failure };
    this.#publisher?.flush();
    this.#send({ type: 'answer', request, answer });
  }

  #subscribe(request: number): void {
    if (this.#publisher !== null) return this.#connection.destroy('it subscribed twice');
    const first = this.#context.engine.snapshot();
    const publisher = new SnapshotPublisher({
      first,
      send: async (change) => {
        this.#send({ type: 'change', change });
        await this.#connection.written();
      },
    });
    this.#send({ type: 'subscribed', request, snapshot: first });
    this.#publisher = publisher;
    this.#unsubscribe = this.#context.engine.subscribe((snapshot) => publisher.publish(snapshot));
  }

  async #handOver(request: number): Promise<void> {
    const payload = await this.#context.handOver();
    this.#send({ type: 'handedOver', request, payload });
  }

  #endIfDone(): void {
    if (this.#leaving && this.#sessions.count === 0) void this.answered().then(() => this.#connection.end());
  }

  #close(reason: string | null): void {
    this.#unsubscribe?.();
    this.#publisher?.close();
    if (reason !== null) this.#context.log(`closed the connection of a client: ${reason}`);
    this.#sessions.abandonAll();
    this.#onClosed();
  }
}
