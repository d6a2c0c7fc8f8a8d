import type { Command } from '../../preload/contract/commands.ts';
import type { CommandAnswer, Result } from '../../preload/contract/parse.ts';
import type { SessionEnd, SessionRequest, TerminalSize } from '../../preload/contract/session.ts';
import type { Snapshot } from '../../preload/contract/snapshot.ts';

/** Receives what a session prints. */
export interface SessionSink {
  onData(bytes: Uint8Array): void;
  /** Called once, after the last byte. */
  onEnd(end: SessionEnd): void;
}

/** An open session, as the host process holds it. */
export interface Session {
  readonly id: string;
  write(bytes: Uint8Array): void;
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
  /** Takes no more commands and resolves when the running operations have ended; sessions go on. */
  drain(): Promise<void>;
  /** Ends sessions and the connection to the engine. Containers stay up. */
  close(): Promise<void>;
}
