import Dockerode from 'dockerode';
import { failWith, hasCode, reasonOf, TazpodError } from '../failure.ts';
import type { Connection } from './locate.ts';

/** dockerode's client. This file is the only one that makes one; others name its types. */
export type DockerClient = Dockerode;

export function createDockerClient(connection: Connection): DockerClient {
  return new Dockerode(connection);
}

/** HTTP status of an error that the engine answered; 0 where it did not answer. */
export function statusOf(error: unknown): number {
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') return error.statusCode;
  return 0;
}

/** The engine's own sentence, without dockerode's `(HTTP code 404) no such container - ` before it. */
export function engineReason(error: unknown): string {
  if (error instanceof Error && 'json' in error && typeof error.json === 'object' && error.json !== null) {
    if ('message' in error.json && typeof error.json.message === 'string') return error.json.message;
  }
  return reasonOf(error).replace(/^\(HTTP code \d+\) [^-]*- /u, '');
}

/**
 * An error of dockerode as ours.
 * @param action what was asked, as in "The engine refused to ACTION"
 */
export function engineError(error: unknown, action: string): TazpodError {
  if (error instanceof TazpodError) return error;
  if (error instanceof Error && error.name === 'AbortError') return failWith('cancelled', { action }, error);
  if (hasCode(error, 'EACCES', 'EPERM')) {
    return failWith('engine-permission', { socket: socketOf(error) }, error);
  }
  const status = statusOf(error);
  if (status === 0 && hasCode(error, 'ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT')) {
    return failWith('engine-unreachable', { tried: [`${action}: ${reasonOf(error)}`] }, error);
  }
  const reason = engineReason(error);
  if (/no space left on device/iu.test(reason)) return failWith('disk-full', { action, reason }, error);
  return failWith('engine-failed', { action, status, reason }, error);
}

function socketOf(error: unknown): string {
  if (error instanceof Error && 'address' in error && typeof error.address === 'string') return error.address;
  return 'its socket';
}

/** Awaits a call to the engine; what it throws becomes ours. */
export async function askEngine<Value>(action: string, call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    throw engineError(error, action);
  }
}
