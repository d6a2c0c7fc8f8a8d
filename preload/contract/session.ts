/**
 * Interactive sessions: byte streams beside the snapshot. Bytes are acknowledged by whoever shows them, so that a flood
 * pauses at its source instead of filling memory.
 */

/** Terminal size in character cells. */
export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

export type SessionRequest =
  | {
      /** A shell (the config's, else bash, else sh) or, with `command`, that program, on a terminal of its own. */
      readonly kind: 'shell';
      readonly projectId: string;
      readonly size: TerminalSize;
      /** Program and arguments; absent for the shell. */
      readonly command?: readonly string[];
    }
  | {
      /** The container's own output. Ends by itself unless `follow`. */
      readonly kind: 'logs';
      readonly projectId: string;
      readonly follow: boolean;
      /** Last lines to begin with; absent for all. */
      readonly tailLines?: number;
    };

export type SessionEndReason = 'exited' | 'container-stopped' | 'closed' | 'engine-lost';

export interface SessionEnd {
  readonly reason: SessionEndReason;
  /** The program's exit code, where it exited and the engine told it. */
  readonly exitCode?: number;
}
