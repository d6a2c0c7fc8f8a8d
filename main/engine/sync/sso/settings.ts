/** Where a profile of the AWS config logs in. */
export interface SsoSettings {
  /** The profile that says so: the one asked for, or one that it takes its credentials from. */
  readonly profile: string;
  /** null: the older form, where the profile itself names the start URL; its login can't be renewed by itself. */
  readonly session: string | null;
  readonly startUrl: string;
  readonly region: string;
  /** What the login is good for. */
  readonly scopes: readonly string[];
}

type Section = Readonly<Record<string, string | undefined>>;
/** Profiles by name, and sessions as `sso-session.NAME`: the SDK's own form of the AWS config. */
export type AwsConfig = Readonly<Record<string, Section | undefined>>;

/** What the AWS command line asks for where a session names none. */
const defaultScopes = ['sso:account:access'];

/**
 * Finds out where a profile logs in, also by way of the profile that its role is taken from. Pure.
 * @returns null where it has no complete SSO settings
 */
export function toSsoSettings(config: AwsConfig, profile: string): SsoSettings | null {
  const seen = new Set<string>();
  for (let name = profile; !seen.has(name);) {
    seen.add(name);
    const section = Object.hasOwn(config, name) ? config[name] : undefined;
    if (section === undefined) return null;
    const own = ofSection(config, name, section);
    if (own !== null) return own;
    name = section['source_profile'] ?? name;
  }
  return null;
}

function ofSection(config: AwsConfig, profile: string, section: Section): SsoSettings | null {
  const { sso_session: session } = section;
  if (session === undefined) return complete({ profile, session: null, scopes: [] }, section);
  const key = `sso-session.${session}`;
  const named = Object.hasOwn(config, key) ? config[key] : undefined;
  if (named === undefined) return null;
  const scopes = (named['sso_registration_scopes'] ?? '').split(',').map((scope) => scope.trim());
  const wanted = scopes.filter((scope) => scope !== '');
  return complete({ profile, session, scopes: wanted.length === 0 ? defaultScopes : wanted }, named);
}

function complete(
  found: Pick<SsoSettings, 'profile' | 'session' | 'scopes'>,
  { sso_start_url: startUrl, sso_region: region }: Section,
): SsoSettings | null {
  return startUrl === undefined || region === undefined ? null : { ...found, startUrl, region };
}
