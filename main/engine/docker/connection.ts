import type { GetEventsOptions } from 'dockerode';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { toFailure } from '../../../preload/contract/errors.ts';
import { failureOf, reasonOf, TazpodError } from '../failure.ts';
import type { KnownVolume } from '../state/core-state.ts';
import type { Store } from '../state/store.ts';
import { waitForState } from '../state/store.ts';
import { createDockerClient, engineError, type DockerClient } from './client.ts';
import type { EndpointFacts } from './endpoint.ts';
import { appLabelValue, labels } from './labels.ts';
import { locateEngine, type Located } from './locate.ts';
import { parseEngineMessage, toContainerChange, toLocalImage, toObservedContainer, watchedEvents } from './observe.ts';
import { listVolumes } from './volumes.ts';

/** Waits between attempts to reach an engine that is away: quick at first (a restart), then cheap (switched off). */
const firstRetryMs = 100;
const lastRetryMs = 2_000;

/** The one connection to the engine: keeps the store true to it, and hands out the client while it is there. */
export interface EngineConnection {
  /** The client; waits while the connection is being made, throws what is wrong where there is none. */
  client(signal?: AbortSignal): Promise<DockerClient>;
  /**
   * Lists containers and volumes once more, for what events do not tell, such as mounts of strangers' containers; looks for the
   * engine at once where it is away.
   */
  refresh(): Promise<void>;
  close(): void;
}

export function connectEngine(store: Store, facts: EndpointFacts, log: (line: string) => void): EngineConnection {
  const closing = new AbortController();
  let current: DockerClient | null = null;
  let wake = new AbortController();

  const run = async (): Promise<void> => {
    let retryMs = firstRetryMs;
    while (!closing.signal.aborted) {
      const located = await locateEngine(facts);
      if (located.status === 'ready') {
        retryMs = firstRetryMs;
        await followUntilLost(located);
        current = null;
      } else {
        store.dispatch({ type: 'engineChanged', engine: { status: 'away', failure: located.failure } });
      }
      if (closing.signal.aborted) return;
      wake = new AbortController();
      // Woken, it looks at once; closed, it ends with the loop.
      await delay(retryMs, undefined, { signal: AbortSignal.any([wake.signal, closing.signal]), ref: false }).catch(
        () => undefined,
      );
      retryMs = Math.min(retryMs * 2, lastRetryMs);
    }
  };

  const followUntilLost = async (located: Extract<Located, { status: 'ready' }>): Promise<void> => {
    try {
      const client = createDockerClient(located.connection);
      const lost = await follow(client, located, store, closing.signal, () => {
        current = client;
      });
      log(`engine: ${lost}`);
    } catch (error) {
      if (closing.signal.aborted) return;
      const failure = failureOf(engineError(error, 'connect'));
      log(`engine: ${failure.message} ${reasonOf(error)}`);
      store.dispatch({ type: 'engineChanged', engine: { status: 'away', failure } });
      return;
    }
    if (closing.signal.aborted) return;
    const tried = [`${located.endpoint.source} (${located.endpoint.host}): the connection ended`];
    const failure = toFailure('engine-unreachable', { tried });
    store.dispatch({ type: 'engineChanged', engine: { status: 'away', failure } });
  };

  run().catch((error: unknown) => {
    if (!closing.signal.aborted) log(`engine: connection loop ended: ${reasonOf(error)}`);
  });

  return {
    client: async (signal) => {
      const { engine } = await waitForState(
        store,
        (state) => state.engine.status !== 'connecting',
        signal ?? closing.signal,
      );
      if (engine.status === 'away') throw new TazpodError(engine.failure);
      if (current === null)
        throw new TazpodError(toFailure('engine-unreachable', { tried: ['the connection just ended'] }));
      return current;
    },
    refresh: async () => {
      if (current === null) wake.abort();
      else await Promise.all([listContainers(current, store), tellVolumes(current, store)]);
    },
    close: () => closing.abort(),
  };
}

/**
 * Follows one connection: the event stream first, then the lists, then the events that came meanwhile, so that nothing
 * between the two is missed. Resolves with why it ended.
 */
async function follow(
  client: DockerClient,
  located: Extract<Located, { status: 'ready' }>,
  store: Store,
  signal: AbortSignal,
  connected: () => void,
): Promise<string> {
  const stream = await openEvents(client, signal);
  const waiting: string[] = [];
  let listed = false;
  const images = createLister(async () => {
    const rows = await client.listImages();
    store.dispatch({ type: 'imagesListed', images: rows.map(toLocalImage) });
  });
  const volumes = createLister(async () => tellVolumes(client, store));
  const lines = createInterface({ input: stream, crlfDelay: Infinity });
  const ended = new Promise<string>((resolve) => {
    // readline passes the stream's error on as its own.
    lines.once('error', (error: unknown) => resolve(reasonOf(error)));
    stream.once('close', () => resolve('the event stream ended'));
  });
  const handle = (line: string): void => {
    const message = parseEngineMessage(line);
    if (message === null) return;
    if (message.Type === 'image') images.list();
    if (message.Type === 'volume') volumes.list();
    if (message.Type === 'network' && message.Action === 'destroy') {
      store.dispatch({ type: 'networkRemoved', name: message.Actor.Attributes?.['name'] ?? '' });
    }
    const change = toContainerChange(message);
    if (change !== null) store.dispatch({ type: 'containerChanged', change });
  };
  lines.on('line', (line) => {
    if (listed) handle(line);
    else waiting.push(line);
  });
  const [info, version] = await Promise.all([
    client.info() as Promise<EngineInfo>,
    client.version(),
    listContainers(client, store),
    listNetworks(client, store),
    images.listNow(),
    volumes.listNow(),
  ]);
  listed = true;
  for (const line of waiting) handle(line);
  connected();
  const securityOptions = info.SecurityOptions ?? [];
  store.dispatch({
    type: 'engineChanged',
    engine: {
      status: 'ready',
      endpoint: located.endpoint.host,
      source: located.endpoint.source,
      name: info.Name,
      version: version.Version,
      apiVersion: version.ApiVersion,
      operatingSystem: info.OperatingSystem,
      securityOptions,
      rootless: securityOptions.some((option) => option.includes('name=rootless')),
    },
  });
  return ended;
}

async function openEvents(client: DockerClient, signal: AbortSignal): Promise<Readable> {
  const filters = JSON.stringify({ type: ['container', 'network', 'image', 'volume'], event: watchedEvents });
  const options: GetEventsOptions & { abortSignal: AbortSignal } = { filters, abortSignal: signal };
  // dockerode's type says ReadableStream; what it gives is an http.IncomingMessage.
  return (await client.getEvents(options)) as Readable;
}

/** The part of `GET /info` that is used. */
interface EngineInfo {
  readonly Name: string;
  readonly OperatingSystem: string;
  /** Missing on some Podman versions. */
  readonly SecurityOptions?: readonly string[];
}

async function listContainers(client: DockerClient, store: Store): Promise<void> {
  const rows = await client.listContainers({ all: true });
  store.dispatch({ type: 'containersListed', containers: rows.map(toObservedContainer) });
}

async function listNetworks(client: DockerClient, store: Store): Promise<void> {
  const label = [`${labels.app}=${appLabelValue}`, `${labels.install}=${store.state().host.installId}`];
  const rows = await client.listNetworks({ filters: { label } });
  const mtus = new Map(rows.map((row) => [row.Name, Number(row.Labels?.[labels.mtu])] as const));
  store.dispatch({ type: 'networksListed', mtus });
}

async function tellVolumes(client: DockerClient, store: Store): Promise<void> {
  const byProject = new Map<string, KnownVolume[]>();
  for (const { projectId, name, path } of await listVolumes(client, store.state().host.installId)) {
    byProject.set(projectId, [...(byProject.get(projectId) ?? []), { name, path }]);
  }
  for (const own of byProject.values()) own.sort((one, other) => (one.name < other.name ? -1 : 1));
  store.dispatch({ type: 'volumesListed', volumes: byProject });
}

/** Lists anew after events; a burst of them (a pull of many tags) costs two lists, not one each. */
function createLister(listNow: () => Promise<void>): { list(): void; listNow(): Promise<void> } {
  let running = false;
  let again = false;
  const list = (): void => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    // A failure here means that the connection is going: its end is told by the event stream, and a new list follows.
    void listNow()
      .catch(() => undefined)
      .finally(() => {
        running = false;
        if (!again) return;
        again = false;
        list();
      });
  };
  return { list, listNow };
}
