import type { Command } from '../../preload/contract/commands.ts';
import type { CommandAnswer, Result } from '../../preload/contract/parse.ts';
import type { OutputStream, SessionEnd, SessionRequest, TerminalSize } from '../../preload/contract/session.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';

/**
 * What the command line needs of a host process. main/host's client satisfies it; tests pass a fake one. Nothing else of
 * the host process is known here.
 */
export interface CliHost {
  execute(command: Command): Promise<CommandAnswer>;
  /** Calls the listener after each change; resolves with the snapshot of now. */
  subscribe(listener: (snapshot: Snapshot) => void): Promise<Result<Snapshot>>;
  openSession(request: SessionRequest, sink: CliSessionSink): Promise<Result<CliSession>>;
  close(): void;
  /** Resolves when the connection has ended: the host said why it stops, we closed it, or it broke. */
  readonly closed: Promise<{ readonly by: 'host' | 'us' | 'loss'; readonly reason?: string }>;
}

/** Receives what a session prints. The promise of `onData` is the acknowledgement: while it is open, the source waits. */
export interface CliSessionSink {
  onData(bytes: Uint8Array, stream: OutputStream): void | Promise<void>;
  /** Called once, after the last byte. */
  onEnd(end: SessionEnd): void;
}

export interface CliSession {
  /** A promise is back-pressure: nothing more is read while it is open. */
  write(bytes: Uint8Array): Promise<void>;
  /** The end of input; a session on a terminal does not hear of it. */
  endInput(): void;
  resize(size: TerminalSize): void;
  /** Ends the session and all of its processes in the container. */
  end(): Promise<void>;
}

/** The ways to a host process. */
export interface CliConnector {
  /** Connects to the running host process, or starts the agent. */
  connectOrStart(): Promise<Result<CliHost>>;
  /** Starts nothing; null where none runs. One of another protocol can still be asked to quit, and nothing else. */
  connectIfRunning(): Promise<Result<{ readonly host: CliHost; readonly isSameProtocol: boolean } | null>>;
  /** Where the host process keeps its socket and its files, for doctor. */
  folders(): Promise<{ readonly runtime: string; readonly state: string; readonly logFile: string }>;
}
