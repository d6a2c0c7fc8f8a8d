import { toFailure } from '../../preload/contract/errors.ts';
import type { SessionRequest, TerminalSize } from '../../preload/contract/session.ts';
import { reasonOf } from '../engine/failure.ts';
import type { FramedSocket } from './framed-socket.ts';
import { maxSessions } from './limits.ts';
import type { HostMessage } from './protocol.ts';
import type { ServerContext } from './server-context.ts';
import { SessionFlow } from './session-flow.ts';

interface ClientSessionsOptions {
  readonly context: ServerContext;
  readonly connection: FramedSocket;
  /** Called before a client is told that its session is open. */
  readonly onOpening: () => void;
  /** Called when a session is gone from here. */
  readonly onDropped: () => void;
}

/** The sessions of one client, by the number of the request that opened them. */
export class ClientSessions {
  readonly #options: ClientSessionsOptions;
  readonly #flows = new Map<number, SessionFlow>();
  #abandoned = false;

  constructor(options: ClientSessionsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#flows.size;
  }

  async open(number: number, request: SessionRequest): Promise<void> {
    const { context, connection, onOpening } = this.#options;
    if (this.#flows.has(number)) return connection.destroy(`it opened session ${number} twice`);
    if (!context.takeSessionSlot()) {
      const failure = toFailure('host-full', { what: 'open sessions', limit: maxSessions });
      return this.#send({ type: 'refused', request: number, failure });
    }
    const flow = this.#add(number);
    const opened = await context.engine.openSession(request, flow).catch((error: unknown) => {
      this.#drop(number);
      throw error;
    });
    if (!opened.ok) {
      this.#send({ type: 'refused', request: number, failure: opened.failure });
      return this.#drop(number);
    }
    onOpening();
    this.#send({ type: 'sessionOpened', request: number });
    flow.attach(opened.value);
    // The client left while the session opened.
    if (this.#abandoned) await this.#abandon(number, flow);
  }

  /** Keys typed while a session ended find nothing, which is nothing wrong. */
  write(number: number, bytes: Uint8Array): void {
    if (this.#flows.get(number)?.write(bytes) === false) {
      this.#options.connection.destroy(`it sent more input of session ${number} than it may before it is taken`);
    }
  }

  endInput(number: number): void {
    this.#flows.get(number)?.endInput();
  }

  resize(number: number, size: TerminalSize): void {
    this.#flows.get(number)?.resize(size);
  }

  acknowledge(number: number, bytes: number): void {
    if (this.#flows.get(number)?.acknowledge(bytes) === false) {
      this.#options.connection.destroy(`it acknowledged more of session ${number} than it was sent`);
    }
  }

  end(number: number): void {
    const flow = this.#flows.get(number);
    flow?.end().catch((error: unknown) => this.#options.context.log(`a session did not end: ${reasonOf(error)}`));
  }

  /** The client is gone, also by kill -9: a shell must not outlive its terminal. */
  abandonAll(): void {
    this.#abandoned = true;
    for (const [number, flow] of this.#flows) void this.#abandon(number, flow);
  }

  #add(number: number): SessionFlow {
    const { connection } = this.#options;
    const flow = new SessionFlow({
      send: (bytes, stream) => connection.sendSessionBytes(number, bytes, stream),
      onTaken: (bytes) => this.#send({ type: 'taken', session: number, bytes }),
      onEnded: (end) => {
        this.#send({ type: 'sessionEnded', session: number, end });
        this.#drop(number);
      },
    });
    this.#flows.set(number, flow);
    return flow;
  }

  #drop(number: number): void {
    if (this.#flows.delete(number)) this.#options.context.freeSessionSlot();
    this.#options.onDropped();
  }

  async #abandon(number: number, flow: SessionFlow): Promise<void> {
    try {
      await flow.abandon();
    } catch (error) {
      this.#options.context.log(`the session of a client that left did not end: ${reasonOf(error)}`);
    } finally {
      this.#drop(number);
    }
  }

  #send(message: HostMessage): void {
    this.#options.connection.sendJson(message);
  }
}
