import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { SessionEnd, SessionRequest } from '../../preload/contract/session.ts';
import { containersOf, projectCore, type Core } from './core.ts';
import { openStatsStream, parseStatsLine, toStatsSample, type StatsLine } from './docker/stats.ts';
import type { Session, SessionSink } from './engine.ts';
import { failWith } from './failure.ts';
import type { ObservedContainer } from './state/core-state.ts';
import { waitForState } from './state/store.ts';

/** How long after a stream's end the event of the container's own may come, in milliseconds. */
const endEventWaitMs = 500;

const isUp = (status: ObservedContainer['status'] | undefined): boolean => status === 'running' || status === 'paused';

/**
 * Follows what a project's container uses. The engine streams as long as the session is open and no longer; the session
 * is in no snapshot, since nobody else has to know that somebody looks.
 */
export async function openStatsSession(
  core: Core,
  request: Extract<SessionRequest, { kind: 'stats' }>,
  sink: SessionSink,
): Promise<Session> {
  const { folder } = projectCore(core, request.projectId);
  const client = await core.connection.client();
  const [container] = containersOf(core, request.projectId);
  if (container === undefined || !isUp(container.status)) throw failWith('container-not-running', { folder });
  const stream = await openStatsStream(client, container.id);
  const over = new AbortController();
  const { promise: ended, resolve: tellEnd } = Promise.withResolvers<void>();
  const finish = (end: SessionEnd): void => {
    if (over.signal.aborted) return;
    over.abort();
    stream.destroy();
    sink.onEnd(end);
    tellEnd();
  };
  const lose = (): void => finish({ reason: 'engine-lost' });
  stream.on('error', lose);
  // Podman ends the stream with the container, and tells of its end a moment later.
  stream.once('close', () => setTimeout(lose, endEventWaitMs).unref());
  let before: StatsLine | null = null;
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  // readline passes the stream's error on as its own.
  lines.on('error', lose);
  lines.on('line', (text) => {
    const line = parseStatsLine(text);
    if (line === null || over.signal.aborted) return;
    const sample = before === null ? null : toStatsSample(before, line);
    before = line;
    if (sample === null) return;
    sink.onData(Buffer.from(`${JSON.stringify(sample)}\n`));
    if (!request.follow) finish({ reason: 'exited', exitCode: 0 });
  });
  // Docker goes on with empty lines when the container is down.
  void waitForState(core.store, (state) => !isUp(state.containers.get(container.id)?.status), over.signal).then(
    () => finish({ reason: 'container-stopped' }),
    () => undefined,
  );
  return {
    id: `session-${randomBytes(6).toString('hex')}`,
    write: async () => undefined,
    endInput: () => undefined,
    resize: () => undefined,
    pause: () => stream.pause(),
    resume: () => stream.resume(),
    end: async () => {
      finish({ reason: 'closed' });
      await ended;
    },
  };
}
