/**
 * Interactive sessions: byte streams beside the snapshot. Bytes are acknowledged by whoever shows them, so that a flood
 * pauses at its source instead of filling memory.
 */

/** Terminal size in character cells. */
/** A part of what draws a session's screen with its scrollback on an empty terminal, as it is at one moment. */
export interface ScreenPiece {
  readonly bytes: Uint8Array;
  /** A screen that was begun before is not gone on with. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

/** Which of a program's two outputs. On a terminal there is only `output`. */
export type OutputStream = 'output' | 'error';

export type SessionRequest =
  | {
      /** A shell (the config's, else bash, else sh) or, with `command`, that program. */
      readonly kind: 'shell';
      readonly projectId: string;
      /** Ignored without a terminal. */
      readonly size: TerminalSize;
      /**
       * On a terminal of its own (the default), or on three pipes: its outputs stay apart, bytes pass unchanged and the end
       * of input reaches it.
       */
      readonly terminal?: boolean;
      /** Program and arguments; absent for the shell. */
      readonly command?: readonly string[];
      /** Lives on in the host process while nobody watches, as a window's tab does; else it ends with its client. */
      readonly keep?: boolean;
      /** Bash marks its prompts by OSC 133, where nothing else has taken that place. Ignored with `command`. */
      readonly marksPrompts?: boolean;
    }
  | {
      /** The container's own output. Ends by itself unless `follow`. */
      readonly kind: 'logs';
      readonly projectId: string;
      readonly follow: boolean;
      /** Last lines to begin with; absent for all. */
      readonly tailLines?: number;
    }
  | {
      /** What the container uses, one `StatsSample` a line. Ends after the first one unless `follow`. */
      readonly kind: 'stats';
      readonly projectId: string;
      readonly follow: boolean;
    }
  | {
      /** What listens inside: lines of JSON, each an array of `ListeningPort`. Ends after the first one unless `follow`. */
      readonly kind: 'ports';
      readonly projectId: string;
      readonly follow: boolean;
    }
  | {
      /** What doctor finds, one `DoctorRow` a line, then it ends. */
      readonly kind: 'doctor';
      /** null: of no project. */
      readonly projectId: string | null;
    };

export type SessionEndReason = 'exited' | 'container-stopped' | 'closed' | 'engine-lost';

export interface SessionEnd {
  readonly reason: SessionEndReason;
  /** The program's exit code, where it exited and the engine told it. */
  readonly exitCode?: number;
}
