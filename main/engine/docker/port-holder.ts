import { readdir, readFile, readlink } from 'node:fs/promises';
import type { DockerClient } from './client.ts';

/**
 * What has a port of this machine, in words: the container that publishes it, else on Linux the program that listens, as
 * far as we may look. Empty where it can't be told.
 */
export async function findPortHolder(client: DockerClient, port: number): Promise<string> {
  const rows = await client.listContainers();
  const row = rows.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
  if (row !== undefined) return `the container ${(row.Names[0] ?? row.Id.slice(0, 12)).replace(/^\//u, '')}`;
  return process.platform === 'linux' ? findListener(port) : '';
}

async function findListener(port: number): Promise<string> {
  const tables = await Promise.all(['tcp', 'tcp6'].map(async (name) => readText(`/proc/net/${name}`)));
  const inodes = new Set(tables.flatMap((table) => toListeningInodes(table, port)));
  if (inodes.size === 0) return '';
  const sockets = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  const entries = await readdir('/proc').catch((): string[] => []);
  for (const pid of entries.filter((entry) => /^\d+$/u.test(entry))) {
    if (await hasOpen(pid, sockets)) {
      const name = (await readText(`/proc/${pid}/comm`)).trim();
      return `${name === '' ? 'a process' : name} (process ${pid})`;
    }
  }
  return "another user's program";
}

/** Inodes of the sockets that listen on a port, out of the text of `/proc/net/tcp`. Pure. */
export function toListeningInodes(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , , , inode = ''] = line.trim().split(/\s+/u);
    // 0A: listening.
    return state === '0A' && local.endsWith(suffix) ? [inode] : [];
  });
}

async function hasOpen(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  // Not ours to look into, or gone meanwhile.
  const files = await readdir(folder).catch((): string[] => []);
  for (const file of files) if (sockets.has(await readlink(`${folder}/${file}`).catch(() => ''))) return true;
  return false;
}

const readText = async (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
