import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { watch } from 'node:fs';
import { createDockerClient, type DockerClient } from '../docker/client.ts';

/** A Podman of its own behind the Docker API, with its own images, containers and networks. */
export interface PodmanService {
  readonly dockerHost: string;
  readonly client: DockerClient;
  close(): Promise<void>;
}

const isInstalled = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** runc first: crun refuses machines whose control groups are mixed. */
const runtime = ['runc', 'crun'].find(isInstalled);

export const canRunPodman = process.getuid?.() === 0 && runtime !== undefined && isInstalled('podman');

/** Starts the service and resolves when its socket is there. */
export async function startPodman(): Promise<PodmanService> {
  const root = await mkdtemp(path.join(tmpdir(), 'tazpod-podman-'));
  const at = (name: string): string => path.join(root, name);
  // Its defaults ask for more open files than some machines give, and for systemd.
  await writeFile(
    at('containers.conf'),
    [
      '[containers]',
      'default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]',
      '[engine]',
      'cgroup_manager = "cgroupfs"',
      'events_logger = "file"',
      `runtime = "${runtime ?? 'runc'}"`,
      '[network]',
      'network_backend = "netavark"',
      '',
    ].join('\n'),
  );
  const folders = ['--root', at('root'), '--runroot', at('run'), '--tmpdir', at('tmp'), '--storage-driver', 'vfs'];
  const socketPath = at('podman.sock');
  const listening = appears(root, 'podman.sock');
  const child = spawn('podman', [...folders, 'system', 'service', '--time', '0', `unix://${socketPath}`], {
    env: { ...process.env, CONTAINERS_CONF: at('containers.conf') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await Promise.race([
    listening,
    ended.then(() => {
      throw new Error(`podman ended: ${said}`);
    }),
  ]);
  return {
    dockerHost: `unix://${socketPath}`,
    client: createDockerClient({ socketPath }),
    close: async () => {
      child.kill('SIGTERM');
      await ended;
      await endMonitors(root);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Podman's monitors of ended exec sessions stay for five minutes; those of this service name its folder. */
async function endMonitors(root: string): Promise<void> {
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/u.test(entry)) continue;
    // A process that ended meanwhile has nothing to be ended.
    const commandLine = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '');
    if (/^\S*\bconmon\0/u.test(commandLine) && commandLine.includes(`${root}/`)) process.kill(Number(entry), 'SIGKILL');
  }
}

async function appears(folder: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(folder, (_event, changed) => {
      if (changed !== name) return;
      watcher.close();
      resolve();
    });
  });
}
