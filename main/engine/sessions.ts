import { randomBytes } from 'node:crypto';
import type { SessionRequest } from '../../preload/contract/session.ts';
import type { SessionState } from '../../preload/contract/snapshot.ts';
import { assertNever } from './assert-never.ts';
import { containersOf, projectCore, whenReady, type Core } from './core.ts';
import { openLogStream } from './docker/exec-stream.ts';
import { workspacePath } from './docker/observe.ts';
import { lookAround } from './doctor/look.ts';
import type { Session, SessionSink } from './engine.ts';
import { createExecPorts } from './exec-port.ts';
import { failWith, reasonOf } from './failure.ts';
import { asUserOrDefault, endInContainer } from './operations/exec-user.ts';
import { ensurePrepared } from './operations/prepare.ts';
import type { CoreState } from './state/core-state.ts';
import { waitForState } from './state/store.ts';
import { openPortsSession } from './ports-session.ts';
import { startReport } from './report-session.ts';
import { requireRunning } from './require-running.ts';
import { openStatsSession } from './stats-session.ts';
import { startExecSession } from './terminal/exec-session.ts';
import { startLogSession } from './terminal/log-session.ts';
import type { SessionRecord, SessionRecords } from './terminal/session-records.ts';
import { toSessionCommand } from './terminal/wrapper.ts';

/** What xterm.js can show. */
const terminalEnvironment = ['TERM=xterm-256color', 'COLORTERM=truecolor'];

/** Opens sessions and knows the open ones. */
export interface Sessions {
  open(request: SessionRequest, sink: SessionSink): Promise<Session>;
  /** Ends what a host process that was killed left behind in containers. */
  endOrphans(): Promise<void>;
  /** Ends all. */
  close(): Promise<void>;
}

export function createSessions(core: Core, records: SessionRecords): Sessions {
  const open = core.openSessions;
  const openPort = createExecPorts(core);

  /** The session leaves the snapshot before whoever shows it hears of its end. */
  const closingWith = (projectId: string, sessionId: string, sink: SessionSink): SessionSink => ({
    onData: (bytes, stream) => sink.onData(bytes, stream),
    onEnd: (end) => {
      open.delete(sessionId);
      core.store.dispatch({ type: 'sessionClosed', projectId, sessionId });
      sink.onEnd(end);
    },
  });

  const track = (
    projectId: string,
    session: Session,
    about: Pick<SessionState, 'kind' | 'title' | 'kept'>,
  ): Session => {
    open.set(session.id, session);
    const state = { id: session.id, openedAtMs: core.ports.nowMs(), ...about };
    core.store.dispatch({ type: 'sessionOpened', projectId, session: state });
    return session;
  };

  const openShell = async (
    request: Extract<SessionRequest, { kind: 'shell' }>,
    sink: SessionSink,
  ): Promise<Session> => {
    const client = await core.connection.client();
    const container = await requireRunning(core, client, request.projectId);
    const { config } = projectCore(core, request.projectId);
    const shell = config.status === 'valid' && config.config.shell !== null ? [config.config.shell] : [];
    const id = `session-${randomBytes(6).toString('hex')}`;
    const user = config.status === 'valid' ? config.config.user : '';
    const terminal = request.terminal ?? true;
    const prepared = await ensurePrepared(core, client, request.projectId, container.id);
    const { session, leader, ended } = await asUserOrDefault(user, async (execUser) =>
      startExecSession({
        id,
        sink: closingWith(request.projectId, id, sink),
        port: await openPort(client, {
          containerId: container.id,
          command: toSessionCommand(
            request.command ?? shell,
            terminal ? request.size : null,
            request.command === undefined && request.marksPrompts === true,
          ),
          user: execUser,
          environment: [...(terminal ? terminalEnvironment : []), ...prepared.environment],
          workingFolder: workspacePath,
          terminal,
          size: request.size,
          keep: request.keep ?? false,
        }),
        endProcesses: async (one) => endInContainer(core, { containerId: container.id, ...one }),
        containerIsUp: async () => outlives(core, container.id),
        log: core.ports.log,
      }),
    );
    const record: SessionRecord = { containerId: container.id, ...leader };
    records.add(record);
    const cleaned = ended.then(async () => {
      // The program ended, but what it left in the background of its kernel session has not.
      await endInContainer(core, record);
      records.remove(record);
    });
    void cleaned.catch((error: unknown) => core.ports.log(`session ${id}: ${reasonOf(error)}`));
    const title = (request.command ?? shell)[0] ?? 'shell';
    return track(request.projectId, session, { kind: 'shell', title, kept: request.keep ?? false });
  };

  const openLogs = async (request: Extract<SessionRequest, { kind: 'logs' }>, sink: SessionSink): Promise<Session> => {
    const { folder } = projectCore(core, request.projectId);
    const client = await core.connection.client();
    const [container] = containersOf(core, request.projectId);
    if (container === undefined) throw failWith('container-not-running', { folder });
    const { stream, decode } = await openLogStream(client, container.id, {
      follow: request.follow,
      tailLines: request.tailLines ?? null,
    });
    const id = `session-${randomBytes(6).toString('hex')}`;
    const session = startLogSession({ id, stream, decode, sink: closingWith(request.projectId, id, sink) });
    return track(request.projectId, session, { kind: 'logs', title: 'logs', kept: false });
  };

  /** Not in the snapshot: that somebody looks is nobody else's matter. */
  const openUnseen = async (sink: SessionSink, start: (sink: SessionSink) => Promise<Session>): Promise<Session> => {
    const session = await start({
      onData: (bytes) => sink.onData(bytes),
      onEnd: (end) => {
        open.delete(session.id);
        sink.onEnd(end);
      },
    });
    open.set(session.id, session);
    return session;
  };

  const openDoctor = async (
    request: Extract<SessionRequest, { kind: 'doctor' }>,
    sink: SessionSink,
  ): Promise<Session> => {
    // A project that nobody knows is told before anything is looked at.
    if (request.projectId !== null) projectCore(core, request.projectId);
    const rows = await lookAround(core, request.projectId);
    return startReport(sink, core.ports.log, async (print) => {
      for (const row of rows) print(row);
      return Promise.resolve({ reason: 'exited', exitCode: 0 });
    });
  };

  return {
    open: async (request, sink) => {
      switch (request.kind) {
        case 'shell':
          return openShell(request, sink);
        case 'logs':
          return openLogs(request, sink);
        case 'stats':
          return openUnseen(sink, async (end) => openStatsSession(core, request, end));
        case 'ports':
          return openUnseen(sink, async (end) => openPortsSession(core, request, end));
        case 'doctor':
          return openUnseen(sink, async (end) => openDoctor(request, end));
        default:
          return assertNever(request);
      }
    },
    endOrphans: async () => {
      // Which containers run is known only once the engine was heard.
      await whenReady(core);
      for (const { file, sessions } of records.orphans()) {
        for (const session of sessions) await endInContainer(core, session);
        records.forget(file);
      }
    },
    close: async () => {
      await Promise.allSettled([...open.values()].map(async (session) => session.end()));
    },
  };
}

/** A container's end is told a moment after its exec sessions have ended with it, in milliseconds. */
const dieEventWaitMs = 500;

/** Whether a container still runs once the event of its end would have come. */
async function outlives(core: Core, containerId: string): Promise<boolean> {
  const isDown = (state: CoreState): boolean => state.containers.get(containerId)?.status !== 'running';
  try {
    await waitForState(core.store, isDown, AbortSignal.timeout(dieEventWaitMs));
    return false;
  } catch {
    return true;
  }
}
