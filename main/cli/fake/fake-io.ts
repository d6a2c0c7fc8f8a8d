import type { CliIo, CliOutput, CliSignal } from '../io.ts';
import { nowMs } from './snapshots.ts';

/** What a test sets about the terminal. */
export interface FakeIoOptions {
  readonly isTty?: boolean;
  readonly isInputTty?: boolean;
  readonly columns?: number;
  readonly currentFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers to questions, in order; null is Ctrl-C. */
  readonly answers?: readonly (string | null)[];
}

/** A terminal that is none: records what is printed and answers what is asked. */
export class FakeIo implements CliIo {
  readonly questions: string[] = [];
  readonly rawChanges: boolean[] = [];
  readonly environment: Readonly<Record<string, string>>;
  readonly currentFolder: string;
  readonly homeFolder = '/home/me';
  readonly out: CliOutput;
  readonly err: CliOutput;
  readonly input: CliIo['input'];
  readonly #broken = Promise.withResolvers<void>();
  readonly #signals = new Map<CliSignal, Set<() => void>>();
  readonly #exits = new Set<() => void>();
  readonly #readers = new Set<(bytes: Uint8Array) => void | Promise<void>>();
  stdout = '';
  stderr = '';
  size = { columns: 80, rows: 24 };

  constructor(options: FakeIoOptions = {}) {
    const answers = [...(options.answers ?? [])];
    this.environment = options.environment ?? {};
    this.currentFolder = options.currentFolder ?? '/home/me/acme';
    this.size = { columns: options.columns ?? 80, rows: 24 };
    const isTty = options.isTty ?? false;
    const output = (write: (text: string) => void): CliOutput => ({
      isTty,
      write,
      writeBytes: (bytes) => {
        write(Buffer.from(bytes).toString());
        return Promise.resolve();
      },
      columns: () => (isTty ? this.size.columns : Infinity),
      rows: () => this.size.rows,
      broken: this.#broken.promise,
    });
    this.out = output((text) => {
      this.stdout += text;
    });
    this.err = output((text) => {
      this.stderr += text;
    });
    this.input = {
      isTty: options.isInputTty ?? isTty,
      setRaw: (raw) => {
        this.rawChanges.push(raw);
      },
      onBytes: (listener) => {
        this.#readers.add(listener);
        return () => {
          this.#readers.delete(listener);
        };
      },
      ask: (question) => {
        this.questions.push(question);
        return Promise.resolve(answers.shift() ?? null);
      },
    };
  }

  nowMs(): number {
    return nowMs;
  }

  onSignal(signal: CliSignal, listener: () => void): () => void {
    const listeners = this.#signals.get(signal) ?? new Set();
    this.#signals.set(signal, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  onExit(listener: () => void): () => void {
    this.#exits.add(listener);
    return () => {
      this.#exits.delete(listener);
    };
  }

  raise(signal: CliSignal): void {
    for (const listener of this.#signals.get(signal) ?? []) listener();
  }

  /** What Node does at the end of the process, an uncaught exception's included. */
  exit(): void {
    for (const listener of this.#exits) listener();
  }

  type(text: string): void {
    for (const reader of this.#readers) void reader(Buffer.from(text));
  }

  breakOutput(): void {
    this.#broken.resolve();
  }

  /** Listeners that are still there: none after a word has ended. */
  get leftListeners(): number {
    return [...this.#signals.values()].reduce((sum, set) => sum + set.size, this.#exits.size + this.#readers.size);
  }
}
