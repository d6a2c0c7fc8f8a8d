import type { WebContents } from 'electron';
import type { Result } from '../../preload/contract/parse.ts';
import type { SessionEnd, TerminalSize } from '../../preload/contract/session.ts';
import type { Engine } from '../engine/engine.ts';
import { createSinkGate } from '../engine/terminal/sink-gate.ts';
import { openTerminal, type Terminal } from './terminal.ts';
import { tellWindow } from './ipc/router.ts';

/** How long an ended session can still be attached to, in milliseconds: a window that reloads then sees how it ended. */
const endedForMs = 60_000;

/** Terminal sessions of windows: they live here, and windows come and go. */
export interface TerminalHub {
  open(projectId: string, size: TerminalSize): Promise<Result<{ readonly sessionId: string }>>;
  /**
   * Makes a window the one that shows the session, and tells the one before.
   * @returns false where there is no such session
   */
  attach(sessionId: string, viewer: WebContents, size: TerminalSize): Promise<boolean>;
  detach(sessionId: string, viewer: WebContents): void;
  /** A window is gone: its sessions go on without a viewer. */
  forget(viewer: WebContents): void;
  /** A window is seen, or not: then it must not slow down what its terminals run. */
  setHidden(viewer: WebContents, isHidden: boolean): void;
  /** A window shows the session, or has it behind another tab. */
  setInView(sessionId: string, viewer: WebContents, isInView: boolean): void;
  write(sessionId: string, bytes: Uint8Array): void;
  resize(sessionId: string, size: TerminalSize): void;
  acknowledge(sessionId: string, viewer: WebContents, bytes: number): void;
  /** As its viewer did: drops what is above the line with the cursor. */
  clear(sessionId: string): void;
  close(sessionId: string): Promise<void>;
}

export interface TerminalHubOptions {
  readonly engine: Engine;
  /** Lines that terminals keep above their screens now. */
  readonly scrollbackLines: () => number;
  /** Whether shells that open now mark their prompts. */
  readonly marksPrompts: () => boolean;
  readonly log: (line: string) => void;
}

export function createTerminalHub({ engine, scrollbackLines, marksPrompts, log }: TerminalHubOptions): TerminalHub {
  const terminals = new Map<string, Terminal<WebContents>>();
  const hidden = new WeakSet<WebContents>();
  const report = (work: Promise<unknown>): void =>
    void work.catch((error: unknown) => log(`terminal: ${error instanceof Error ? error.message : String(error)}`));

  const onEnd = (sessionId: string, end: SessionEnd): void => {
    terminals.get(sessionId)?.finish(end);
    setTimeout(() => {
      terminals.get(sessionId)?.dispose();
      terminals.delete(sessionId);
    }, endedForMs).unref();
  };

  return {
    open: async (projectId, size) => {
      // Bytes may come before the session's name is known here.
      const gate = createSinkGate();
      const opened = await engine.openSession(
        { kind: 'shell', projectId, size, keep: true, marksPrompts: marksPrompts() },
        gate.sink,
      );
      if (!opened.ok) return opened;
      const session = opened.value;
      const sessionId = session.id;
      const terminal = await openTerminal<WebContents>({
        session,
        size,
        scrollbackLines,
        send: (viewer, bytes) => tellWindow(viewer, 'terminalData', { sessionId, bytes }),
        showScreen: (viewer, piece) => tellWindow(viewer, 'terminalScreen', { sessionId, ...piece }),
        tellEnd: (viewer, end) => tellWindow(viewer, 'terminalEnd', { sessionId, end }),
        tellTaken: (viewer) => tellWindow(viewer, 'terminalTaken', { sessionId }),
      });
      terminals.set(sessionId, terminal);
      gate.open({ onData: (bytes) => terminal.add(bytes), onEnd: (end) => onEnd(sessionId, end) });
      return { ok: true, value: { sessionId } };
    },
    attach: async (sessionId, viewer, size) => {
      const terminal = terminals.get(sessionId);
      await terminal?.attach(viewer, size, hidden.has(viewer));
      return terminal !== undefined;
    },
    detach: (sessionId, viewer) => terminals.get(sessionId)?.detach(viewer),
    forget: (viewer) => {
      hidden.delete(viewer);
      for (const terminal of terminals.values()) terminal.detach(viewer);
    },
    setHidden: (viewer, isHidden) => {
      if (isHidden) hidden.add(viewer);
      else hidden.delete(viewer);
      for (const terminal of terminals.values()) report(terminal.setHidden(viewer, isHidden));
    },
    setInView: (sessionId, viewer, isInView) => {
      const terminal = terminals.get(sessionId);
      if (terminal !== undefined) report(terminal.setInView(viewer, isInView));
    },
    write: (sessionId, bytes) => {
      for (const [id, terminal] of terminals) if (id !== sessionId) terminal.giveWay();
      terminals.get(sessionId)?.write(bytes);
    },
    resize: (sessionId, size) => terminals.get(sessionId)?.resize(size),
    acknowledge: (sessionId, viewer, bytes) => {
      if (terminals.get(sessionId)?.acknowledge(viewer, bytes) === false) {
        log(`terminal ${sessionId}: a window claims to have shown more than it got`);
      }
    },
    clear: (sessionId) => terminals.get(sessionId)?.clear(),
    close: async (sessionId) => {
      const terminal = terminals.get(sessionId);
      terminals.delete(sessionId);
      await terminal?.close();
    },
  };
}
