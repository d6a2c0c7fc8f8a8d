import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import path from 'node:path';
import { failWith, hasCode, reasonOf } from '../failure.ts';
import { makeFolder } from '../make-folder.ts';
import { removeLeftovers, writeFileAtomically } from './atomic-write.ts';
import { toProjectId } from './id.ts';
import {
  parseRegistryState,
  type Adoption,
  type RegisteredProject,
  type RegistryState,
  type TrustAnswer,
} from './registry-state.ts';

/** What the registry needs from outside. */
export interface RegistryPorts {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: () => number;
  /** Replaces a file as a whole; tests pass one that fails. */
  readonly writeFile?: (file: string, text: string) => Promise<void>;
}

/**
 * Registered projects, trust and adopted containers: the engine core's memory between runs. Readers answer from memory;
 * a mutator resolves when the disk has it, and only then do readers see it. Mutations run one after the other.
 * Every mutator may throw TazpodError `state-write-failed`, and then nothing has changed.
 */
export interface Registry {
  readonly file: string;
  /** 32 hex digits, random per installation. */
  readonly installId: string;
  /** In the order they were registered. */
  projects(): readonly RegisteredProject[];
  projectOf(projectId: string): RegisteredProject | null;
  trustOf(projectId: string): TrustAnswer | null;
  /** By container id. */
  adopted(): Readonly<Record<string, Adoption>>;
  /** Registers a canonical folder; one that is registered stays as it is. */
  addProject(folder: string): Promise<RegisteredProject>;
  /** Also forgets its trust and its adopted containers. An unknown id changes nothing. */
  removeProject(projectId: string): Promise<void>;
  /** Remembers a yes, with the time it was given. */
  setTrust(projectId: string, answer: Omit<TrustAnswer, 'atMs'>): Promise<void>;
  addAdopted(containerId: string, projectId: string): Promise<void>;
  removeAdopted(containerId: string): Promise<void>;
}

/**
 * Opens the registry in a folder of our own, and makes both where they are missing (0700 and 0600).
 * @param stateFolder may only be used by one process at a time
 * @throws TazpodError `state-file-damaged` (the file is left as it is), `state-write-failed`
 */
export async function openRegistry(stateFolder: string, ports: RegistryPorts): Promise<Registry> {
  const file = path.join(stateFolder, 'state.json');
  const write = async (state: RegistryState): Promise<void> => {
    const text = `${JSON.stringify(state, null, 2)}\n`;
    try {
      // What the next run would refuse to read must not reach the disk.
      const check = parseRegistryState(text);
      if (!check.ok) throw new Error(check.reason);
      await (ports.writeFile ?? writeFileAtomically)(file, text);
    } catch (error) {
      throw failWith('state-write-failed', { file, reason: reasonOf(error) }, error);
    }
  };
  await prepareFolder(stateFolder, file);
  let state = await readState(file);
  if (state === null) {
    state = { version: 1, installId: randomBytes(16).toString('hex'), projects: [], trust: {}, adopted: {} };
    await write(state);
  }
  return toRegistry(file, state, write, ports.nowMs);
}

function toRegistry(
  file: string,
  initial: RegistryState,
  write: (state: RegistryState) => Promise<void>,
  nowMs: () => number,
): Registry {
  let state = initial;
  let last: Promise<unknown> = Promise.resolve();
  const mutate = (change: (now: RegistryState) => RegistryState): Promise<void> => {
    const run = async (): Promise<void> => {
      const next = change(state);
      if (next === state) return;
      await write(next);
      state = next;
    };
    const mutation = last.then(run);
    last = mutation.catch(() => {});
    return mutation;
  };
  const projectOf = (projectId: string): RegisteredProject | null =>
    state.projects.find(({ id }) => id === projectId) ?? null;

  return {
    file,
    installId: initial.installId,
    projects: () => state.projects,
    projectOf,
    trustOf: (projectId) => (Object.hasOwn(state.trust, projectId) ? (state.trust[projectId] ?? null) : null),
    adopted: () => state.adopted,
    addProject: async (folder) => {
      const project = { id: toProjectId(folder), folder, registeredAtMs: nowMs() };
      await mutate((now) =>
        now.projects.some(({ id }) => id === project.id) ? now : { ...now, projects: [...now.projects, project] },
      );
      return projectOf(project.id) ?? project;
    },
    removeProject: (projectId) => mutate((now) => withoutProject(now, projectId)),
    setTrust: (projectId, { trustHash, grants }) =>
      mutate((now) => ({ ...now, trust: { ...now.trust, [projectId]: { trustHash, grants, atMs: nowMs() } } })),
    addAdopted: (containerId, projectId) =>
      mutate((now) => ({ ...now, adopted: { ...now.adopted, [containerId]: { projectId, atMs: nowMs() } } })),
    removeAdopted: (containerId) =>
      mutate((now) =>
        Object.hasOwn(now.adopted, containerId)
          ? { ...now, adopted: filterRecord(now.adopted, (id) => id !== containerId) }
          : now,
      ),
  };
}

function withoutProject(now: RegistryState, projectId: string): RegistryState {
  if (!now.projects.some(({ id }) => id === projectId)) return now;
  return {
    ...now,
    projects: now.projects.filter(({ id }) => id !== projectId),
    trust: filterRecord(now.trust, (id) => id !== projectId),
    adopted: filterRecord(now.adopted, (_, adoption) => adoption.projectId !== projectId),
  };
}

function filterRecord<Value>(
  record: Readonly<Record<string, Value>>,
  keeps: (key: string, value: Value) => boolean,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([key, value]) => keeps(key, value)));
}

async function prepareFolder(stateFolder: string, file: string): Promise<void> {
  try {
    await makeFolder(stateFolder);
    await chmod(stateFolder, 0o700);
    await removeLeftovers(file);
  } catch (error) {
    throw failWith('state-write-failed', { file, reason: reasonOf(error) }, error);
  }
}

async function readState(file: string): Promise<RegistryState | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw failWith('state-file-damaged', { file, reason: reasonOf(error) }, error);
  }
  const result = parseRegistryState(text);
  if (!result.ok) throw failWith('state-file-damaged', { file, reason: result.reason });
  return result.state;
}
