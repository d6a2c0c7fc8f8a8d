import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, watch } from 'node:fs';
import path from 'node:path';
import { toFailure, type Failure } from '../../preload/contract/errors.ts';
import type { Result } from '../../preload/contract/parse.ts';
import { reasonOf } from '../engine/failure.ts';
import { connectHost, type ConnectOptions, type HostClient } from './client.ts';
import { hostRecordName, readHostRecord } from './host-record.ts';
import { hostLogName, logSize, readLogTail } from './log.ts';
import { toStateFolder } from './paths.ts';
import { findSocketPaths, prepareStateFolder } from './runtime-folder.ts';
import type { HostSurroundings } from './surroundings.ts';

/** Longer than the agent waits for an owner that is ending. */
const startTimeoutMs = 40_000;

/** How long a client is left waiting for a sign that was lost. */
const lostSignMs = 1_000;

interface ConnectOrStartOptions {
  readonly surroundings: HostSurroundings;
  /** The agent's built file. */
  readonly agentEntry: string;
  /** The program that runs it: Node, or Electron as Node. */
  readonly execPath: string;
  readonly timeoutMs?: number;
}

/** Connects to the running host; null where none runs. Starts nothing. */
export async function connectIfRunning(
  surroundings: HostSurroundings,
  options: ConnectOptions = {},
): Promise<Result<HostClient | null>> {
  const stateFolder = await prepareStateFolder(toStateFolder(surroundings));
  if (!stateFolder.ok) return stateFolder;
  return tryToConnect(surroundings, stateFolder.value, options);
}

/**
 * Connects to the host, and starts the agent where none runs. Several at once end up with one agent: the kernel decides
 * which, and the others connect to it.
 * @returns `host-start-failed` with the log's last lines; `protocol-mismatch`; `host-full`
 */
export async function connectOrStartAgent(options: ConnectOrStartOptions): Promise<Result<HostClient>> {
  const { surroundings } = options;
  const stateFolder = await prepareStateFolder(toStateFolder(surroundings));
  if (!stateFolder.ok) return stateFolder;
  const running = await tryToConnect(surroundings, stateFolder.value);
  if (!running.ok) return running;
  return running.value === null ? startAndConnect(options, stateFolder.value) : { ok: true, value: running.value };
}

/** One look at every place where a host may listen. What is no answer at all counts as not running. */
async function tryToConnect(
  surroundings: HostSurroundings,
  stateFolder: string,
  options: ConnectOptions = {},
): Promise<Result<HostClient | null>> {
  const record = await readHostRecord(stateFolder);
  for (const socketPath of await findSocketPaths(surroundings, stateFolder, record?.socketPath ?? null)) {
    const client = await connectHost(socketPath, options);
    if (client.ok) return client;
    // One that is just ending: its successor will be found.
    if (client.failure.code !== 'host-lost' && client.failure.code !== 'host-stopping') return client;
  }
  return { ok: true, value: null };
}

async function startAndConnect(options: ConnectOrStartOptions, stateFolder: string): Promise<Result<HostClient>> {
  const logFile = path.join(stateFolder, hostLogName);
  const logStart = logSize(logFile);
  const failed = (reason: string): Failure => {
    const tail = readLogTail(logFile, logStart);
    return toFailure('host-start-failed', { reason: tail === '' ? reason : `${reason}\n${tail}`, logFile });
  };
  // Watched before the agent starts, so that its sign is not missed.
  const changes = new ChangeSignal(stateFolder);
  let agent: ChildProcess | null = null;
  const start = (): void => {
    const started = spawnAgent(options, logFile);
    agent = started;
    started.once('error', (error) => changes.end(`it can't be run: ${reasonOf(error)}`));
    started.once('exit', (code, signal) => {
      if (code !== 0) return changes.end(`it ended with ${signal ?? code}`);
      // It found another host, which this client will find as well.
      agent = null;
      changes.notify();
    });
  };
  try {
    start();
    const timer = setTimeout(() => changes.end('it does not answer'), options.timeoutMs ?? startTimeoutMs);
    try {
      // The host that our agent gave way to may have ended by now: then nobody is left to give a sign but a new one.
      const ensure = (): void => void (agent === null && start());
      const client = await connectOnSign(options, stateFolder, { changes, ensure, failed });
      // Another client's agent was first: ours is not needed, and would be a stray if that one quits before it is up.
      const ours = agent as ChildProcess | null;
      if (client.ok && ours !== null && client.value.hello.processId !== ours.pid) ours.kill('SIGTERM');
      return client;
    } finally {
      clearTimeout(timer);
    }
  } catch (error) {
    return { ok: false, failure: failed(reasonOf(error)) };
  } finally {
    changes.close();
  }
}

interface Waiting {
  readonly changes: ChangeSignal;
  /** Makes sure that an agent of ours is on its way. */
  readonly ensure: () => void;
  readonly failed: (reason: string) => Failure;
}

async function connectOnSign(
  { surroundings }: ConnectOrStartOptions,
  stateFolder: string,
  { changes, ensure, failed }: Waiting,
): Promise<Result<HostClient>> {
  for (;;) {
    // Read before the attempt: an end that comes during it still gets one more.
    const { ended } = changes;
    const attempt = await tryToConnect(surroundings, stateFolder);
    if (!attempt.ok) return attempt;
    if (attempt.value !== null) return { ok: true, value: attempt.value };
    if (ended !== null) return { ok: false, failure: failed(ended) };
    ensure();
    await changes.next();
  }
}

/** Runs the agent on its own: it outlives this process and its terminal. */
function spawnAgent({ agentEntry, execPath, surroundings }: ConnectOrStartOptions, logFile: string): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    const agent = spawn(execPath, [agentEntry], {
      detached: true,
      // The folder it was started from may be unmounted or removed later.
      cwd: path.parse(logFile).root,
      env: { ...surroundings.environment },
      stdio: ['ignore', log, log],
      windowsHide: true,
    });
    agent.unref();
    return agent;
  } finally {
    closeSync(log);
  }
}

/** Wakes whoever waits when the owner writes its record, when the agent ends, and when time is up. */
class ChangeSignal {
  /** Why waiting is of no use any more; null while it is. */
  ended: string | null = null;
  readonly #stop: () => void;
  #changed = false;
  #wake: (() => void) | null = null;

  constructor(stateFolder: string) {
    this.#stop = watchRecord(stateFolder, () => this.notify());
  }

  notify(): void {
    this.#changed = true;
    this.#wake?.();
  }

  end(reason: string): void {
    this.ended ??= reason;
    this.notify();
  }

  /** Resolves at the next change, at once if there was one since the last call. */
  async next(): Promise<void> {
    if (!this.#changed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    this.#wake = null;
    this.#changed = false;
  }

  close(): void {
    this.#stop();
  }
}

function watchRecord(stateFolder: string, onChange: () => void): () => void {
  // Where the system has no watches left, looking again has to do.
  const lookAgain = (everyMs = 100): (() => void) => {
    const timer = setInterval(onChange, everyMs);
    return () => clearInterval(timer);
  };
  try {
    let stop: () => void;
    // A sign can be lost: a full queue of the system's, or a host whose record could not be written.
    const stopLooking = lookAgain(lostSignMs);
    const watcher = watch(stateFolder, (_event, name) => {
      if (name === null || name === hostRecordName) onChange();
    });
    stop = () => watcher.close();
    watcher.on('error', () => {
      watcher.close();
      stop = lookAgain();
    });
    return () => {
      stop();
      stopLooking();
    };
  } catch {
    return lookAgain();
  }
}
