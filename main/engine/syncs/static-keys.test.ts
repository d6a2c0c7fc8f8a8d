import { expect, test } from 'vitest';
import { readVaultProfile } from './static-keys.ts';

const pair = 'aws_access_key_id = AKIA1\naws_secret_access_key=s/e+c=r\n';
const keys = { accessKeyId: 'AKIA1', secretAccessKey: 's/e+c=r' };

test('a pair is found for the profile and no other, in either file', () => {
  const credentials = `[other]\naws_access_key_id = no\naws_secret_access_key = no\n\n[ work ]\r\n${pair}# end\n`;
  expect(readVaultProfile({ credentials, config: '' }, 'work')).toEqual({ keys, refused: [] });
  expect(readVaultProfile({ credentials, config: '' }, null).keys).toBe(null);
  const config = `[profile work]\n${pair}[sso-session work]\nsso_region = x\n`;
  expect(readVaultProfile({ credentials: '', config }, 'work')).toEqual({ keys, refused: [] });
  for (const name of ['default', 'profile default']) {
    expect(readVaultProfile({ credentials: '', config: `[${name}]\n${pair}` }, null).keys).toEqual(keys);
  }
});

test('credentials comes before config, and a session token goes with its pair', () => {
  const credentials = `[default]\n${pair}aws_session_token = t\n`;
  const config = '[default]\naws_access_key_id = no\naws_secret_access_key = no\n';
  expect(readVaultProfile({ credentials, config }, null).keys).toEqual({ ...keys, sessionToken: 't' });
});

test.each([
  'aws_access_key_id = a\n',
  'aws_secret_access_key = b\n',
  '',
  's3 =\n  aws_access_key_id = a\naws_secret_access_key = b\n',
])('half a pair is none: %j', (text) => {
  expect(readVaultProfile({ credentials: `[default]\n${text}`, config: '' }, null).keys).toBe(null);
});

test.each([
  'credential_process',
  'credential_source',
  'role_arn',
  'source_profile',
  'web_identity_token_file',
  'sso_start_url',
  'sso_session',
  'login_session',
])('%s is named and never followed', (setting) => {
  const files = { credentials: '', config: `[default]\n${setting} = touch /tmp/x\n` };
  expect(readVaultProfile(files, null)).toEqual({ keys: null, refused: [setting] });
  expect(readVaultProfile({ ...files, credentials: `[default]\n${pair}` }, null)).toEqual({ keys, refused: [setting] });
});
