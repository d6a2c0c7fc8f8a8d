import { randomBytes } from 'node:crypto';
import type { SessionEnd } from '../../preload/contract/session.ts';
import type { Session, SessionSink } from './engine.ts';
import { reasonOf } from './failure.ts';

/**
 * A session that only tells: values as JSON, one line each. It is in no snapshot, since nobody else has to know that
 * somebody looks, and its work is told to stop the moment that nobody does.
 * @param work resolves at the end of the report; what it throws ends the session as a lost engine
 */
export function startReport(
  sink: SessionSink,
  log: (line: string) => void,
  work: (print: (value: unknown) => void, signal: AbortSignal) => Promise<SessionEnd>,
): Session {
  const over = new AbortController();
  const finish = (end: SessionEnd): void => {
    if (over.signal.aborted) return;
    over.abort();
    sink.onEnd(end);
  };
  const print = (value: unknown): void => {
    if (!over.signal.aborted) sink.onData(Buffer.from(`${JSON.stringify(value)}\n`));
  };
  // Begun once whoever opened it has it in hand.
  const { promise: opened, resolve: begin } = Promise.withResolvers<void>();
  setImmediate(() => begin());
  opened
    .then(async () => work(print, over.signal))
    .then(finish, (error: unknown) => {
      if (!over.signal.aborted) log(`report: ${reasonOf(error)}`);
      finish({ reason: 'engine-lost' });
    });
  return {
    id: `session-${randomBytes(6).toString('hex')}`,
    write: async () => undefined,
    endInput: () => undefined,
    resize: () => undefined,
    // A few lines in all: there is nothing to hold back.
    pause: () => undefined,
    resume: () => undefined,
    end: async () => {
      finish({ reason: 'closed' });
      await Promise.resolve();
    },
  };
}
