import type { WebContents } from 'electron';
import type { Result } from '../../preload/contract/parse.ts';
import type { SessionEnd, TerminalSize } from '../../preload/contract/session.ts';
import type { Engine, Session } from '../engine/engine.ts';
import { createReplayBuffer, type ReplayBuffer } from '../engine/terminal/replay-buffer.ts';
import { tellWindow } from './ipc/router.ts';

/**
 * Bytes sent to a window but not yet shown, above which the session stops reading at its source, and below which it goes
 * on. The upper bound keeps xterm.js busy over several frames, the lower one leaves it work while more is fetched.
 */
const pauseAboveBytes = 512 * 1024;
const resumeBelowBytes = 256 * 1024;

/** How long an ended session can still be attached to, in milliseconds: a window that reloads then sees how it ended. */
const endedForMs = 60_000;

interface Terminal {
  readonly session: Session;
  readonly replay: ReplayBuffer;
  viewer: WebContents | null;
  unshownBytes: number;
  paused: boolean;
  end: SessionEnd | null;
}

/** Terminal sessions of windows: they live here, and windows come and go. */
export interface TerminalHub {
  open(projectId: string, size: TerminalSize): Promise<Result<{ readonly sessionId: string }>>;
  /** Makes a window the one that shows the session; null where there is no such session. */
  attach(sessionId: string, viewer: WebContents, size: TerminalSize): Uint8Array | null;
  detach(sessionId: string, viewer: WebContents): void;
  /** A window is gone: its sessions go on without a viewer. */
  forget(viewer: WebContents): void;
  write(sessionId: string, bytes: Uint8Array): void;
  resize(sessionId: string, size: TerminalSize): void;
  acknowledge(sessionId: string, viewer: WebContents, bytes: number): void;
  close(sessionId: string): Promise<void>;
}

export function createTerminalHub(engine: Engine, log: (line: string) => void): TerminalHub {
  const terminals = new Map<string, Terminal>();

  const onData = (sessionId: string, bytes: Uint8Array): void => {
    const terminal = terminals.get(sessionId);
    if (terminal === undefined) return;
    terminal.replay.add(bytes);
    if (terminal.viewer === null) return;
    terminal.unshownBytes += bytes.length;
    tellWindow(terminal.viewer, 'terminalData', { sessionId, bytes });
    pace(terminal);
  };
  const onEnd = (sessionId: string, end: SessionEnd): void => {
    const terminal = terminals.get(sessionId);
    if (terminal === undefined) return;
    terminal.end = end;
    if (terminal.viewer !== null) tellWindow(terminal.viewer, 'terminalEnd', { sessionId, end });
    setTimeout(() => terminals.delete(sessionId), endedForMs).unref();
  };

  return {
    open: async (projectId, size) => {
      // Bytes may come before the session's name is known here.
      const early: (() => void)[] = [];
      let id: string | null = null;
      const later = (deliver: (sessionId: string) => void): void => {
        if (id === null) early.push(() => deliver(id ?? ''));
        else deliver(id);
      };
      const opened = await engine.openSession(
        { kind: 'shell', projectId, size, keep: true },
        {
          onData: (bytes) => {
            const copy = id === null ? Uint8Array.from(bytes) : bytes;
            later((sessionId) => onData(sessionId, copy));
          },
          onEnd: (end) => later((sessionId) => onEnd(sessionId, end)),
        },
      );
      if (!opened.ok) return opened;
      const session = opened.value;
      terminals.set(session.id, {
        session,
        replay: createReplayBuffer(),
        viewer: null,
        unshownBytes: 0,
        paused: false,
        end: null,
      });
      id = session.id;
      for (const deliver of early.splice(0)) deliver();
      return { ok: true, value: { sessionId: session.id } };
    },
    attach: (sessionId, viewer, size) => {
      const terminal = terminals.get(sessionId);
      if (terminal === undefined) return null;
      terminal.viewer = viewer;
      terminal.unshownBytes = 0;
      pace(terminal);
      terminal.session.resize(size);
      const { end } = terminal;
      // After the answer that carries the replay.
      if (end !== null) setImmediate(() => tellWindow(viewer, 'terminalEnd', { sessionId, end }));
      return terminal.replay.read();
    },
    detach: (sessionId, viewer) => {
      const terminal = terminals.get(sessionId);
      if (terminal?.viewer === viewer) leave(terminal);
    },
    forget: (viewer) => {
      for (const terminal of terminals.values()) if (terminal.viewer === viewer) leave(terminal);
    },
    write: (sessionId, bytes) => {
      void terminals.get(sessionId)?.session.write(bytes);
    },
    resize: (sessionId, size) => terminals.get(sessionId)?.session.resize(size),
    acknowledge: (sessionId, viewer, bytes) => {
      const terminal = terminals.get(sessionId);
      if (terminal?.viewer !== viewer) return;
      if (bytes > terminal.unshownBytes) log(`terminal ${sessionId}: a window claims to have shown more than it got`);
      terminal.unshownBytes = Math.max(0, terminal.unshownBytes - bytes);
      pace(terminal);
    },
    close: async (sessionId) => {
      const terminal = terminals.get(sessionId);
      terminals.delete(sessionId);
      await terminal?.session.end();
    },
  };
}

/** Nobody watches any more: the session reads on, and the replay keeps the newest. */
function leave(terminal: Terminal): void {
  terminal.viewer = null;
  terminal.unshownBytes = 0;
  pace(terminal);
}

function pace(terminal: Terminal): void {
  if (!terminal.paused && terminal.unshownBytes > pauseAboveBytes) {
    terminal.paused = true;
    terminal.session.pause();
  } else if (terminal.paused && terminal.unshownBytes < resumeBelowBytes) {
    terminal.paused = false;
    terminal.session.resume();
  }
}
