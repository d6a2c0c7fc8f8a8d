import { readFile, statfs } from 'node:fs/promises';
import { release } from 'node:os';
import path from 'node:path';
import { readGitIdentity, type GitIdentity } from '../inside/git-identity.ts';
import { hideCredentials, readHostEnvironment } from '../inside/host-environment.ts';
import { findPrivateResolvers } from '../inside/private-resolvers.ts';

/** What doctor finds on this machine itself. */
export interface MachineFacts {
  readonly git: Pick<GitIdentity, 'name' | 'email'>;
  /** Proxies that containers get, credentials hidden, by variable. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Names of proxy variables that this process has. */
  readonly ownProxies: readonly string[];
  readonly privateResolvers: readonly string[];
  readonly swap: SwapFacts | null;
  /** Where there is little room matters more than how much there is in all. */
  readonly disks: readonly DiskFacts[];
}

export interface SwapFacts {
  /** Files and partitions in use as swap. */
  readonly areas: readonly string[];
  /** Linux 6.4 and later keep a tmpfs out of swap when asked to. */
  readonly hasNoswap: boolean;
}

export interface DiskFacts {
  readonly folder: string;
  readonly what: string;
  readonly freeBytes: number;
}

interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly endpoint: string;
  /** Folder -> what lies there. */
  readonly folders: ReadonlyMap<string, string>;
}

const isProxy = (name: string): boolean => /^(?:https?|all|no)_proxy$/iu.test(name);

/** Looks at this machine. Starts git, reads small files, and asks for free space. */
export async function readMachineFacts(around: Surroundings): Promise<MachineFacts> {
  const { environment, homeFolder, endpoint, folders } = around;
  const given = hideCredentials(await readHostEnvironment(environment, homeFolder, endpoint));
  return {
    git: await readGitIdentity(homeFolder, environment, homeFolder),
    proxies: Object.fromEntries(Object.entries(given).filter(([name]) => isProxy(name) && name === name.toUpperCase())),
    ownProxies: Object.keys(environment).filter((name) => isProxy(name) && environment[name] !== ''),
    privateResolvers: await findPrivateResolvers(),
    swap: process.platform === 'linux' ? toSwapFacts(await readText('/proc/swaps'), release()) : null,
    disks: (await Promise.all([...folders].map(async ([folder, what]) => toDisk(folder, what)))).flat(),
  };
}

const readText = async (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

/** Of `/proc/swaps` and the kernel's release. Compressed memory (zram) never reaches a disk. Pure. */
export function toSwapFacts(table: string, kernel: string): SwapFacts {
  const [, ...rows] = table.trim().split('\n');
  const areas = rows.flatMap((row) => row.split(/\s+/u)[0] ?? []).filter((area) => !/^\/dev\/zram\d/u.test(area));
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10));
  return { areas, hasNoswap: major > 6 || (major === 6 && minor >= 4) };
}

async function toDisk(folder: string, what: string): Promise<readonly DiskFacts[]> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return [{ folder: path.normalize(folder), what, freeBytes: bavail * bsize }];
  } catch {
    // The engine's folder may be another machine's, or closed to us: then there is nothing to tell.
    return [];
  }
}
