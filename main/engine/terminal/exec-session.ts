import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { SessionEnd, TerminalSize } from '../../../preload/contract/session.ts';
import type { Session, SessionSink } from '../engine.ts';
import { failWith, reasonOf } from '../failure.ts';
import { readAnnouncement, type SessionLeader } from './wrapper.ts';

/** A program on a terminal in a container, however it is reached: the engine's exec stream or a `docker exec` process. */
export interface ExecPort {
  readonly stream: Duplex;
  resize(size: TerminalSize): Promise<void>;
  exitCode(): Promise<number | null>;
}

export interface ExecSessionOptions {
  readonly id: string;
  readonly port: ExecPort;
  readonly sink: SessionSink;
  /** Ends every process of the session in the container. */
  readonly endProcesses: (leader: SessionLeader) => Promise<void>;
  /** Whether the container outlived the session. */
  readonly containerIsUp: () => Promise<boolean>;
  readonly log: (line: string) => void;
}

/**
 * Waits for the wrapper's announcement, then passes bytes on until the stream ends.
 * @throws session-failed with the words of the container where no program could be started
 */
export async function startExecSession(
  options: ExecSessionOptions,
): Promise<{ readonly session: Session; readonly leader: SessionLeader; readonly ended: Promise<void> }> {
  const { port, sink } = options;
  const { stream } = port;
  const { leader, rest } = await awaitAnnouncement(stream);
  let closing = false;
  let ending: Promise<void> | null = null;

  const ended = new Promise<void>((resolve) => {
    let finished = false;
    const finish = (lost: boolean): void => {
      if (finished) return;
      finished = true;
      stream.end();
      void toEnd(options, closing, lost).then((end) => {
        sink.onEnd(end);
        resolve();
      });
    };
    stream.once('end', () => finish(false));
    stream.once('close', () => finish(false));
    stream.once('error', (error) => {
      options.log(`session ${options.id}: ${reasonOf(error)}`);
      finish(true);
    });
  });
  if (rest.length > 0) sink.onData(rest);
  // It was paused after the announcement, so that no byte came before there was somebody to take it.
  stream.on('data', (chunk: Buffer) => sink.onData(chunk));
  stream.resume();

  const session: Session = {
    id: options.id,
    write: (bytes) => {
      if (stream.writable) stream.write(bytes);
    },
    resize: (size) => {
      port.resize(size).catch((error: unknown) => options.log(`session ${options.id}: resize: ${reasonOf(error)}`));
    },
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    end: async () => {
      closing = true;
      ending ??= options.endProcesses(leader);
      // Paused streams never end: what is left unread is discarded with the session.
      stream.resume();
      await ending;
      stream.end();
      stream.destroy();
    },
  };
  return { session, leader, ended };
}

/** How a session ended: told by whoever closed it, the container's state and the program's exit code, in that order. */
async function toEnd(options: ExecSessionOptions, closing: boolean, lost: boolean): Promise<SessionEnd> {
  try {
    const exitCode = lost ? null : await options.port.exitCode();
    const code = exitCode === null ? {} : { exitCode };
    if (closing) return { reason: 'closed', ...code };
    // Only a killed program can have gone with its container.
    const killed = exitCode === null || exitCode === 128 + constants.signals.SIGKILL;
    if (killed && !(await options.containerIsUp())) return { reason: 'container-stopped', ...code };
    return exitCode === null ? { reason: 'engine-lost' } : { reason: 'exited', exitCode };
  } catch (error) {
    options.log(`session ${options.id}: ${reasonOf(error)}`);
    return { reason: closing ? 'closed' : 'engine-lost' };
  }
}

async function awaitAnnouncement(stream: Duplex): Promise<{ readonly leader: SessionLeader; readonly rest: Buffer }> {
  let bytes: Buffer = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      stream.pause();
      stream.off('data', onData);
      stream.off('end', onEnd);
      stream.off('error', onEnd);
    };
    const onEnd = (): void => {
      stop();
      reject(failWith('session-failed', { reason: bytes.toString('utf8').trim() || 'it ended at once' }));
    };
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const read = readAnnouncement(bytes);
      if (read === null) return;
      if (read.leader === null) {
        // The words of the engine; the stream ends by itself after them.
        return;
      }
      stop();
      resolve({ leader: read.leader, rest: read.rest });
    };
    stream.on('data', onData);
    stream.once('end', onEnd);
    stream.once('error', onEnd);
  });
}
