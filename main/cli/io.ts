/** Everything around the process that the command line touches, as a plain record: tests pass a fake one. */
export interface CliIo {
  /** What was asked for. */
  readonly out: CliOutput;
  /** Errors, progress and questions. */
  readonly err: CliOutput;
  readonly input: CliInput;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly currentFolder: string;
  readonly homeFolder: string;
  nowMs(): number;
  /** Opens an https page in the desktop's browser. Only at a person's key, and after they saw its address. */
  openPage(page: string): Promise<boolean>;
  /** Takes a signal over from its default; returns the way to give it back. */
  onSignal(signal: CliSignal, listener: () => void): () => void;
  /** Called when the process ends, in whatever way; must not wait. */
  onExit(listener: () => void): () => void;
}

export type CliSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGWINCH' | 'SIGCONT';

export interface CliOutput {
  readonly isTty: boolean;
  write(text: string): void;
  /** Resolves when the bytes may be followed by more. */
  writeBytes(bytes: Uint8Array): Promise<void>;
  /** Gives up what the reader has not taken; nothing more is written. */
  abandon(): void;
  /** Infinity where it is no terminal. */
  columns(): number;
  rows(): number;
  /** Resolves when the reader has gone (EPIPE). */
  readonly broken: Promise<void>;
}

export interface CliInput {
  readonly isTty: boolean;
  /** Raw: keys arrive as bytes, Ctrl-C included. Does nothing where the input is no terminal. */
  setRaw(raw: boolean): void;
  /** Reads until stopped; pauses while the listener's promise is open. `onEnd` is called once, after the last byte. */
  onBytes(listener: (bytes: Uint8Array) => void | Promise<void>, onEnd?: () => void): () => void;
  /** Shows the question and reads one line; null at Ctrl-C, Ctrl-D and end of input. */
  ask(question: string): Promise<string | null>;
  /** The same without showing what is typed, the terminal put back in any case. */
  askHidden(question: string): Promise<string | null>;
}

/** Whether a person can be asked: keyboard and the place where questions are shown are both a terminal. */
export function canAsk(io: CliIo): boolean {
  return io.input.isTty && io.err.isTty;
}
