import { setTimeout as delay } from 'node:timers/promises';
import type { ListeningPort } from '../../preload/contract/listening.ts';
import type { SessionRequest } from '../../preload/contract/session.ts';
import { projectCore, type Core } from './core.ts';
import { findListeners, type Listener } from './docker/listening.ts';
import type { Session, SessionSink } from './engine.ts';
import { asUserOrDefault } from './operations/exec-user.ts';
import { toPublishLine, type PortPair } from './project/publish-line.ts';
import { startReport } from './report-session.ts';
import { requireRunning } from './require-running.ts';
import { waitForState } from './state/store.ts';

/** Between two looks while somebody watches, in milliseconds: a dev server's start shows at once, at little cost. */
const lookIntervalMs = 2_000;

/** Tells what listens inside a project's container: once, or after each change while the session is open. */
export async function openPortsSession(
  core: Core,
  request: Extract<SessionRequest, { kind: 'ports' }>,
  sink: SessionSink,
): Promise<Session> {
  const { projectId } = request;
  const client = await core.connection.client();
  const container = await requireRunning(core, client, projectId);
  const look = async (): Promise<readonly ListeningPort[]> => {
    const { config } = projectCore(core, projectId);
    const user = config.status === 'valid' ? config.config.user : '';
    const listeners = await asUserOrDefault(user, async (one) => findListeners(client, container.id, one));
    const wanted = config.status === 'valid' ? config.config.ports : [];
    return listeners.map((one) => toListeningPort(one, publishedOf(core, projectId), wanted));
  };
  // The first look before anything is answered: what is wrong is a failure, not an end.
  const first = await look();
  return startReport(sink, core.ports.log, async (print, signal) => {
    const down = waitForState(core.store, (state) => state.containers.get(container.id)?.status !== 'running', signal);
    const isDown = down.then(() => true);
    // Nobody waits for it once the session is over.
    isDown.catch(() => undefined);
    let last = '';
    for (let ports = first; ; ports = await look()) {
      const text = JSON.stringify(ports);
      if (text !== last) print(ports);
      last = text;
      if (!request.follow) return { reason: 'exited', exitCode: 0 };
      const next = delay(lookIntervalMs, false, { signal });
      if (await Promise.race([isDown, next])) return { reason: 'container-stopped' };
    }
  });
}

function publishedOf(core: Core, projectId: string): readonly PortPair[] {
  return core.store.state().snapshot.projects.find(({ id }) => id === projectId)?.ports ?? [];
}

/** @param wanted what the config publishes by now: the next container's ports */
function toListeningPort(
  { port, program, reachable }: Listener,
  published: readonly PortPair[],
  wanted: readonly PortPair[],
): ListeningPort {
  const hostPort = published.find(({ containerPort }) => containerPort === port)?.hostPort ?? null;
  const isWanted = wanted.some(({ containerPort }) => containerPort === port);
  const configLine = hostPort === null && !isWanted ? toPublishLine(wanted, port) : null;
  return { port, program, reachable, hostPort, configLine };
}
