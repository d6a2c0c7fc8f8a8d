import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { failWith, failureOf, TazpodError } from '../../failure.ts';
import { awsVariables, openAwsHome, startUrl, type AwsHome } from '../../testing/aws-home.ts';
import { openFakeS3, type FakeS3 } from '../../testing/fake-s3.ts';
import {
  canary,
  fakeAccessKeyId,
  fakePage,
  fakeUserCode,
  openFakeSso,
  type FakeSso,
  type FakeSsoOptions,
} from '../../testing/fake-sso.ts';
import { openBucket } from '../remotes/s3-client.ts';
import { readSsoSettings } from './aws-config.ts';
import { logIn } from './log-in.ts';
import { openDeviceService } from './oidc-client.ts';

/** The real SDK against a fake of the services, in a home of its own. */
let home: AwsHome;
let sso: FakeSso;
let s3: FakeS3;
const never = new AbortController().signal;
const nowMs = (): number => Date.UTC(2026, 0, 2, 3, 4, 5, 678);

async function useSso(options: FakeSsoOptions): Promise<void> {
  await sso.close();
  sso = await openFakeSso(options);
  for (const [name, value] of Object.entries(sso.environment)) vi.stubEnv(name, value);
}

beforeEach(async () => {
  home = await openAwsHome();
  [sso, s3] = [await openFakeSso(), await openFakeS3()];
  vi.stubEnv('HOME', home.folder);
  for (const name of awsVariables) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(sso.environment)) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all([sso.close(), s3.close()]);
  await home.close();
});

const run = async (
  profile: string | null,
  signal = never,
  show: Parameters<typeof logIn>[1]['show'] = () => undefined,
) => await logIn(profile, { nowMs, signal, show });
const codeOf = async (work: Promise<unknown>): Promise<string> =>
  await work.then(
    () => 'done',
    (error: unknown) => {
      expect(JSON.stringify(failureOf(error))).not.toContain(canary);
      return failureOf(error).code;
    },
  );
const look = async (profile: string): Promise<unknown> => {
  const place = { bucket: 'vaults', endpoint: s3.endpoint, region: null, profile, isPathStyle: true };
  return await openBucket(place, null).head('x', never);
};

test.each([
  ['work', 'acme', ['sso:account:access']],
  ['old', startUrl, undefined],
])(
  'the login of the profile %s is where the SDK looks for it, and the bucket is reached with it',
  async (profile, id, scopes) => {
    const config = await readFile(home.configFile);
    const before = await look(profile).catch(failureOf);
    expect(before).toMatchObject({ code: 'sync-login-needed', message: expect.stringContaining(profile) });
    expect(JSON.stringify(before)).not.toContain('aws sso login');

    const shown: unknown[] = [];
    sso.script('pending');
    sso.confirm();
    expect(await run(profile, never, (prompt) => shown.push(prompt))).toEqual({
      profile,
      expiresAtMs: nowMs() + 28_800_000,
    });
    expect(shown).toEqual([{ page: fakePage, userCode: fakeUserCode, validMs: 600_000 }]);
    expect(sso.asked.slice(-4)).toEqual(['/client/register', '/device_authorization', '/token', '/token']);
    const [registered] = sso.bodies('/client/register');
    expect(registered).toEqual({
      clientName: 'TazPod Desktop',
      clientType: 'public',
      ...(scopes === undefined ? {} : { scopes }),
    });
    const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
    expect(sso.bodies('/token')[0]).toMatchObject({
      grantType,
      deviceCode: `${canary}-device`,
      clientId: 'fake-client',
    });

    const file = home.tokenFile(id);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({
      startUrl,
      region: 'eu-central-1',
      accessToken: `${canary}-access`,
      expiresAt: '2026-01-02T11:04:05Z',
      refreshToken: `${canary}-refresh`,
      clientId: 'fake-client',
      clientSecret: `${canary}-client`,
      registrationExpiresAt: expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u),
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
    expect(await readdir(path.dirname(file))).toEqual([path.basename(file)]);
    expect(await readFile(home.configFile)).toEqual(config);

    // By the clock of the machine the token above has long ended.
    await logIn(profile, { nowMs: Date.now, signal: never, show: () => undefined });
    expect(await look(profile)).toBe(null);
    expect(s3.takeRequests().map(({ accessKeyId }) => accessKeyId)).toEqual([fakeAccessKeyId]);
  },
);

test('a config that is mended while we run counts at once', async () => {
  await writeFile(home.configFile, '');
  expect(await codeOf(run('work'))).toBe('login-not-configured');
  expect(await codeOf(look('work'))).toBe('sync-credentials');
  const other = await openAwsHome();
  await writeFile(home.configFile, await readFile(other.configFile));
  await other.close();
  sso.script('denied');
  expect(await codeOf(run('work'))).toBe('login-denied');
  expect(await codeOf(look('work'))).toBe('sync-login-needed');
  await writeFile(
    path.join(home.folder, '.aws/credentials'),
    '[keys]\naws_access_key_id=AKIAKEYS\naws_secret_access_key=k\n',
  );
  expect(await look('keys')).toBe(null);
});

test('keys of the environment that have expired are not mended by a login of the default profile', async () => {
  await writeFile(home.configFile, (await readFile(home.configFile, 'utf8')).replace('[profile work]', '[default]'));
  const server = createServer((_request, response) => {
    response.writeHead(400).end('<Error><Code>ExpiredToken</Code><Message>it has expired</Message></Error>');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const get = async (): Promise<unknown> => {
    const place = {
      bucket: 'vaults',
      endpoint: `http://127.0.0.1:${port}`,
      region: null,
      profile: null,
      isPathStyle: true,
    };
    return await openBucket(place, null).get('x', never);
  };
  expect(await codeOf(get())).toBe('sync-login-needed');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXPIRED');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  expect(await codeOf(get())).toBe('sync-credentials');
  server.closeAllConnections();
  server.close();
});

test('a profile without SSO settings, or none at all, has no login to offer', async () => {
  expect(await codeOf(look('keys'))).toBe('sync-credentials');
  for (const profile of ['keys', 'absent', null]) expect(await codeOf(run(profile))).toBe('login-not-configured');
  expect(sso.asked).toEqual([]);
});

test.each([
  ['denied', 'login-denied'],
  ['expired', 'login-expired'],
  ['refused', 'login-refused'],
] as const)('what the service says as %s ends as %s, and nothing is kept', async (answer, code) => {
  sso.script(answer);
  expect(await codeOf(run('work'))).toBe(code);
  expect(await readdir(path.join(home.folder, '.aws'))).toEqual(['config']);
});

test('every answer of the service is known by its name', async () => {
  const settings = await readSsoSettings('work');
  if (settings === null) throw new Error('unreachable');
  const service = openDeviceService(settings);
  const client = await service.register(settings.scopes, never);
  for (const answer of ['pending', 'slow-down', 'expired', 'denied', 'granted'] as const) {
    sso.script(answer);
    expect((await service.askForToken(client, 'device', never)).type).toBe(answer);
  }
  sso.script('away', 'away', 'away', 'away', 'away');
  const away = await service.askForToken(client, 'device', never);
  expect(away.type).toBe('away');
  expect(inspect(away, { depth: null })).toContain('login-unreachable');
  expect(JSON.stringify(away)).not.toContain(canary);
  service.close();
});

test('a service that can not be reached is told as that', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_SSO_OIDC', 'http://127.0.0.1:9');
  expect(await codeOf(run('work'))).toBe('login-unreachable');
});

test('a page that is not https is never shown', async () => {
  await useSso({ page: 'http://device.sso.example/' });
  const shown: unknown[] = [];
  expect(await codeOf(run('work', never, (prompt) => shown.push(prompt)))).toBe('login-page-refused');
  expect(shown).toEqual([]);
});

test('cancelled while it waits, it ends at once and keeps nothing', async () => {
  await useSso({ intervalSeconds: 60 });
  const abort = new AbortController();
  const reason = failWith('cancelled', { action: 'Logging in for acme' });
  const began = performance.now();
  const end = run('work', abort.signal, () => abort.abort(reason));
  await expect(end).rejects.toBe(reason);
  expect(performance.now() - began).toBeLessThan(10_000);
  expect(await readdir(path.join(home.folder, '.aws'))).toEqual(['config']);
  expect(sso.asked).toEqual(['/client/register', '/device_authorization']);
});

test('a login that can not be written is told, and the one before stays', async () => {
  const file = home.tokenFile('acme');
  // A folder in the file's place stands for all that keeps a file from being put there.
  await mkdir(file, { recursive: true });
  sso.confirm();
  const error: unknown = await run('work').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TazpodError);
  expect(failureOf(error).code).toBe('state-write-failed');
  expect(JSON.stringify(failureOf(error))).not.toContain(canary);
  expect(await readdir(path.dirname(file))).toEqual([path.basename(file)]);
});
