import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from '../../../preload/contract/commands.ts';
import type { Failure } from '../../../preload/contract/errors.ts';
import type { SessionEnd, SessionRequest } from '../../../preload/contract/session.ts';
import type { ActivityEntry, ProjectState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { createEngine } from '../create-engine.ts';
import { createDockerClient, type DockerClient } from '../docker/client.ts';
import { hostFacts } from '../docker/endpoint.ts';
import { labels } from '../docker/labels.ts';
import { locateEngine } from '../docker/locate.ts';
import type { Engine, Session } from '../engine.ts';
import type { EnginePorts } from '../ports.ts';
import { baseImage } from '../docker/base-image.ts';

/** An engine core of its own (state, install id, home) at the real engine, for one test file. */
export interface EngineFixture {
  readonly engine: Engine;
  /** What the core was made with, for a second one. */
  readonly ports: EnginePorts;
  readonly client: DockerClient;
  readonly root: string;
  readonly stateFolder: string;
  readonly homeFolder: string;
  readonly logLines: readonly string[];
  /** Makes a folder with a config below the fixture's own. */
  folder(name: string, config?: string): Promise<string>;
  /** Registers a folder and trusts what it asks for now. */
  trusted(folder: string): Promise<string>;
  /** Executes a command and waits for its operation's end, where it has one. */
  run(command: Command): Promise<Outcome>;
  project(id: string): ProjectState;
  waitFor(condition: (snapshot: Snapshot) => boolean, what: string): Promise<Snapshot>;
  /** Opens a session and collects what it prints. */
  openSession(request: SessionRequest): Promise<OpenedSession>;
  /** Runs a command in bash as the project's user: its exit code, then both outputs. */
  inside(projectId: string, command: string): Promise<string>;
  /** Stops the project; fails the test where that fails. */
  down(projectId: string): Promise<void>;
  /** Ends the core and leaves its containers to another one with the same state. */
  leave(): Promise<void>;
  /** Ends the core, removes its containers and networks by label, and its folders. */
  close(): Promise<void>;
}

export type Outcome = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly failure: Failure };

export interface OpenedSession {
  readonly session: Session;
  text(): string;
  /** Resolves when what was printed so far matches. */
  printed(pattern: RegExp): Promise<string>;
  readonly ended: Promise<SessionEnd>;
}

/** Longest wait for something that an event is to bring, in milliseconds; the tests' own timeout says the rest. */
const waitMs = 30_000;

export const baseConfig = `image: ${baseImage}\n`;

export async function openEngineFixture(overrides: Partial<EnginePorts> = {}): Promise<EngineFixture> {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-test-')));
  const stateFolder = path.join(root, 'state');
  const homeFolder = path.join(root, 'home');
  await mkdir(homeFolder);
  const located = await locateEngine(hostFacts(process.env));
  if (located.status !== 'ready') throw new Error(located.failure.message);
  const client = createDockerClient(located.connection);
  const logLines: string[] = [];
  const ports: EnginePorts = {
    kind: 'agent',
    version: '0.0.0-test',
    stateFolder,
    homeFolder,
    environment: process.env,
    baseImageFolder: path.resolve(import.meta.dirname, '../../../build/image'),
    nowMs: Date.now,
    log: (line) => logLines.push(line),
    quit: () => undefined,
    ...overrides,
  };
  const engine = await createEngine(ports);
  return {
    engine,
    ports,
    client,
    root,
    stateFolder,
    homeFolder,
    logLines,
    folder: async (name, config) => makeFolder(root, name, config),
    trusted: async (folder) => trustFolder(engine, folder),
    run: async (command) => runCommand(engine, command),
    project: (id) => findProject(engine.snapshot(), id),
    waitFor: async (condition, what) => waitForSnapshot(engine, condition, what),
    openSession: async (request) => openTestSession(engine, request),
    inside: async (projectId, command) => runInside(engine, projectId, command),
    down: async (projectId) => stopProject(engine, projectId),
    leave: async () => {
      await engine.close();
      await rm(root, { recursive: true, force: true });
    },
    close: async () => {
      await engine.close();
      await removeOwn(client, engine.snapshot().host.installId);
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function runInside(engine: Engine, projectId: string, command: string): Promise<string> {
  const opened = await openTestSession(engine, {
    kind: 'shell',
    projectId,
    size: { rows: 24, columns: 80 },
    terminal: false,
    command: ['bash', '-c', command],
  });
  const { exitCode } = await opened.ended;
  return `${exitCode ?? 'none'} ${opened.text()}`.trim();
}

async function stopProject(engine: Engine, projectId: string): Promise<void> {
  const outcome = await runCommand(engine, { type: 'stopProject', projectId });
  if (!outcome.ok) throw new Error(`the project could not be stopped: ${outcome.failure.message}`);
}

async function makeFolder(root: string, name: string, config: string | undefined): Promise<string> {
  const folder = path.join(root, name);
  await mkdir(path.join(folder, '.tazpod'), { recursive: true });
  if (config !== undefined) await writeFile(path.join(folder, '.tazpod', 'config.yaml'), config);
  return folder;
}

async function trustFolder(engine: Engine, folder: string): Promise<string> {
  const registered = await engine.execute({ type: 'registerProject', folder });
  if (!registered.accepted) throw new Error(registered.failure.message);
  const project = engine.snapshot().projects.find((one) => one.folder === folder);
  if (project === undefined) throw new Error(`${folder} is not registered`);
  if (project.trust.status === 'unknown') throw new Error(JSON.stringify(project.config));
  const answer = await engine.execute({
    type: 'trustProject',
    projectId: project.id,
    trustHash: project.trust.trustHash,
  });
  if (!answer.accepted) throw new Error(answer.failure.message);
  return project.id;
}

export async function runCommand(engine: Engine, command: Command): Promise<Outcome> {
  const answer = await engine.execute(command);
  if (!answer.accepted) return { ok: false, failure: answer.failure };
  const { operationId } = answer;
  if (operationId === undefined) return { ok: true, text: '' };
  const find = (snapshot: Snapshot): ActivityEntry | undefined =>
    [...snapshot.activity, ...snapshot.projects.flatMap((project) => project.activity)].find(
      (entry) => entry.operationId === operationId,
    );
  const ending = find(await waitForSnapshot(engine, (one) => find(one) !== undefined, JSON.stringify(command)));
  if (ending === undefined) throw new Error('unreachable');
  if (ending.outcome === 'done') return { ok: true, text: ending.text };
  return {
    ok: false,
    failure: ending.failure ?? { code: 'cancelled', message: ending.text, nextStep: '' },
  };
}

function findProject(snapshot: Snapshot, id: string): ProjectState {
  const project = snapshot.projects.find((one) => one.id === id);
  if (project === undefined) throw new Error(`no project ${id}`);
  return project;
}

export async function waitForSnapshot(
  engine: Engine,
  condition: (snapshot: Snapshot) => boolean,
  what: string,
): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new Error(`waited ${waitMs} ms for ${what}; last: ${JSON.stringify(engine.snapshot()).slice(0, 4000)}`));
    }, waitMs);
    const check = (snapshot: Snapshot): void => {
      if (!condition(snapshot)) return;
      clearTimeout(timer);
      unsubscribe();
      resolve(snapshot);
    };
    const unsubscribe = engine.subscribe(check);
    check(engine.snapshot());
  });
}

async function openTestSession(engine: Engine, request: SessionRequest): Promise<OpenedSession> {
  let text = '';
  const watchers = new Set<() => void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<SessionEnd>();
  const opened = await engine.openSession(request, {
    onData: (bytes) => {
      text += Buffer.from(bytes).toString('utf8');
      for (const watcher of watchers) watcher();
    },
    onEnd: end,
  });
  if (!opened.ok) throw new Error(`${opened.failure.code}: ${opened.failure.message}`);
  return {
    session: opened.value,
    text: () => text,
    ended,
    printed: async (pattern) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no ${String(pattern)} in ${JSON.stringify(text)}`)), waitMs);
        const check = (): void => {
          const match = pattern.exec(text);
          if (match === null) return;
          clearTimeout(timer);
          watchers.delete(check);
          resolve(match[0]);
        };
        watchers.add(check);
        check();
      }),
  };
}

/** Removes what an installation made at the engine, found by its label alone. */
export async function removeOwn(client: DockerClient, installId: string): Promise<void> {
  const filters = { label: [`${labels.install}=${installId}`] };
  const containers = await client.listContainers({ all: true, filters });
  await Promise.all(
    containers.map(async (one): Promise<unknown> => client.getContainer(one.Id).remove({ force: true, v: true })),
  );
  const { Volumes: volumes } = await client.listVolumes({ filters });
  await Promise.all((volumes ?? []).map(async (one): Promise<unknown> => client.getVolume(one.Name).remove()));
  const networks = await client.listNetworks({ filters });
  await Promise.all(networks.map(async (one): Promise<unknown> => client.getNetwork(one.Id).remove()));
}
