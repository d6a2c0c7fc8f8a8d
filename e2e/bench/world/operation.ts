import type { Command } from '../../../preload/contract/commands.ts';
import type { CommandAnswer } from '../../../preload/contract/parse.ts';
import type { ActivityEntry, ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';

/** What takes commands and shows snapshots: the engine core in this process, or a host process at the other end of a socket. */
export interface CommandTarget {
  execute(command: Command): Promise<CommandAnswer>;
  snapshot(): Snapshot;
  subscribe(listener: (snapshot: Snapshot) => void): () => void;
}

/** Longest wait for anything, in milliseconds. */
const waitMs = 60_000;

/** Resolves with the first snapshot, the present one included, for which the condition holds. */
export async function waitForSnapshot(
  target: CommandTarget,
  condition: (snapshot: Snapshot) => boolean,
  what: string,
): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new Error(`waited ${waitMs} ms for ${what}`));
    }, waitMs);
    const check = (snapshot: Snapshot): void => {
      if (!condition(snapshot)) return;
      clearTimeout(timer);
      unsubscribe();
      resolve(snapshot);
    };
    const unsubscribe = target.subscribe(check);
    check(target.snapshot());
  });
}

/** Executes a command and waits until the snapshot shows its operation's end. @throws where it did not succeed */
export async function runOperation(target: CommandTarget, command: Command): Promise<void> {
  const answer = await target.execute(command);
  if (!answer.accepted) throw new Error(`${command.type}: ${answer.failure.message}`);
  const { operationId } = answer;
  if (operationId === undefined) return;
  const findEnd = (snapshot: Snapshot): ActivityEntry | undefined =>
    snapshot.projects.flatMap((project) => project.activity).find((entry) => entry.operationId === operationId);
  const entry = findEnd(await waitForSnapshot(target, (one) => findEnd(one) !== undefined, command.type));
  if (entry?.outcome !== 'done') throw new Error(`${command.type}: ${entry?.text ?? 'no end'}`);
}

/** Registers a folder and allows what its config asks for; the project's id. */
export async function addTrustedProject(target: CommandTarget, folder: string): Promise<string> {
  await runOperation(target, { type: 'registerProject', folder });
  const { id: projectId, trust } = projectWith(target.snapshot(), (one) => one.folder === folder);
  if (trust.status === 'unknown') throw new Error(`${folder} has no valid config`);
  await runOperation(target, { type: 'trustProject', projectId, trustHash: trust.trustHash });
  return projectId;
}

export const startProject = async (target: CommandTarget, projectId: string): Promise<void> =>
  runOperation(target, { type: 'startProject', projectId });

export const stopProject = async (target: CommandTarget, projectId: string): Promise<void> =>
  runOperation(target, { type: 'stopProject', projectId });

export function projectById(snapshot: Snapshot, projectId: string): ProjectState {
  return projectWith(snapshot, (one) => one.id === projectId);
}

function projectWith(snapshot: Snapshot, condition: (project: ProjectState) => boolean): ProjectState {
  const project = snapshot.projects.find(condition);
  if (project === undefined) throw new Error('the snapshot does not show the project');
  return project;
}

/** Id of a project's container. @throws where it has none */
export function containerIdOf(target: CommandTarget, projectId: string): string {
  const { container } = projectById(target.snapshot(), projectId);
  if (container.status === 'missing') throw new Error('the project has no container');
  return container.id;
}
