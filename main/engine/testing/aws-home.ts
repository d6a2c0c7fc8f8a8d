import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A home folder with an AWS config of its own. */
export interface AwsHome {
  readonly folder: string;
  readonly configFile: string;
  /** The file of a login, by its session's name or its start URL. */
  tokenFile(id: string): string;
  close(): Promise<void>;
}

/** What of the environment would lead the SDK elsewhere. */
export const awsVariables = [
  'AWS_PROFILE',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const;

export const startUrl = 'https://acme.example/start';

/** `work` logs in by the session `acme`, `old` in the older form, `keys` not at all. */
const config = `[sso-session acme]
sso_start_url = ${startUrl}
sso_region = eu-central-1
sso_registration_scopes = sso:account:access

[profile work]
sso_session = acme
sso_account_id = 123456789012
sso_role_name = Vaults

[profile old]
sso_start_url = ${startUrl}
sso_region = eu-central-1
sso_account_id = 123456789012
sso_role_name = Vaults

[profile keys]
region = eu-central-1
`;

export async function openAwsHome(): Promise<AwsHome> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-aws-')));
  await writeAwsConfig(folder);
  return {
    folder,
    configFile: path.join(folder, '.aws/config'),
    tokenFile: (id) => tokenFileIn(folder, id),
    close: async () => await rm(folder, { recursive: true, force: true }),
  };
}

/** Writes the config into a home that somebody else made. */
export async function writeAwsConfig(home: string): Promise<void> {
  await mkdir(path.join(home, '.aws'));
  await writeFile(path.join(home, '.aws/config'), config);
}

export const tokenFileIn = (home: string, id: string): string =>
  path.join(home, '.aws/sso/cache', `${createHash('sha1').update(id).digest('hex')}.json`);
