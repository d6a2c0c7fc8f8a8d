import type { Readable } from 'node:stream';
import type { Session, SessionSink } from '../engine.ts';

export interface LogSessionOptions {
  readonly id: string;
  readonly stream: Readable;
  /** Takes the stream's chunks out of their frames. */
  readonly decode: (chunk: Buffer) => Buffer;
  readonly sink: SessionSink;
}

/** A container's own output as a session: it is only read. */
export function startLogSession(options: LogSessionOptions): Session {
  const { stream, decode, sink } = options;
  let closing = false;
  const ended = new Promise<void>((resolve) => {
    let finished = false;
    const finish = (lost: boolean): void => {
      if (finished) return;
      finished = true;
      if (closing) sink.onEnd({ reason: 'closed' });
      else sink.onEnd(lost ? { reason: 'engine-lost' } : { reason: 'exited', exitCode: 0 });
      resolve();
    };
    stream.once('end', () => finish(false));
    stream.once('close', () => finish(false));
    stream.once('error', () => finish(true));
  });
  stream.on('data', (chunk: Buffer) => {
    const bytes = decode(chunk);
    if (bytes.length > 0) sink.onData(bytes);
  });
  return {
    id: options.id,
    write: async () => undefined,
    endInput: () => undefined,
    resize: () => undefined,
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    end: async () => {
      closing = true;
      stream.destroy();
      await ended;
    },
  };
}
