import type { Readable, Writable } from 'node:stream';

/** Parameters and results are JSON objects; each caller knows the shape of its own. */
export type Json = Record<string, unknown>;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Json;
  readonly result?: Json;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

interface Pending {
  readonly method: string;
  readonly resolve: (result: Json) => void;
  readonly reject: (error: Error) => void;
}

export type EventListener = (method: string, params: Json, sessionId: string | undefined) => void;

/** The DevTools protocol over the two pipes of `--remote-debugging-pipe`: JSON messages that end in a zero byte. */
export class DevTools {
  readonly #output: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<EventListener>();
  #chunks: Buffer[] = [];
  #lastId = 0;
  #closed = false;

  constructor(output: Writable, input: Readable) {
    this.#output = output;
    input.on('data', (chunk: Buffer) => this.#read(chunk));
    input.on('close', () => this.close());
    // A pipe that breaks closes too, and that is what counts.
    input.on('error', () => undefined);
    output.on('error', () => undefined);
  }

  /** @throws where Chromium refuses, or is gone */
  async send<Result = Json>(method: string, params: Json = {}, sessionId?: string): Promise<Result> {
    if (this.#closed) throw new Error(`${method}: Chromium has ended`);
    this.#lastId += 1;
    const id = this.#lastId;
    const message = JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) });
    this.#output.write(`${message}\0`);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { method, resolve: (result) => resolve(result as Result), reject });
    });
  }

  listen(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { method, reject } of this.#pending.values()) reject(new Error(`${method}: Chromium has ended`));
    this.#pending.clear();
  }

  #read(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      const text = Buffer.concat([...this.#chunks, rest.subarray(0, end)]).toString('utf8');
      this.#chunks = [];
      rest = rest.subarray(end + 1);
      this.#dispatch(JSON.parse(text) as Message);
    }
    if (rest.length > 0) this.#chunks.push(rest);
  }

  #dispatch(message: Message): void {
    if (message.id === undefined) {
      const { method = '', params = {}, sessionId } = message;
      for (const listener of this.#listeners) listener(method, params, sessionId);
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.error === undefined) pending?.resolve(message.result ?? {});
    else pending?.reject(new Error(`${pending.method}: ${message.error.message}`));
  }
}
