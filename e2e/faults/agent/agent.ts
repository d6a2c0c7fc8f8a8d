import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from '../../../preload/contract/commands.ts';
import type { ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { connectOrStartAgent } from '../../../main/host/connect.ts';
import { agentEntry, nodeProgram } from '../../fixtures/cli-process.ts';
import type { CliProfile } from '../../fixtures/cli-profile.ts';
import { commandLineOf, eventually, within } from '../../fixtures/processes.ts';

/** How a command ended: `lost` where the agent was gone before it told. */
export type End = 'done' | 'lost' | { readonly code: string; readonly message: string };

/** The built agent, as one client sees it. */
export interface Agent {
  /** Sends a command and waits for its operation's end. */
  run(command: Command): Promise<End>;
  project(): ProjectState;
  /** @throws Error where it does not come in time */
  until(condition: (project: ProjectState) => boolean, what: string): Promise<void>;
  /** kill -9, awaited. */
  kill(): Promise<void>;
  disconnect(): void;
}

/** Nothing that is asked of an agent here takes longer, in milliseconds; what does is stuck. */
const stuckMs = 60_000;

/** Connects to the agent of a profile, started where none runs, and waits until it has the engine. */
export async function openAgent(profile: CliProfile, projectId: string): Promise<Agent> {
  const surroundings = {
    platform: process.platform,
    userId: process.getuid?.() ?? -1,
    homeFolder: path.join(profile.root, 'home'),
    temporaryFolder: tmpdir(),
    environment: profile.environment,
  };
  const connected = await connectOrStartAgent({ surroundings, agentEntry, execPath: nodeProgram });
  if (!connected.ok) throw new Error(connected.failure.message);
  const client = connected.value;
  const { processId } = client.hello;
  const watchers = new Set<() => void>();
  const first = await client.subscribe(() => {
    for (const watcher of watchers) watcher();
  });
  if (!first.ok) throw new Error(first.failure.message);
  const snapshot = (): Snapshot => client.snapshot() ?? first.value;

  /** Resolves with the first value that is none of `undefined`, or `lost`. */
  const found = async <Value>(look: () => Value | undefined, what: string): Promise<Value | 'lost'> => {
    const { promise, resolve } = Promise.withResolvers<Value>();
    const check = (): void => {
      const value = look();
      if (value !== undefined) resolve(value);
    };
    watchers.add(check);
    check();
    try {
      return await within(stuckMs, () => what, Promise.race([promise, client.closed.then(() => 'lost' as const)]));
    } finally {
      watchers.delete(check);
    }
  };
  const project = (): ProjectState => {
    const one = snapshot().projects.find(({ id }) => id === projectId);
    if (one === undefined) throw new Error('the agent does not know the project');
    return one;
  };
  const agent: Agent = {
    project,
    run: async (command) => {
      const answer = await client.execute(command);
      if (!answer.accepted) return answer.failure.code === 'host-lost' ? 'lost' : answer.failure;
      const { operationId } = answer;
      if (operationId === undefined) return 'done';
      const entry = await found(
        () => project().activity.find((one) => one.operationId === operationId),
        `the end of ${command.type}`,
      );
      if (entry === 'lost') return 'lost';
      return entry.outcome === 'done' ? 'done' : (entry.failure ?? { code: entry.outcome, message: entry.text });
    },
    until: async (condition, what) => {
      const end = await found(() => (condition(project()) ? true : undefined), what);
      if (end === 'lost') throw new Error(`the agent ended before ${what}`);
    },
    kill: async () => {
      process.kill(processId, 'SIGKILL');
      await eventually(() => commandLineOf(processId) === null, `the end of agent ${processId}`, 5_000);
      client.close();
    },
    disconnect: () => client.close(),
  };
  const ready = await found(() => (snapshot().engine.status === 'ready' ? true : undefined), 'the engine');
  if (ready === 'lost') throw new Error('the agent ended at once');
  return agent;
}
