import { failWith } from '../../failure.ts';
import { profileName, readSsoSettings, tokenFileOf } from './aws-config.ts';
import { runDeviceFlow, type FlowPorts } from './device-flow.ts';
import { openDeviceService } from './oidc-client.ts';
import { toTokenText, writeToken } from './token-file.ts';

export interface LogInPorts extends Pick<FlowPorts, 'show' | 'signal'> {
  readonly nowMs: () => number;
}

/**
 * Logs a profile of the AWS config in. Nothing is kept before the person has confirmed it, and the config is only read.
 * @param profile null: the default one
 * @returns the profile's name, and when the login ends unless it is renewed
 * @throws TazpodError `login-not-configured`, `state-write-failed`, and as `runDeviceFlow`
 */
export async function logIn(
  profile: string | null,
  { nowMs, show, signal }: LogInPorts,
): Promise<{ readonly profile: string; readonly expiresAtMs: number }> {
  const name = profileName(profile);
  const settings = await readSsoSettings(profile);
  if (settings === null) throw failWith('login-not-configured', { profile: name });
  const service = openDeviceService(settings);
  try {
    const login = await runDeviceFlow(settings, { service, show, signal });
    const { text, expiresAtMs } = toTokenText(settings, login, nowMs());
    await writeToken(tokenFileOf(settings), text);
    return { profile: name, expiresAtMs };
  } finally {
    service.close();
  }
}
