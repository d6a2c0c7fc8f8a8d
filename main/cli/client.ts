import type { Command } from '../../preload/contract/commands.ts';
import { toFailure } from '../../preload/contract/errors.ts';
import type { CommandAnswer, Result } from '../../preload/contract/parse.ts';
import type { SessionRequest } from '../../preload/contract/session.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { CliFailure, cliFailure } from './failure.ts';
import type { CliHost, CliSession, CliSessionSink } from './host.ts';

type Accepted = Extract<CommandAnswer, { accepted: true }>;
type Listener = (snapshot: Snapshot) => void;

/**
 * One connection with its newest snapshot. A lost connection reaches every waiting call as the failure `host-lost`.
 */
export class Client {
  readonly #host: CliHost;
  readonly #listeners = new Set<Listener>();
  readonly #lost: Promise<CliFailure>;
  #snapshot: Snapshot | null = null;

  private constructor(host: CliHost) {
    this.#host = host;
    this.#lost = host.closed.then(({ by, reason }) =>
      cliFailure('host-lost', {
        reason: by === 'host' ? `it ended (${reason ?? 'quit'})` : (reason ?? 'it was closed'),
      }),
    );
  }

  /** Subscribes and resolves with the first snapshot there. */
  static async attach(host: CliHost): Promise<Client> {
    const client = new Client(host);
    const first = await client.#orLost(
      host.subscribe((snapshot) => {
        client.#snapshot = snapshot;
        for (const listener of client.#listeners) listener(snapshot);
      }),
    );
    if (!first.ok) throw new CliFailure(first.failure);
    if (client.#snapshot === null || client.#snapshot.revision < first.value.revision) client.#snapshot = first.value;
    return client;
  }

  get snapshot(): Snapshot {
    if (this.#snapshot === null) throw new Error('the client has no snapshot yet');
    return this.#snapshot;
  }

  /** Resolves when the connection has ended. */
  get lost(): Promise<CliFailure> {
    return this.#lost;
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The first value that `pick` finds in this snapshot or a later one. Throws `host-lost`. */
  async until<Value>(pick: (snapshot: Snapshot) => Value | undefined): Promise<Value> {
    const now = pick(this.snapshot);
    if (now !== undefined) return now;
    const later = Promise.withResolvers<Value>();
    const stop = this.onChange((snapshot) => {
      const value = pick(snapshot);
      if (value !== undefined) later.resolve(value);
    });
    try {
      return await this.#orLost(later.promise);
    } finally {
      stop();
    }
  }

  /** Sends a command; a refusal is thrown as a CliFailure. */
  async execute(command: Command): Promise<Accepted> {
    const answer = await this.ask(command);
    if (!answer.accepted) throw new CliFailure(answer.failure);
    return answer;
  }

  /** Sends a command; a refusal is returned. */
  ask(command: Command): Promise<CommandAnswer> {
    return this.#orLost(this.#host.execute(command));
  }

  openSession(request: SessionRequest, sink: CliSessionSink): Promise<Result<CliSession>> {
    return this.#orLost(this.#host.openSession(request, sink));
  }

  close(): void {
    this.#host.close();
  }

  async #orLost<Value>(work: Promise<Value>): Promise<Value> {
    const result = await Promise.race([work, this.#lost]);
    if (result instanceof CliFailure) throw result;
    return result;
  }
}

/** Waits until the engine's state is known, by event; throws its failure where it is away. */
export async function ensureEngine(client: Client): Promise<void> {
  const engine = await settledEngine(client);
  if (engine.status === 'away') throw new CliFailure(engine.failure, 4);
}

/** Waits until the engine is no longer being connected to. A host that never says so is as good as no engine. */
export async function settledEngine(client: Client, limitMs = 15_000): Promise<Snapshot['engine']> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Snapshot['engine']>((resolve) => {
    timer = setTimeout(() => {
      const { engine } = client.snapshot;
      const tried = engine.status === 'connecting' ? [engine.endpoint] : [];
      resolve({ status: 'away', failure: toFailure('engine-unreachable', { tried }) });
    }, limitMs);
  });
  try {
    return await Promise.race([
      limit,
      client.until(({ engine }) => (engine.status === 'connecting' ? undefined : engine)),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
