import type { CliIo, CliOutput, CliSignal } from '../io.ts';
import { nowMs } from './snapshots.ts';

/** What a test sets about the terminal. */
export interface FakeIoOptions {
  readonly isTty?: boolean;
  readonly isInputTty?: boolean;
  readonly isOutputTty?: boolean;
  readonly columns?: number;
  readonly currentFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers to questions, in order; null is Ctrl-C. */
  readonly answers?: readonly (string | null)[];
  /** A desktop without a browser. */
  readonly hasNoBrowser?: boolean;
}

interface InputReader {
  readonly onBytes: (bytes: Uint8Array) => void | Promise<void>;
  readonly onEnd: () => void;
}

/** A terminal that is none: records what is printed and answers what is asked. */
export class FakeIo implements CliIo {
  readonly questions: string[] = [];
  readonly rawChanges: boolean[] = [];
  readonly openedPages: string[] = [];
  readonly environment: Readonly<Record<string, string>>;
  readonly currentFolder: string;
  readonly homeFolder = '/home/me';
  readonly out: CliOutput;
  readonly err: CliOutput;
  readonly input: CliIo['input'];
  isAbandoned = false;
  readonly #broken = Promise.withResolvers<void>();
  readonly #signals = new Map<CliSignal, Set<() => void>>();
  readonly #exits = new Set<() => void>();
  readonly #readers = new Set<InputReader>();
  readonly #hasNoBrowser: boolean;
  stdout = '';
  stderr = '';
  size = { columns: 80, rows: 24 };

  constructor(options: FakeIoOptions = {}) {
    const answers = [...(options.answers ?? [])];
    this.#hasNoBrowser = options.hasNoBrowser ?? false;
    this.environment = options.environment ?? {};
    this.currentFolder = options.currentFolder ?? '/home/me/acme';
    this.size = { columns: options.columns ?? 80, rows: 24 };
    const isTty = options.isTty ?? false;
    const output = (isOnTty: boolean, write: (text: string) => void): CliOutput => ({
      isTty: isOnTty,
      write,
      writeBytes: (bytes) => {
        write(Buffer.from(bytes).toString());
        return Promise.resolve();
      },
      abandon: () => {
        this.isAbandoned = true;
      },
      columns: () => (isOnTty ? this.size.columns : Infinity),
      rows: () => this.size.rows,
      broken: this.#broken.promise,
    });
    this.out = output(options.isOutputTty ?? isTty, (text) => {
      this.stdout += text;
    });
    this.err = output(isTty, (text) => {
      this.stderr += text;
    });
    this.input = {
      isTty: options.isInputTty ?? isTty,
      setRaw: (raw) => {
        this.rawChanges.push(raw);
      },
      onBytes: (onBytes, onEnd = () => undefined) => {
        const reader = { onBytes, onEnd };
        this.#readers.add(reader);
        return () => {
          this.#readers.delete(reader);
        };
      },
      ask: (question) => {
        this.questions.push(question);
        return Promise.resolve(answers.shift() ?? null);
      },
      askHidden: (question) => {
        this.questions.push(`${question}[hidden]`);
        return Promise.resolve(answers.shift() ?? null);
      },
    };
  }

  nowMs(): number {
    return nowMs;
  }

  openPage(page: string): Promise<boolean> {
    this.openedPages.push(page);
    return Promise.resolve(!this.#hasNoBrowser);
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
    for (const reader of this.#readers) void reader.onBytes(Buffer.from(text));
  }

  endInput(): void {
    for (const reader of this.#readers) reader.onEnd();
  }

  breakOutput(): void {
    this.#broken.resolve();
  }

  /** Listeners that are still there: none after a word has ended. */
  get leftListeners(): number {
    return [...this.#signals.values()].reduce((sum, set) => sum + set.size, this.#exits.size + this.#readers.size);
  }
}
