import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { newTestKey, saveVault } from '../../main/engine/syncs/testing/test-vault.ts';
import { tokenFileIn, writeAwsConfig } from '../../main/engine/testing/aws-home.ts';
import { openFakeS3, type FakeS3 } from '../../main/engine/testing/fake-s3.ts';
import { canary, fakeAccessKeyId, fakePage, openFakeSso, type FakeSso } from '../../main/engine/testing/fake-sso.ts';
import { openVaultStore } from '../../main/engine/vault/store.ts';
import { cliEntry, nodeProgram } from '../fixtures/cli-process.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';
import { needsPty, openPty, type Pty } from '../fixtures/pty.ts';
import { eventually } from '../fixtures/processes.ts';
import { findInFolder } from '../fixtures/secret-search.ts';

/** The built command line and agent, with fakes of Amazon's login and of S3, in a home of their own. */
let sso: FakeSso;
let s3: FakeS3;
let profile: CliProfile;
let folder: string;
let tokenFile: string;
let home: string;

beforeAll(async () => {
  [sso, s3] = [await openFakeSso(), await openFakeS3()];
  profile = await openCliProfile({ environment: sso.environment });
  home = profile.environment['HOME'] ?? '';
  await writeAwsConfig(home);
  tokenFile = tokenFileIn(home, 'acme');
  folder = await makeProject('acme');
  await saveVault(await openVaultStore(folder, { nowMs: Date.now }), newTestKey(), 'one');
});
afterAll(async () => {
  await profile.close();
  await Promise.all([sso.close(), s3.close()]);
});

async function makeProject(name: string): Promise<string> {
  const made = await profile.folder(name);
  await mkdir(path.join(made, '.tazpod'));
  const remote = `{ type: s3, bucket: vaults, endpoint: "${s3.endpoint}", path_style: true, profile: work }`;
  const config = `image: ${baseImage}\nsync: { prefix: tazpod/projects/acme, remote: ${remote} }\n`;
  await writeFile(path.join(made, '.tazpod/config.yaml'), config);
  expectCode(await profile.run(['trust', '--yes', made]), 0);
  return made;
}

async function openTerminal(...words: readonly string[]): Promise<Pty> {
  // The browser of this desktop writes down what it is to open.
  const bin = path.join(profile.root, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(path.join(bin, 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${profile.root}/opened'\n`);
  await chmod(path.join(bin, 'xdg-open'), 0o755);
  const PATH = `${bin}:${profile.environment['PATH'] ?? ''}`;
  const environment = { ...profile.environment, PATH };
  const pty = await openPty([nodeProgram, cliEntry, ...words, folder], { environment, rows: 40, columns: 120 });
  onTestFinished(async () => pty.close());
  return pty;
}

const opened = async (): Promise<string> => await readFile(path.join(profile.root, 'opened'), 'utf8').catch(() => '');

test('push says that a login is missing, and how to log in', async () => {
  const { code, stderr } = await profile.run(['push', folder]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/needs an AWS SSO login \(profile "work"\).*\nNext: Log in: "tazpod login"/u);
  expect(stderr).not.toContain('aws sso login');
});

test.skipIf(needsPty !== '')(`on a terminal Ctrl-C leaves nothing behind${needsPty}`, async () => {
  const pty = await openTerminal('login');
  await pty.printed(/must show this code: FAKE-CODE/u);
  expect(await opened()).toBe('');
  pty.write('\u0003');
  expect(await pty.ended).toBe(1);
  expect(pty.text()).toContain('was cancelled');
  expect(await readdir(path.join(home, '.aws'))).toEqual(['config']);
});

test.skipIf(needsPty !== '')(`on a terminal Enter opens the page, and what is denied is told${needsPty}`, async () => {
  const pty = await openTerminal('login');
  await pty.printed(/Press Enter to open it here/u);
  expect(await opened()).toBe('');
  pty.write('\n');
  await eventually(async () => (await opened()) === `${fakePage}\n`, 'the page in the browser', 5_000);
  sso.script('denied');
  expect(await pty.ended).toBe(1);
  expect(pty.text()).toMatch(/denied there[^]*log in again/u);
});

test('login shows page and code, waits, and everything after it goes by the login; no token shows anywhere', async () => {
  const login = profile.start(['login', folder, '--json']);
  await login.said(/this code: FAKE-CODE/u);
  sso.confirm();
  const end = await login.ended;
  expect(end.stderr).toContain(fakePage);
  expectCode(end, 0);
  expect(JSON.parse(end.stdout)).toMatchObject({ failure: null, remote: { type: 's3' } });
  expect(JSON.parse(await readFile(tokenFile, 'utf8'))).toMatchObject({
    accessToken: `${canary}-access`,
    region: 'eu-central-1',
  });
  expect((await stat(tokenFile)).mode & 0o777).toBe(0o600);

  s3.takeRequests();
  const pushed = await profile.run(['push', folder]);
  expectCode(pushed, 0);
  expect(new Set(s3.takeRequests().map(({ accessKeyId }) => accessKeyId))).toEqual(new Set([fakeAccessKeyId]));
  for (const text of [end.stdout, end.stderr, pushed.stdout, pushed.stderr]) expect(text).not.toContain(canary);
  const secret = { name: 'a token', bytes: Buffer.from(canary) };
  expect(await findInFolder([secret], profile.root)).toEqual([`${tokenFile}: a token`]);
});

test.skipIf(needsPty !== '')(`enter offers login, then the vault that the remote has${needsPty}`, async () => {
  await writeFile(
    tokenFile,
    JSON.stringify({
      ...JSON.parse(await readFile(tokenFile, 'utf8')),
      expiresAt: '2020-01-01T00:00:00Z',
      refreshToken: undefined,
    }),
  );
  folder = await makeProject('later');
  const pty = await openTerminal('enter');
  await pty.printed(/needs an AWS SSO login first\. Log in now\? \[y\/N\]/u);
  pty.write('y\n');
  await pty.printed(/must show this code: FAKE-CODE/u);
  await pty.printed(/Pull it\? \[y\/N\]/u);
  pty.write('n\n');
  await pty.printed(/\/workspace/u);
  pty.write('exit 7\n');
  expect(await pty.ended).toBe(7);
  expectCode(await profile.run(['down', folder]), 0);
});
