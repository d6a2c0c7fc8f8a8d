import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineState } from '../../preload/contract/snapshot.ts';
import type { CliIo } from './io.ts';
import { escapeText } from './text/escape.ts';

interface EngineChoice {
  /** What the caller set, as one would say it. */
  readonly said: string;
  readonly endpoint: string;
}

/** Endpoint of a Docker context, from the client's own store (docker/cli, cli/context/store). */
async function contextEndpoint(io: CliIo, name: string): Promise<string | null> {
  const { createHash } = await import('node:crypto');
  const folder = io.environment['DOCKER_CONFIG'] ?? join(io.homeFolder, '.docker');
  const file = join(folder, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'), 'meta.json');
  try {
    const meta = JSON.parse(await readFile(file, 'utf8')) as { Endpoints?: { docker?: { Host?: unknown } } };
    const host = meta.Endpoints?.docker?.Host;
    return typeof host === 'string' ? host : null;
  } catch {
    return null;
  }
}

/** DOCKER_HOST wins over DOCKER_CONTEXT, as in the docker client. null where the caller chose none. */
async function callersChoice(io: CliIo): Promise<EngineChoice | null> {
  const host = io.environment['DOCKER_HOST'] ?? '';
  if (host !== '') return { said: `DOCKER_HOST=${host}`, endpoint: host };
  const context = io.environment['DOCKER_CONTEXT'] ?? '';
  if (context === '' || context === 'default') return null;
  const endpoint = await contextEndpoint(io, context);
  return endpoint === null ? null : { said: `DOCKER_CONTEXT=${context}`, endpoint };
}

/** One spelling per socket: without scheme, symbolic links resolved (`/var/run` is `/run`). */
async function toComparable(endpoint: string): Promise<string> {
  const path = endpoint.replace(/^(?:unix|npipe):\/\//u, '');
  if (!path.startsWith('/')) return path.replace(/\/+$/u, '');
  return realpath(path).catch(() => path);
}

/** The host process chose its engine when it started; where the caller's environment says another, that is told. */
export async function warnOfOtherEngine(io: CliIo, engine: EngineState): Promise<void> {
  if (engine.status !== 'ready') return;
  const choice = await callersChoice(io);
  if (choice === null) return;
  const [wanted, used] = await Promise.all([toComparable(choice.endpoint), toComparable(engine.endpoint)]);
  if (wanted === used) return;
  io.err.write(
    `Warning: the host process uses the engine at ${escapeText(engine.endpoint)}, not ${escapeText(choice.said)}; ` +
      '"tazpod quit" lets the next command choose anew.\n',
  );
}
