import type { Command } from '../../preload/contract/commands.ts';
import type { Failure } from '../../preload/contract/errors.ts';
import type { CommandAnswer, Result } from '../../preload/contract/parse.ts';
import type { OutputStream, SessionEnd, SessionRequest, TerminalSize } from '../../preload/contract/session.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';
import type { VaultHandover } from './vaults/handover.ts';

/** Bytes of one output of a program. */
export interface OutputPart {
  readonly stream: OutputStream;
  readonly bytes: Buffer;
}

/** Takes chunks of a stream as they come, split anywhere; gives what they hold of each output, in order. */
export type OutputSplitter = (chunk: Buffer) => readonly OutputPart[];

/** Receives what a session prints. */
export interface SessionSink {
  /** `stream` is absent for `output`. */
  onData(bytes: Uint8Array, stream?: OutputStream): void;
  /** Called once, after the last byte. */
  onEnd(end: SessionEnd): void;
}

/** An open session, as the host process holds it. */
export interface Session {
  readonly id: string;
  /** Resolves when the stream has taken the bytes, or the session is over. Never rejects. Calls may overlap: order is kept. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more input comes after what was written. A terminal has no end of input: there it does nothing. */
  endInput(): void;
  resize(size: TerminalSize): void;
  /** Stops reading at the source until `resume`; bytes already read still arrive. */
  pause(): void;
  resume(): void;
  /** Ends the session and every process of its kernel session in the container. Resolves when they are gone. */
  end(): Promise<void>;
}

/** The engine core: one way down (`execute`), one way up (`snapshot`, `subscribe`), and byte streams beside it. */
export interface Engine {
  execute(command: Command): Promise<CommandAnswer>;
  snapshot(): Snapshot;
  /** Calls the listener after each change, synchronously; returns the way to stop. */
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
  openSession(request: SessionRequest, sink: SessionSink): Promise<Result<Session>>;
  /**
   * Saves and locks every unlocked vault, or those named, and ends what has them open: for when nobody is there to be
   * asked. A failure shows in its project and asks for attention.
   * @returns why vaults stayed unlocked
   */
  lockVaults(projectIds?: readonly string[]): Promise<readonly Failure[]>;
  /** Tells that the machine just woke from sleep; where nobody tells it, the engine core finds out a moment later. */
  woke(): void;
  /** Takes no more commands and resolves when the running operations have ended; sessions go on. */
  drain(): Promise<void>;
  /** The unlocked vaults with their keys, for the host process that takes over; here they are wiped. After `drain`. */
  handOverVaults(): Promise<readonly VaultHandover[]>;
  /** Ends sessions and the connection to the engine. Containers stay up. */
  close(): Promise<void>;
}
