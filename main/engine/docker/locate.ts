import http from 'node:http';
import { isIP } from 'node:net';
import { hasCode, reasonOf } from '../failure.ts';
import { toFailure, type Failure } from '../../../preload/contract/errors.ts';
import { listEndpoints, unreadableContext, type EndpointFacts, type EngineEndpoint } from './endpoint.ts';

/** How dockerode is to connect. */
export type Connection =
  { readonly socketPath: string } | { readonly host: string; readonly port: number; readonly protocol: 'http' };

export type Located =
  | {
      readonly status: 'ready';
      readonly endpoint: EngineEndpoint;
      readonly connection: Connection;
      readonly apiVersion: string;
    }
  | {
      readonly status: 'unreachable' | 'permission' | 'remote' | 'context' | 'too-old';
      readonly tried: readonly string[];
      readonly failure: Failure;
    };

/** Docker 20.10, the oldest engine that Debian and Ubuntu still ship; Podman 4 speaks it too. */
const minimumApiVersion = '1.41';

/** An engine that is up answers its ping in a millisecond; one that hangs must not hang us. */
const pingTimeoutMs = 5_000;

/** Finds the engine to use: the first candidate that answers. Never starts one. */
export async function locateEngine(facts: EndpointFacts): Promise<Located> {
  const tried: string[] = [];
  let firstRefusal: Located | null = null;
  for (const endpoint of await listEndpoints(facts)) {
    const located = await tryEndpoint(endpoint);
    if (located.status === 'ready') return located;
    tried.push(`${endpoint.source} (${endpoint.host})`);
    // An engine that is there but refuses us says more than the ones that are not there.
    if (located.status !== 'unreachable') firstRefusal ??= located;
  }
  if (firstRefusal !== null) return firstRefusal;
  return { status: 'unreachable', tried, failure: toFailure('engine-unreachable', { tried }) };
}

async function tryEndpoint(endpoint: EngineEndpoint): Promise<Located> {
  const tried = [`${endpoint.source} (${endpoint.host})`];
  if (endpoint.host.startsWith(unreadableContext)) {
    const context = endpoint.host.slice(unreadableContext.length);
    return { status: 'context', tried, failure: toFailure('context-unreadable', { context }) };
  }
  const connection = toConnection(endpoint.host);
  if (connection === 'remote') {
    return { status: 'remote', tried, failure: toFailure('engine-remote', { endpoint: endpoint.host }) };
  }
  try {
    const apiVersion = await ping(connection);
    if (compareApiVersions(apiVersion, minimumApiVersion) < 0) {
      const failure = toFailure('engine-too-old', { apiVersion, needed: minimumApiVersion });
      return { status: 'too-old', tried, failure };
    }
    return { status: 'ready', endpoint, connection, apiVersion };
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM')) {
      const socket = 'socketPath' in connection ? connection.socketPath : endpoint.host;
      return { status: 'permission', tried, failure: toFailure('engine-permission', { socket }) };
    }
    const reason = `${tried.join()}: ${reasonOf(error)}`;
    return { status: 'unreachable', tried, failure: toFailure('engine-unreachable', { tried: [reason] }) };
  }
}

/** Only engines on this machine: a bind mount of a folder that is elsewhere would show an empty one. */
export function toConnection(host: string): Connection | 'remote' {
  const unix = /^(?:unix|npipe):\/\/(?<path>.+)$/u.exec(host)?.groups?.['path'];
  if (unix !== undefined) return { socketPath: unix };
  if (!URL.canParse(host)) return 'remote';
  const url = new URL(host);
  if ((url.protocol === 'tcp:' || url.protocol === 'http:') && isLoopback(url.hostname)) {
    // Node's http takes an IPv6 address without its brackets.
    return { host: url.hostname.replace(/^\[|\]$/gu, ''), port: Number(url.port || '2375'), protocol: 'http' };
  }
  return 'remote';
}

const isLoopback = (name: string): boolean =>
  name === 'localhost' || name === '[::1]' || (isIP(name) === 4 && name.startsWith('127.'));

/** Asks `GET /_ping`; answers the engine's API version. */
async function ping(connection: Connection): Promise<string> {
  return new Promise((resolve, reject) => {
    // dockerode's word for the protocol has no colon, Node's has one.
    const options = { ...connection, protocol: 'http:', path: '/_ping', timeout: pingTimeoutMs, agent: false };
    const request = http.get(options, (response) => {
      response.resume();
      const version = response.headers['api-version'];
      if (response.statusCode === 200 && typeof version === 'string') resolve(version);
      else reject(new Error(`it answered ${response.statusCode ?? 'nothing'} and no Api-Version`));
    });
    request.on('timeout', () => request.destroy(new Error(`no answer within ${pingTimeoutMs} ms`)));
    request.on('error', reject);
  });
}

/** Compares `1.41` with `1.5` by number, not by text. */
export function compareApiVersions(left: string, right: string): number {
  const [leftMajor = 0, leftMinor = 0] = left.split('.').map(Number);
  const [rightMajor = 0, rightMinor = 0] = right.split('.').map(Number);
  return leftMajor - rightMajor || leftMinor - rightMinor;
}
