import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { baseImage } from '../../../main/engine/docker/base-image.ts';
import { createDockerClient, type DockerClient } from '../../../main/engine/docker/client.ts';
import { hostFacts } from '../../../main/engine/docker/endpoint.ts';
import { locateEngine, type Connection } from '../../../main/engine/docker/locate.ts';
import { reasonOf } from '../../../main/engine/failure.ts';
import { endHost, readInstallations } from './installations.ts';
import { removeOwn } from './remove-own.ts';

/** How much to measure. */
export interface BenchSettings {
  readonly rounds: number;
  /** Length of the window in which an idle host is watched. */
  readonly idleSeconds: number;
}

/** What one run of the bench has at hand, and all that it has to remove. */
export interface Bench {
  readonly settings: BenchSettings;
  readonly client: DockerClient;
  readonly connection: Connection;
  /** A folder of this run's own, removed at the end. */
  readonly root: string;
  /** Tells on stderr what is going on. */
  say(text: string): void;
  /** Makes a folder with a config of the base image; its canonical path. */
  makeProjectFolder(name: string): Promise<string>;
  /** Containers with this install label are removed at the end too; those of installations below `root` are in any case. */
  owns(installId: string): void;
  /** The end waits until this process has ended, and ends it where it does not by itself. */
  watchChild(child: ChildProcess): void;
  /** Something else to do at the end, the last one first. */
  atEnd(action: () => Promise<void>): void;
  /** Ends and removes everything; a second call waits for the first. */
  close(): Promise<void>;
  /** What is being measured then fails for that reason alone. */
  isClosing(): boolean;
}

export async function openBench(settings: BenchSettings): Promise<Bench> {
  const located = await locateEngine(hostFacts(process.env));
  if (located.status !== 'ready') throw new Error(located.failure.message);
  const client = createDockerClient(located.connection);
  const images = await client.listImages();
  if (!images.some((image) => (image.RepoTags ?? []).includes(baseImage))) {
    throw new Error(`${baseImage} is missing: run "npm run tazpod -- image build-base"`);
  }
  // Short: sockets live below it.
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'tzb-')));
  await mkdir(path.join(root, 'run'), { mode: 0o700 });
  await mkdir(path.join(root, 'home'));
  const installIds = new Set<string>();
  const children = new Set<ChildProcess>();
  const actions: (() => Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    for (const action of actions.toReversed()) await attempt(action);
    await Promise.all([...children].map(async (child) => endChild(child)));
    const installations = await readInstallations(root);
    for (const { processId } of installations) if (processId !== null) await attempt(() => endHost(processId, root));
    await attempt(() => removeOwn(client, [...installIds, ...installations.map(({ installId }) => installId)]));
    await attempt(() => rm(root, { recursive: true, force: true }));
  };
  return {
    settings,
    client,
    connection: located.connection,
    root,
    say: (text) => console.error(`bench: ${(performance.now() / 1000).toFixed(0)} s: ${text}`),
    makeProjectFolder: async (name) => {
      const folder = path.join(root, 'projects', name);
      await mkdir(path.join(folder, '.tazpod'), { recursive: true });
      await writeFile(path.join(folder, '.tazpod', 'config.yaml'), `image: ${baseImage}\n`);
      return folder;
    },
    owns: (installId) => void installIds.add(installId),
    watchChild: (child) => {
      children.add(child);
      child.once('exit', () => children.delete(child));
    },
    atEnd: (action) => void actions.push(action),
    close: async () => (closing ??= close()),
    isClosing: () => closing !== null,
  };
}

/** What goes wrong while tidying up must not keep the rest from being removed. */
async function attempt(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    console.error(`bench: tidying up: ${reasonOf(error)}`);
  }
}

async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => void child.once('exit', resolve));
  child.kill('SIGTERM');
  const graceMs = 15_000;
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(timer);
}
