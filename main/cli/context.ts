import type { Snapshot } from '../../preload/contract/snapshot.ts';
import { Client, ensureEngine, settledEngine } from './client.ts';
import { warnOfOtherEngine } from './engine-choice.ts';
import { CliFailure } from './failure.ts';
import type { CliConnector } from './host.ts';
import type { CliIo } from './io.ts';
import { styleFor, type Style } from './text/style.ts';
import type { Flags, Invocation } from './words/parse.ts';

/** What every word works with. */
export interface Context {
  readonly io: CliIo;
  readonly connector: CliConnector;
  readonly invocation: Invocation;
  readonly flags: Flags;
  readonly version: string;
  /** Of stdout. */
  readonly style: Style;
  readonly link: HostLink;
}

/** How much of the engine a word needs before it begins. `settled`: known, be it away. */
export type EngineNeed = 'ready' | 'settled' | 'none';

/** The way to the host process: connected on first use, and once more where it was lost in the middle. */
export class HostLink {
  readonly #io: CliIo;
  readonly #connector: CliConnector;
  #client: Client | null = null;

  constructor(io: CliIo, connector: CliConnector) {
    this.#io = io;
    this.#connector = connector;
  }

  /** The connected client; `open` comes first. */
  get client(): Client {
    if (this.#client === null) throw new Error('the host process is not connected yet');
    return this.#client;
  }

  get snapshot(): Snapshot {
    return this.client.snapshot;
  }

  async open(need: EngineNeed): Promise<Client> {
    const result = await this.#connector.connectOrStart();
    if (!result.ok) throw new CliFailure(result.failure);
    const client = await Client.attach(result.value);
    this.#client = client;
    if (need === 'ready') await ensureEngine(client);
    if (need === 'settled') await settledEngine(client);
    if (need !== 'none') await warnOfOtherEngine(this.#io, client.snapshot.engine);
    return client;
  }

  close(): void {
    this.#client?.close();
    this.#client = null;
  }
}

/** Puts together what a word works with. */
export function createContext(io: CliIo, connector: CliConnector, invocation: Invocation, version: string): Context {
  return {
    io,
    connector,
    invocation,
    flags: invocation.flags,
    version,
    style: styleFor(io.out.isTty, io.environment),
    link: new HostLink(io, connector),
  };
}

/** The one way JSON is printed: indented, one value. */
export function printJson(io: CliIo, value: unknown): void {
  io.out.write(`${JSON.stringify(value, null, 2)}\n`);
}
