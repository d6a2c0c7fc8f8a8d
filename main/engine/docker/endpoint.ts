import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { hasCode, reasonOf } from '../failure.ts';

/** Where a Docker API may be found. */
export interface EngineEndpoint {
  /** As Docker writes it: `unix:///run/docker.sock`, `npipe:////./pipe/docker_engine`, `tcp://127.0.0.1:2375`. */
  readonly host: string;
  /** How it was found: `DOCKER_HOST`, `context NAME`, or the name of a usual place. */
  readonly source: string;
}

/** Stands before the name of a context whose endpoint is not known. */
export const unreadableContext = 'context://';

export interface EndpointFacts {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly homeFolder: string;
  readonly userId: number;
}

export function hostFacts(environment: EndpointFacts['environment']): EndpointFacts {
  return { platform: process.platform, environment, homeFolder: homedir(), userId: userInfo().uid };
}

/**
 * Places to look for an engine, in order. A choice that the person made (DOCKER_HOST, DOCKER_CONTEXT, `docker context
 * use`) is the only candidate: falling back to another engine would act on containers nobody meant.
 */
export async function listEndpoints(facts: EndpointFacts): Promise<readonly EngineEndpoint[]> {
  const chosenHost = facts.environment['DOCKER_HOST'];
  if (chosenHost) return [{ host: normalizeHost(chosenHost), source: 'DOCKER_HOST' }];
  const context = await currentContext(facts);
  if (context !== null) return [context];
  return usualEndpoints(facts);
}

/** `localhost:2375` and `tcp://localhost:2375` name the same place. */
function normalizeHost(host: string): string {
  return host.includes('://') ? host : `tcp://${host}`;
}

async function currentContext(facts: EndpointFacts): Promise<EngineEndpoint | null> {
  // Docker's own tools take an empty variable for an absent one.
  const configFolder = facts.environment['DOCKER_CONFIG'] || path.join(facts.homeFolder, '.docker');
  const name = facts.environment['DOCKER_CONTEXT'] || (await configuredContext(path.join(configFolder, 'config.json')));
  if (name === null || name === '' || name === 'default') return null;
  const folder = createHash('sha256').update(name).digest('hex');
  const host = await contextHost(path.join(configFolder, 'contexts', 'meta', folder, 'meta.json'));
  // A context that can't be read stays a candidate: the person is told about it instead of being sent elsewhere.
  return { host: host ?? `${unreadableContext}${name}`, source: `context ${name}` };
}

async function configuredContext(file: string): Promise<string | null> {
  const json = await readJson(file);
  const name = json?.['currentContext'];
  return typeof name === 'string' ? name : null;
}

async function contextHost(file: string): Promise<string | null> {
  const endpoints = (await readJson(file))?.['Endpoints'];
  const docker = isRecord(endpoints) ? endpoints['docker'] : undefined;
  const host = isRecord(docker) ? docker['Host'] : undefined;
  return typeof host === 'string' && host !== '' ? host : null;
}

/** A JSON object of Docker's own; null where it is missing or is not one (Docker's CLI then warns and goes on too). */
async function readJson(file: string): Promise<Record<string, unknown> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isRecord(value) ? value : null;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR', 'EACCES') || error instanceof SyntaxError) return null;
    throw new Error(`${file} can't be read: ${reasonOf(error)}`, { cause: error });
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const unix = (socket: string, source: string): EngineEndpoint => ({ host: `unix://${socket}`, source });

/** Sockets of the engines people use, in the order Docker's own tools prefer them. */
export function usualEndpoints(facts: EndpointFacts): readonly EngineEndpoint[] {
  const home = (...parts: string[]): string => path.join(facts.homeFolder, ...parts);
  if (facts.platform === 'win32') {
    return [
      { host: 'npipe:////./pipe/docker_engine', source: 'Docker' },
      { host: 'npipe:////./pipe/dockerDesktopLinuxEngine', source: 'Docker Desktop' },
      { host: 'npipe:////./pipe/podman-machine-default', source: 'Podman' },
    ];
  }
  const runtime = facts.environment['XDG_RUNTIME_DIR'] || `/run/user/${facts.userId}`;
  return [
    unix('/var/run/docker.sock', 'Docker'),
    unix(path.join(runtime, 'docker.sock'), 'rootless Docker'),
    unix(home('.docker', 'desktop', 'docker.sock'), 'Docker Desktop'),
    unix(home('.docker', 'run', 'docker.sock'), 'Docker Desktop'),
    unix(home('.orbstack', 'run', 'docker.sock'), 'OrbStack'),
    unix(home('.colima', 'default', 'docker.sock'), 'Colima'),
    unix(home('.config', 'colima', 'default', 'docker.sock'), 'Colima'),
    unix(home('.rd', 'docker.sock'), 'Rancher Desktop'),
    unix(path.join(runtime, 'podman', 'podman.sock'), 'Podman'),
    unix('/run/podman/podman.sock', 'Podman (root)'),
  ];
}
