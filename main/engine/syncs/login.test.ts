import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { awsVariables, openAwsHome, type AwsHome } from '../testing/aws-home.ts';
import { openFakeS3, type FakeS3 } from '../testing/fake-s3.ts';
import { canary, fakeAccessKeyId, fakePage, fakeUserCode, openFakeSso, type FakeSso } from '../testing/fake-sso.ts';
import { openInstallation, type Installation } from './testing/installation.ts';
import { newTestKey } from './testing/test-vault.ts';

/** `logIn` from the command to the bucket, with the real SDK, against fakes of Amazon's services. */
const key = newTestKey();
/** Installations of tests live in the past: a login of theirs must still hold for the SDK, which lives in the present. */
const tokenSeconds = 100 * 365 * 86_400;
let root: string;
let home: AwsHome;
let sso: FakeSso;
let s3: FakeS3;
let one: Installation;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'tazpod-login-'));
  [home, sso, s3] = [await openAwsHome(), await openFakeSso({ tokenSeconds }), await openFakeS3()];
  vi.stubEnv('HOME', home.folder);
  for (const name of awsVariables) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(sso.environment)) vi.stubEnv(name, value);
  one = await open('work');
});
afterEach(async () => {
  await one.syncs.stop();
  vi.unstubAllEnvs();
  await Promise.all([sso.close(), s3.close(), home.close()]);
  await rm(root, { recursive: true, force: true });
});

const open = async (profile: string): Promise<Installation> => {
  const remote = `{ type: s3, bucket: vaults, endpoint: "${s3.endpoint}", path_style: true, profile: ${profile} }`;
  return await openInstallation(root, `sync: { remote: ${remote} }\n`, key);
};
const promptOf = ({ sync }: ProjectState) => sync.operations.find(({ login }) => login !== undefined)?.login;
const waiting = async (): Promise<ProjectState> => await one.until((project) => promptOf(project) !== undefined);
const kept = async (): Promise<readonly string[]> => await readdir(path.join(home.folder, '.aws'));

test('what waited for a login goes on by itself after it, and no secret shows anywhere', async () => {
  await one.save('one');
  one.unlock();
  one.setUp(true);
  one.clock.advance(10_000);
  const before = await one.until(({ sync }) => sync.failure !== null);
  expect(before.sync.failure?.code).toBe('sync-login-needed');
  await one.until(({ sync }) => !sync.running);
  // Only a person ends this, so that nothing is planned.
  expect(one.project().sync.nextRunAtMs).toBe(null);

  const end = one.run({ type: 'logIn' });
  const shown = await waiting();
  expect(promptOf(shown)).toMatchObject({ page: fakePage, userCode: fakeUserCode, expiresAtMs: expect.any(Number) });
  expect(shown.sync.operations[0]).toMatchObject({ kind: 'log-in', step: 'awaiting-login', cancellable: true });
  sso.confirm();
  expect(await end).toMatchObject({
    outcome: 'done',
    text: expect.stringMatching(/^Logged in with the AWS profile "work", until 2\d{3}-/u),
  });
  const after = await one.until(({ sync }) => sync.lastPushedAtMs !== null);
  expect(after.sync).toMatchObject({ failure: null, operations: [] });
  const requests = s3.takeRequests();
  expect(requests.some(({ line }) => line.startsWith('PUT') && line.endsWith('vault.tar.aes?x-id=PutObject'))).toBe(
    true,
  );
  expect(new Set(requests.map(({ accessKeyId }) => accessKeyId))).toEqual(new Set([fakeAccessKeyId]));
  expect(JSON.stringify(one.project())).not.toContain(canary);
  expect(await readFile(path.join(one.stateFolder, 'sync.log'), 'utf8')).not.toContain(canary);
});

test('cancelled, it keeps nothing; what the person denies is told, and the prompt is gone', async () => {
  const end = one.run({ type: 'logIn' });
  const [operation] = (await waiting()).sync.operations;
  one.queue.cancel(operation?.id ?? '');
  expect((await end).outcome).toBe('cancelled');
  expect(one.project().sync.operations).toEqual([]);
  sso.script('denied');
  expect((await one.run({ type: 'logIn' })).failure?.code).toBe('login-denied');
  expect(await kept()).toEqual(['config']);
});

test('a login that nobody confirms keeps no host process from ending', async () => {
  const end = one.run({ type: 'logIn' });
  await waiting();
  one.syncs.endLogins();
  expect((await end).failure?.code).toBe('host-stopping');
  await one.queue.idle();
  expect(await kept()).toEqual(['config']);
});

test('while a login waits, the remote is not asked by others for it, and nothing else waits', async () => {
  const end = one.run({ type: 'logIn' });
  await waiting();
  await expect(one.syncs.of(one.projectId).push('look', null)).rejects.toMatchObject({
    failure: { code: 'sync-login-needed' },
  });
  sso.confirm();
  expect((await end).outcome).toBe('done');
});

test('a login that does not help is one all the same, and the state says what is still missing', async () => {
  await one.writeConfig(
    `sync: { remote: { type: s3, bucket: vaults, endpoint: "http://127.0.0.1:9", path_style: true, profile: work } }\n`,
  );
  await one.trust();
  sso.confirm();
  expect((await one.run({ type: 'logIn' })).outcome).toBe('done');
  expect(one.project().sync.failure?.code).toBe('sync-unreachable');
});

test('only a trusted place on S3, of a profile with SSO settings, is logged in to', async () => {
  const keys = await open('keys');
  expect((await keys.run({ type: 'logIn' })).failure?.code).toBe('login-not-configured');
  const folder = await openInstallation(root, `sync: { remote: { type: folder, path: ${root} } }\n`, key);
  expect((await folder.run({ type: 'logIn' })).failure?.code).toBe('login-needless');
  await folder.writeConfig('sync: { remote: { type: s3, bucket: others, profile: work } }\n');
  expect((await folder.run({ type: 'logIn' })).failure?.code).toBe('not-trusted');
  expect(sso.asked).toEqual([]);
});
