import { watch, existsSync } from 'node:fs';
import path from 'node:path';
import type { Result } from '../../preload/contract/parse.ts';
import type { Engine } from '../engine/engine.ts';
import { failureOf, reasonOf } from '../engine/failure.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { becomeOwner } from './become-owner.ts';
import { writeHostRecord } from './host-record.ts';
import { drainGraceMs } from './limits.ts';
import type { Ownership } from './ownership.ts';
import { protocolVersion, type HandoverPayload, type Hello, type HostStopReason } from './protocol.ts';
import { serveHost, type HostServer } from './server.ts';
import type { HostSurroundings } from './surroundings.ts';

export interface HostOptions {
  /** All of the engine's ports but `quit`, which the host itself answers. `stateFolder` is canonical. */
  readonly ports: Omit<EnginePorts, 'quit'>;
  readonly createEngine: (ports: EnginePorts) => Promise<Engine>;
  readonly surroundings: HostSurroundings;
  /** The app takes over from a running agent; an agent leaves a running host alone. */
  readonly takeOver: boolean;
  /** Called after each client that came or went. */
  readonly onClientsChanged?: () => void;
}

/** The one host process of this installation: the engine core and the socket that serves it. */
export interface Host {
  readonly engine: Engine;
  readonly socketPath: string;
  /** What the agent before gave; null where there was none. */
  readonly handover: HandoverPayload | null;
  readonly clientCount: number;
  /** Ends in order: running operations get a grace, sessions end, containers stay up. May be called again. */
  stop(reason: HostStopReason): Promise<void>;
  /** Resolves when the host has ended by whatever way: stopped, quit, or handed over and its last session ended. */
  readonly closed: Promise<HostStopReason>;
}

export type HostOutcome = { readonly taken: true; readonly by: Hello } | { readonly taken: false; readonly host: Host };

/**
 * Starts the host, unless there is one: then the result names it. Both compositions use this, the app's and the agent's.
 * @returns `runtime-folder-unusable`, `socket-path-too-long`, `state-write-failed`, `host-lost` (an owner that is stuck),
 * or what creating the engine failed with
 */
export async function startHost(options: HostOptions): Promise<Result<HostOutcome>> {
  const { ports, surroundings, takeOver } = options;
  const owner = await becomeOwner({ surroundings, takeOver, stateFolder: ports.stateFolder, log: ports.log });
  if (!owner.ok) return owner;
  if (owner.value.taken) return { ok: true, value: owner.value };
  const { ownership, handover } = owner.value;
  try {
    return { ok: true, value: { taken: false, host: await openHost(options, ownership, handover) } };
  } catch (error) {
    await ownership.release();
    return { ok: false, failure: failureOf(error) };
  }
}

async function openHost(options: HostOptions, ownership: Ownership, handover: HandoverPayload | null): Promise<Host> {
  const { ports, createEngine } = options;
  // Null while the engine begins: there is nothing to end yet, and no client that could ask for it.
  let running: RunningHost | null = null;
  const quit = (): void => void setImmediate(() => void running?.stop('quit'));
  // Keys go to the engine core and stay nowhere else.
  const engine = await createEngine({ ...ports, quit, handedOverVaults: handover?.vaults ?? [] });
  running = new RunningHost(options, ownership, engine, toToldHandover(handover));
  try {
    await writeHostRecord(ports.stateFolder, { socketPath: ownership.socketPath, processId: process.pid });
  } catch (error) {
    // Clients with our environment compute the same path; the others will not find us.
    ports.log(`could not write down where the host listens: ${reasonOf(error)}`);
  }
  ports.log(`host ${ports.kind} ${ports.version} listens on ${ownership.socketPath}`);
  return running;
}

function toToldHandover(handover: HandoverPayload | null): HandoverPayload | null {
  if (handover === null) return null;
  const { reason, fromVersion, openSessions } = handover;
  return { reason, fromVersion, openSessions };
}

class RunningHost implements Host {
  readonly engine: Engine;
  readonly handover: HandoverPayload | null;
  readonly socketPath: string;
  readonly #options: HostOptions;
  readonly #ownership: Ownership;
  readonly #server: HostServer;
  readonly #closed = Promise.withResolvers<HostStopReason>();
  readonly #watcher: { close(): void };
  #stopping: Promise<void> | null = null;

  constructor(options: HostOptions, ownership: Ownership, engine: Engine, handover: HandoverPayload | null) {
    const { ports, onClientsChanged } = options;
    this.engine = engine;
    this.handover = handover;
    this.socketPath = ownership.socketPath;
    this.#options = options;
    this.#ownership = ownership;
    const { installId } = engine.snapshot().host;
    this.#server = serveHost({
      engine,
      hello: { protocol: protocolVersion, version: ports.version, kind: ports.kind, processId: process.pid, installId },
      log: ports.log,
      onHandover: () => this.#handOver(),
      onClientsChanged: () => onClientsChanged?.(),
    });
    ownership.accept((socket) => this.#server.accept(socket));
    this.#watcher = watchSocket(ownership.socketPath, options);
  }

  get clientCount(): number {
    return this.#server.clientCount;
  }

  get closed(): Promise<HostStopReason> {
    return this.#closed.promise;
  }

  stop(reason: HostStopReason): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: HostStopReason): Promise<void> {
    const { log } = this.#options.ports;
    log(`host stops: ${reason}`);
    this.#watcher.close();
    this.#ownership.stopListening();
    // Answers come first: whoever asked us to quit is told so.
    await settleWithin(this.#server.answered(), drainGraceMs);
    this.#server.leave(reason);
    // A handover gave the keys away already; at any other end nobody is left to save.
    if (reason !== 'handed-over' && !(await settleWithin(this.engine.lockVaults(), drainGraceMs))) {
      log('vaults were still being locked');
    }
    if (!(await settleWithin(this.engine.drain(), drainGraceMs))) log('operations were still running');
    await this.engine.close().catch((error: unknown) => log(`the engine core did not close: ${reasonOf(error)}`));
    await this.#server.close();
    // Last: the next host begins when this one has let go of everything.
    await this.#ownership.release();
    this.#closed.resolve(reason);
  }

  /** Lets go of socket and lock once nothing runs; open sessions go on here until they end, and so does this host. */
  async #handOver(): Promise<HandoverPayload> {
    const { ports } = this.#options;
    ports.log('host hands over');
    // Not bounded: an operation cut short here would look half done to the new host. Failing, it has ended as well.
    await this.engine.drain().catch((error: unknown) => ports.log(`operations did not end well: ${reasonOf(error)}`));
    const vaults = await this.engine.handOverVaults();
    this.#watcher.close();
    await this.#ownership.release();
    const openSessions = this.#server.sessionCount;
    this.#server.leave('handed-over');
    void this.#endAfterSessions();
    const payload = { reason: 'taken-over', fromVersion: ports.version, openSessions } as const;
    return vaults.length === 0 ? payload : { ...payload, vaults: [...vaults] };
  }

  async #endAfterSessions(): Promise<void> {
    await this.#server.emptied();
    await this.stop('handed-over');
  }
}

/** Whether it settled in time; failing counts as settling, since nothing more will come of it. */
async function settleWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  void Promise.allSettled([work]).then(() => resolve(true));
  const settled = await promise;
  clearTimeout(timer);
  return settled;
}

/** A cleaner of temporary files may take the socket away. Clients then find no way in, so the log should say why. */
function watchSocket(socketPath: string, { ports, surroundings }: HostOptions): { close(): void } {
  if (surroundings.platform === 'win32') return { close: () => undefined };
  try {
    const watcher = watch(path.dirname(socketPath), { persistent: false }, () => {
      if (existsSync(socketPath)) return;
      ports.log(`the socket ${socketPath} was removed by someone else: restart the host process`);
      watcher.close();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch (error) {
    ports.log(`the socket's folder is not watched: ${reasonOf(error)}`);
    return { close: () => undefined };
  }
}
