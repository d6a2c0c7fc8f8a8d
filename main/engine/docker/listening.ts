import type { DockerClient } from './client.ts';
import { runInContainer } from './exec.ts';

/** A listening socket inside, as the kernel's tables tell it. */
export interface Listener {
  readonly port: number;
  readonly reachable: boolean;
  readonly program: string | null;
}

/**
 * Prints the kernel's tables of TCP sockets, then which process has which socket, then the processes' names: three
 * programs in all, whatever the number of processes. Runs as the container's user, who sees the own ones.
 */
const listenScript = String.raw`cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
for comm in /proc/[0-9]*/comm; do read -r name < "$comm" 2>/dev/null && echo "name $comm $name"; done 2>/dev/null
ls -l /proc/[0-9]*/fd 2>/dev/null | grep -E '^/proc|socket:' 2>/dev/null
exit 0
`;

/** Asks a running container what listens in it. @param user a user of the container, or empty for the image's own */
export async function findListeners(client: DockerClient, id: string, user: string): Promise<readonly Listener[]> {
  const { output } = await runInContainer(client, id, ['/bin/sh', '-c', listenScript, 'tazpod-ports'], user);
  return toListeners(output);
}

/** What `listenScript` printed, one per port, by port. Pure. */
export function toListeners(output: string): readonly Listener[] {
  const programs = toProgramsByInode(output);
  const found = new Map<number, Listener>();
  for (const line of output.split('\n')) {
    const row = parseRow(line);
    if (row === null) continue;
    const { port, reachable, inode } = row;
    const known = found.get(port);
    found.set(port, {
      port,
      reachable: reachable || known?.reachable === true,
      program: known?.program ?? programs.get(inode) ?? null,
    });
  }
  return [...found.values()].toSorted((one, other) => one.port - other.port);
}

/** State of a socket that listens, in the kernel's tables. */
const listening = '0A';
/** 127.0.0.11, as the tables write it: the engine's own name server in each container. */
const engineResolver = '0B00007F';

function parseRow(line: string): { readonly port: number; readonly reachable: boolean; readonly inode: string } | null {
  const fields = line.trim().split(/\s+/u);
  const [address = '', port = ''] = (fields[1] ?? '').split(':');
  if (!/^\d+:$/u.test(fields[0] ?? '') || fields[3] !== listening || address === engineResolver) return null;
  return { port: Number.parseInt(port, 16), reachable: !isLoopback(address), inode: fields[9] ?? '' };
}

/** IPv4 bytes stand in reverse; IPv6 words each for itself. */
const isLoopback = (address: string): boolean =>
  /^[\dA-F]{6}7F$/u.test(address) || /^0{24}01000000$/u.test(address) || /^0{16}FFFF0000[\dA-F]{6}7F$/u.test(address);

function toProgramsByInode(output: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const programs = new Map<string, string>();
  let pid = '';
  for (const line of output.split('\n')) {
    const name = /^name \/proc\/(?<pid>\d+)\/comm (?<name>.+)$/u.exec(line)?.groups;
    if (name !== undefined) names.set(name['pid'] ?? '', name['name'] ?? '');
    pid = /^\/proc\/(?<pid>\d+)\/fd:$/u.exec(line)?.groups?.['pid'] ?? pid;
    const inode = /socket:\[(?<inode>\d+)\]$/u.exec(line)?.groups?.['inode'];
    if (inode !== undefined && !programs.has(inode)) programs.set(inode, names.get(pid) ?? '');
  }
  return new Map([...programs].filter(([, name]) => name !== ''));
}
