import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connectIfRunning } from '../../../main/host/connect.ts';
import type { HostClient } from '../../../main/host/client.ts';
import type { HostSurroundings } from '../../../main/host/surroundings.ts';
import type { StallReport } from '../measure/stall-probe.ts';
import type { Bench } from './bench.ts';
import { waitForSnapshot, type CommandTarget } from './operation.ts';

const builtFolder = path.resolve(import.meta.dirname, '../../../out/main');

/** A file of the build. @throws where it is not built */
export function builtFile(name: string): string {
  const file = path.join(builtFolder, name);
  if (!existsSync(file)) throw new Error(`${name} is not built: run "npm run build"`);
  return file;
}

/** The surroundings of an installation of its own: state, home and sockets below the bench's folder. */
export function surroundingsOf(bench: Bench, name: string, dockerHost: string): HostSurroundings {
  const homeFolder = path.join(bench.root, 'home');
  const environment = {
    PATH: process.env['PATH'],
    HOME: homeFolder,
    XDG_RUNTIME_DIR: path.join(bench.root, 'run'),
    TAZPOD_STATE_DIR: path.join(bench.root, name),
    DOCKER_HOST: dockerHost,
  };
  return {
    platform: process.platform,
    environment,
    userId: process.getuid?.() ?? -1,
    homeFolder,
    temporaryFolder: tmpdir(),
  };
}

/** The host process that runs in these surroundings, connected; null where none runs. */
export async function connectTo(surroundings: HostSurroundings): Promise<HostClient | null> {
  const client = await connectIfRunning(surroundings);
  if (!client.ok) throw new Error(client.failure.message);
  return client.value;
}

/** Follows a host process's snapshot. */
export async function follow(client: HostClient): Promise<CommandTarget> {
  const listeners = new Set<Parameters<CommandTarget['subscribe']>[0]>();
  const first = await client.subscribe((snapshot) => {
    for (const listener of listeners) listener(snapshot);
  });
  if (!first.ok) throw new Error(first.failure.message);
  return {
    execute: (command) => client.execute(command),
    snapshot: () => client.snapshot() ?? first.value,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The built agent as a process of the bench. */
export interface AgentProcess {
  readonly processId: number;
  readonly target: CommandTarget;
  /** Lets it run on without a client. */
  disconnect(): void;
  /** What its event loop did between the two; needs `probed`. */
  beginProbe(): void;
  endProbe(): Promise<StallReport>;
  /** Ends it; containers stay up. */
  stop(): Promise<void>;
}

/** Starts the built agent and waits until it has the engine. @param probed with the stall probe */
export async function startAgent(bench: Bench, surroundings: HostSurroundings, probed = false): Promise<AgentProcess> {
  const args = [...(probed ? probeArguments : []), builtFile('agent.js')];
  const child = spawn(process.execPath, args, {
    env: surroundings.environment,
    stdio: ['ignore', 'ignore', 'inherit', ...(probed ? ['ipc' as const] : [])],
  });
  bench.watchChild(child);
  const exited = once(child, 'exit');
  const client = await waitForHost(surroundings, () => child.exitCode !== null);
  const target = await follow(client);
  await waitForSnapshot(target, (snapshot) => snapshot.engine.status === 'ready', 'the agent to have the engine');
  return {
    processId: client.hello.processId,
    target,
    disconnect: () => client.close(),
    beginProbe: () => void child.send('begin'),
    endProbe: async () => endProbe(child),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

const probeArguments = ['--import', path.resolve(import.meta.dirname, '../measure/stall-probe.ts')];

async function endProbe(child: ReturnType<typeof spawn>): Promise<StallReport> {
  const answer = once(child, 'message');
  child.send('end');
  const [report] = (await answer) as [StallReport];
  return report;
}

async function waitForHost(surroundings: HostSurroundings, ended: () => boolean): Promise<HostClient> {
  const lookAgainMs = 20;
  while (!ended()) {
    const client = await connectTo(surroundings);
    if (client !== null) return client;
    await delay(lookAgainMs);
  }
  throw new Error('the agent ended at once');
}

/** A Node process that does nothing, with the stall probe: what the machine itself does to an event loop. */
export function startIdleProcess(bench: Bench): Pick<AgentProcess, 'beginProbe' | 'endProbe' | 'stop'> {
  const child = spawn(process.execPath, [...probeArguments, '--eval', 'setInterval(() => undefined, 1 << 30)'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  bench.watchChild(child);
  const exited = once(child, 'exit');
  return {
    beginProbe: () => void child.send('begin'),
    endProbe: async () => endProbe(child),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
