import { constants } from 'node:os';
import type { Duplex } from 'node:stream';
import type { SessionEnd, TerminalSize } from '../../../preload/contract/session.ts';
import type { OutputPart, OutputSplitter, Session, SessionSink } from '../engine.ts';
import { failWith, reasonOf } from '../failure.ts';
import { shareSource } from './acknowledged-window.ts';
import { limitTurn } from './turn-limit.ts';
import { readAnnouncement, type SessionLeader } from './wrapper.ts';

/** A program in a container, however it is reached: the engine's exec stream or a `docker exec` process. */
export interface ExecPort {
  /** Without a terminal, ending it ends the program's input and leaves its output open. */
  readonly stream: Duplex;
  /** Tells the program's outputs apart in the stream's chunks; absent on a terminal, which has but one. */
  readonly split?: OutputSplitter;
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
  const split: OutputSplitter = port.split ?? ((bytes) => [{ stream: 'output', bytes }]);
  const { leader, early } = await awaitAnnouncement(stream, split);
  let closing = false;
  let ending: Promise<void> | null = null;

  const ended = new Promise<void>((resolve) => {
    let finished = false;
    const finish = (lost: boolean): void => {
      if (finished) return;
      finished = true;
      // All of its output was read. Input that the program did not take would keep the stream open.
      stream.destroy();
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
  const deliver = (parts: readonly OutputPart[]): void => {
    for (const part of parts) sink.onData(part.bytes, part.stream);
  };
  deliver(early);
  // It was paused after the announcement, so that no byte came before there was somebody to take it.
  const share = shareSource({ pause: () => stream.pause(), resume: () => stream.resume() });
  const noteTurn = limitTurn(share());
  stream.on('data', (chunk: Buffer) => {
    noteTurn(chunk.length);
    deliver(split(chunk));
  });
  stream.resume();
  const reading = share();

  const session: Session = {
    id: options.id,
    write: async (bytes) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      // Called with an error too when the stream is destroyed.
      if (stream.writable) stream.write(bytes, () => resolve());
      else resolve();
      await promise;
    },
    endInput: () => {
      if (port.split !== undefined && stream.writable) stream.end();
    },
    resize: createResizer(options),
    pause: () => reading.pause(),
    resume: () => reading.resume(),
    end: async () => {
      closing = true;
      ending ??= options.endProcesses(leader);
      // Paused streams never end: what is left unread is discarded with the session.
      stream.resume();
      try {
        await ending;
      } finally {
        stream.destroy();
      }
    },
  };
  return { session, leader, ended };
}

/**
 * One resize at a time, and then the last size that was asked for: two requests side by side may reach the terminal in either
 * order, and the wrong size would stay.
 */
function createResizer({ id, port, log }: ExecSessionOptions): (size: TerminalSize) => void {
  let wanted: TerminalSize | null = null;
  let isRunning = false;
  const run = async (): Promise<void> => {
    isRunning = true;
    for (let size = wanted; size !== null; size = wanted) {
      wanted = null;
      await port.resize(size).catch((error: unknown) => log(`session ${id}: resize: ${reasonOf(error)}`));
    }
    isRunning = false;
  };
  return (size) => {
    wanted = size;
    if (!isRunning) void run();
  };
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

/** Resolves with the leader and what else came with its announcement, and leaves the stream paused. */
async function awaitAnnouncement(
  stream: Duplex,
  split: OutputSplitter,
): Promise<{ readonly leader: SessionLeader; readonly early: readonly OutputPart[] }> {
  let output: Buffer = Buffer.alloc(0);
  /** A program's first words may overtake the announcement, which comes on the other output. */
  let errors: Buffer = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      stream.pause();
      stream.off('data', onData);
      stream.off('end', onEnd);
      stream.off('close', onEnd);
      stream.off('error', onEnd);
    };
    const onEnd = (): void => {
      stop();
      const words = Buffer.concat([output, errors]).toString('utf8').trim();
      reject(failWith('session-failed', { reason: words || 'it ended at once' }));
    };
    const onData = (chunk: Buffer): void => {
      for (const part of split(chunk)) {
        if (part.stream === 'output') output = Buffer.concat([output, part.bytes]);
        else errors = Buffer.concat([errors, part.bytes]);
      }
      const read = readAnnouncement(output);
      // Without a leader these are the words of the engine; the stream ends by itself after them.
      if (read === null || read.leader === null) return;
      stop();
      const parts: readonly OutputPart[] = [
        { stream: 'error', bytes: errors },
        { stream: 'output', bytes: read.rest },
      ];
      resolve({ leader: read.leader, early: parts.filter(({ bytes }) => bytes.length > 0) });
    };
    stream.on('data', onData);
    stream.once('end', onEnd);
    stream.once('close', onEnd);
    stream.once('error', onEnd);
  });
}
