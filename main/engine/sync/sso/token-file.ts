import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { failWith, reasonOf } from '../../failure.ts';
import { writeFileAtomically } from '../../project/atomic-write.ts';
import type { Login } from './device-flow.ts';
import type { SsoSettings } from './settings.ts';

/** To the second, without fractions: what every tool that shares the file can read. */
const toTime = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/u, 'Z');

/** A login in the form that the AWS command line and the SDKs keep it in. Pure. */
export function toTokenText(
  { startUrl, region }: SsoSettings,
  { client, token }: Login,
  nowMs: number,
): { readonly text: string; readonly expiresAtMs: number } {
  const expiresAtMs = nowMs + token.expiresInSeconds * 1000;
  const kept = {
    startUrl,
    region,
    accessToken: token.accessToken,
    expiresAt: toTime(expiresAtMs),
    clientId: client.clientId,
    clientSecret: client.clientSecret,
    registrationExpiresAt: toTime(client.expiresAtMs),
    ...(token.refreshToken === null ? {} : { refreshToken: token.refreshToken }),
  };
  return { text: `${JSON.stringify(kept, null, 2)}\n`, expiresAtMs };
}

/** Puts the login where the chain looks for it, for its owner alone. @throws TazpodError `state-write-failed` */
export async function writeToken(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFileAtomically(file, text);
  } catch (error) {
    throw failWith('state-write-failed', { file, reason: reasonOf(error) }, error);
  }
}
