import { realpath } from 'node:fs/promises';
import type { Engine } from '../engine/engine.ts';
import { reasonOf } from '../engine/failure.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { startHost, type Host } from './host.ts';
import { IdleWatch, idleEndMs, isIdle } from './idle.ts';
import { createHostLog, type HostLog } from './log.ts';
import { toStateFolder } from './paths.ts';
import { prepareStateFolder } from './runtime-folder.ts';
import type { HostSurroundings } from './surroundings.ts';

/** Exit codes of sysexits.h: internal software error, and can't create. The command line shows the log for both. */
const exitSoftware = 70;
const exitCantCreate = 73;

export interface AgentOptions {
  readonly surroundings: HostSurroundings;
  readonly version: string;
  readonly baseImageFolder: string;
  readonly createEngine: (ports: EnginePorts) => Promise<Engine>;
  /** How long nothing has to be up before the agent ends. */
  readonly idleMs?: number;
}

/** Is the agent until it ends, and ends this process: by itself, by `quitHost`, by a signal, or after a handover. */
export async function runAgent(options: AgentOptions): Promise<never> {
  const folder = await prepareStateFolder(toStateFolder(options.surroundings));
  if (!folder.ok) {
    // The log would be in that very folder; stderr goes to whoever started us.
    process.stderr.write(`${folder.failure.message}\n`);
    process.exit(exitCantCreate);
  }
  const log = createHostLog({ stateFolder: folder.value, nowMs: Date.now });
  endOnBug(log);
  const signals = new EndSignals();
  const host = await startOrExit(options, folder.value, log, signals);
  signals.attach(host.host);
  const reason = await endWhenIdle(host, options.idleMs ?? idleEndMs);
  log.write(`the agent ends: ${reason}`);
  process.exit(0);
}

async function startOrExit(
  options: AgentOptions,
  stateFolder: string,
  log: HostLog,
  signals: EndSignals,
): Promise<ObservedHost> {
  const { surroundings, version, baseImageFolder, createEngine } = options;
  let observer: (() => void) | null = null;
  const outcome = await startHost({
    surroundings,
    takeOver: false,
    createEngine: (ports) => {
      signals.defer();
      return createEngine(ports);
    },
    onClientsChanged: () => observer?.(),
    ports: {
      kind: 'agent',
      version,
      stateFolder,
      homeFolder: await realpath(surroundings.homeFolder),
      environment: surroundings.environment,
      baseImageFolder,
      nowMs: Date.now,
      log: (line) => log.write(line),
    },
  });
  if (!outcome.ok) {
    log.write(`the agent could not start: ${outcome.failure.message} ${outcome.failure.details ?? ''}`.trim());
    process.exit(exitSoftware);
  }
  if (outcome.value.taken) {
    log.write(`another host runs already: ${outcome.value.by.kind}, process ${outcome.value.by.processId}`);
    process.exit(0);
  }
  return { ...outcome.value, observeClients: (listener) => (observer = listener) };
}

interface ObservedHost {
  readonly host: Host;
  readonly observeClients: (listener: () => void) => void;
}

async function endWhenIdle({ host, observeClients }: ObservedHost, afterMs: number): Promise<string> {
  const watch = new IdleWatch({
    afterMs,
    isIdle: () => isIdle(host.engine.snapshot(), host.clientCount),
    onIdle: () => void host.stop('idle'),
  });
  observeClients(() => watch.look());
  const unsubscribe = host.engine.subscribe(() => watch.look());
  watch.look();
  const reason = await host.closed;
  unsubscribe();
  watch.stop();
  return reason;
}

/**
 * Asks for an orderly end. Before this process is the owner there is nothing to put in order; while the engine core
 * begins, the signal waits for it.
 */
class EndSignals {
  #host: Host | null = null;
  #deferred = false;
  #asked = false;

  constructor() {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => this.#end());
  }

  defer(): void {
    this.#deferred = true;
  }

  attach(host: Host): void {
    this.#host = host;
    if (this.#asked) this.#end();
  }

  #end(): void {
    this.#asked = true;
    if (this.#host !== null) void this.#host.stop('signal');
    else if (!this.#deferred) process.exit(0);
  }
}

/** A process whose invariants broke must not go on with other people's containers. */
function endOnBug(log: HostLog): void {
  const end = (error: unknown): never => {
    log.write(`bug: ${error instanceof Error ? (error.stack ?? error.message) : reasonOf(error)}`);
    process.exit(exitSoftware);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
