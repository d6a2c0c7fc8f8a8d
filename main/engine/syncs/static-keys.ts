import type { StaticKeys } from '../sync/remotes/s3-client.ts';

/** What a vault's `.aws` says of one profile. */
export interface VaultProfile {
  /** null: it has no complete pair. */
  readonly keys: StaticKeys | null;
  /** Settings that would run a program or ask another service here; they are never followed. */
  readonly refused: readonly string[];
}

/** Anything that a container wrote and that leads beyond plain keys. */
const leadsElsewhere =
  /^(?:credential_process|credential_source|role_arn|source_profile|web_identity|sso_|login_session)/u;

/**
 * Static keys of a profile out of the text of `credentials` and `config`, where `credentials` comes first, as AWS has it.
 * Pure: nothing that the files name is asked or run.
 * @param profile null: the default one
 */
export function readVaultProfile(
  { credentials, config }: { readonly credentials: string; readonly config: string },
  profile: string | null,
): VaultProfile {
  const name = profile ?? 'default';
  const own = new Map([
    ...readSection(config, (section) => section === `profile ${name}` || (name === 'default' && section === name)),
    ...readSection(credentials, (section) => section === name),
  ]);
  const accessKeyId = own.get('aws_access_key_id') ?? '';
  const secretAccessKey = own.get('aws_secret_access_key') ?? '';
  const sessionToken = own.get('aws_session_token') ?? '';
  const isComplete = accessKeyId !== '' && secretAccessKey !== '';
  return {
    keys: isComplete ? { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) } : null,
    refused: [...own.keys()].filter((key) => leadsElsewhere.test(key)),
  };
}

function readSection(text: string, isWanted: (section: string) => boolean): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let isInside = false;
  for (const line of text.split(/\r?\n/u)) {
    const section = /^\s*\[(?<name>[^\]]*)\]/u.exec(line)?.groups?.['name'];
    if (section !== undefined) isInside = isWanted(section.trim().replaceAll(/\s+/gu, ' '));
    // Indented lines belong to a nested setting, such as `s3 =`.
    const pair = /^(?<key>[A-Za-z_][\w-]*)\s*=\s*(?<value>.*?)\s*$/u.exec(line)?.groups;
    if (isInside && pair !== undefined) found.set((pair['key'] ?? '').toLowerCase(), pair['value'] ?? '');
  }
  return found;
}
