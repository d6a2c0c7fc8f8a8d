import { expect, test } from 'vitest';
import { toSsoSettings, type AwsConfig, type SsoSettings } from './settings.ts';

const session = { sso_start_url: 'https://acme.example/start', sso_region: 'eu-central-1' };
const found = { startUrl: session.sso_start_url, region: session.sso_region };
const config: AwsConfig = {
  'sso-session.acme': session,
  'sso-session.scoped': { ...session, sso_registration_scopes: 'sso:account:access, codewhisperer:all,' },
  'sso-session.half': { sso_region: 'eu-central-1' },
  work: { sso_session: 'acme', sso_account_id: '1', sso_role_name: 'r', sso_start_url: 'https://other.example' },
  scoped: { sso_session: 'scoped' },
  old: { ...session, sso_account_id: '1' },
  role: { role_arn: 'arn:aws:iam::1:role/x', source_profile: 'work' },
  loop: { source_profile: 'pool' },
  pool: { source_profile: 'loop' },
  itself: { source_profile: 'itself' },
  keys: { aws_access_key_id: 'a', aws_secret_access_key: 'b' },
  nowhere: { sso_session: 'gone' },
  half: { sso_session: 'half' },
};

const cases: readonly (readonly [profile: string, expected: SsoSettings | null])[] = [
  ['work', { profile: 'work', session: 'acme', ...found, scopes: ['sso:account:access'] }],
  ['scoped', { profile: 'scoped', session: 'scoped', ...found, scopes: ['sso:account:access', 'codewhisperer:all'] }],
  ['old', { profile: 'old', session: null, ...found, scopes: [] }],
  ['role', { profile: 'work', session: 'acme', ...found, scopes: ['sso:account:access'] }],
  ...['keys', 'nowhere', 'half', 'loop', 'itself', 'absent', 'toString', '__proto__'].map(
    (name) => [name, null] as const,
  ),
];

test.each(cases)('the profile %s logs in where its settings say', (profile, expected) => {
  expect(toSsoSettings(config, profile)).toEqual(expected);
});
