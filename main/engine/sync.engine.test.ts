import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';
import { codeOf, passphrase, secrets, toVaultProject, type VaultProject } from './testing/vault-project.ts';
import type { ProjectState } from '../../preload/contract/snapshot.ts';
import type { SyncState } from '../../preload/contract/sync.ts';

/** Sync with vaults that are open in real containers: two installations, one folder. */
let one: EngineFixture;
let two: EngineFixture;
let root: string;
let place: string;
let count = 0;
beforeAll(async () => {
  root = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-sync-engine-')));
  [one, two] = [await openEngineFixture(), await openEngineFixture()];
});
afterAll(async () => {
  await one.close();
  await two.close();
  await rm(root, { recursive: true, force: true });
});
beforeEach(async () => {
  place = path.join(root, `place-${(count += 1)}`);
  await mkdir(place);
});

interface SyncedProject extends VaultProject {
  state(): ProjectState;
}

async function openProject(fixture: EngineFixture, name: string): Promise<SyncedProject> {
  const config = `${baseConfig}sync: { prefix: p, remote: { type: folder, path: ${place} } }\n`;
  const folder = await fixture.folder(name, config);
  const project = toVaultProject(fixture, await fixture.trusted(folder), folder);
  expect(await project.run({ type: 'startProject' })).toMatchObject({ ok: true });
  return { ...project, state: () => fixture.project(project.projectId) };
}

const syncOf = (project: SyncedProject): SyncState => project.state().sync;
const pushedFiles = async (): Promise<number> => {
  const names = await readdir(path.join(place, 'p/history')).catch(() => []);
  return names.filter((name) => name.endsWith('.tar.aes')).length;
};
const write = async (project: VaultProject, text: string): Promise<void> => {
  await project.inside(`umask 077; echo ${text} > ${secrets}/note`);
};
const read = async (project: VaultProject): Promise<string> => await project.inside(`cat ${secrets}/note`);
const etagOf = (project: SyncedProject): string => syncOf(project).question?.theirs.etag ?? '';

test('what is written in the container is saved and pushed by one press, and taken over on another machine', async () => {
  const [here, there] = [await openProject(one, 'here'), await openProject(two, 'there')];
  await here.run({ type: 'unlockVault', passphrase, create: true });
  await write(here, 'first');
  expect(await here.run({ type: 'syncNow' })).toMatchObject({ ok: true, text: expect.stringContaining('Pushed') });
  expect(here.vault().dirtySinceMs).toBe(null);

  await there.run({ type: 'lookAtRemote' });
  expect(syncOf(there).question).toMatchObject({ kind: 'offer-pull', mine: null });
  expect(await there.run({ type: 'pullVault', etag: etagOf(there) })).toMatchObject({ ok: true });
  expect(there.vault().status).toBe('locked');
  expect(await there.run({ type: 'unlockVault', passphrase })).toMatchObject({ ok: true });
  expect(await read(there)).toBe('0 first');

  await write(there, 'second');
  expect(await there.run({ type: 'syncNow' })).toMatchObject({ ok: true });
  await write(here, 'third');
  expect(codeOf(await here.run({ type: 'syncNow' }))).toBe('sync-conflict');
  const { question } = syncOf(here);
  const names = { members: expect.arrayContaining([{ path: 'note', kind: 'file', sizeBytes: 6 }]) };
  expect(question).toMatchObject({ kind: 'conflict', mine: names, theirs: { members: expect.any(Array) } });

  // An unlocked vault is saved and locked before another one takes its place.
  expect(await here.run({ type: 'pullVault', etag: etagOf(here) })).toMatchObject({ ok: true });
  expect(here.vault()).toMatchObject({ status: 'locked', failure: null });
  expect(await here.run({ type: 'unlockVault', passphrase })).toMatchObject({ ok: true });
  expect(await read(here)).toBe('0 second');
  await here.run({ type: 'listHistory' });
  expect(syncOf(here).history?.count).toBe(3);
});

test('a version is looked into with the key that is here, or the passphrase, at the pace of unlocking', async () => {
  const project = await openProject(one, 'preview');
  await project.run({ type: 'unlockVault', passphrase, create: true });
  await write(project, 'confidential');
  await project.run({ type: 'syncNow' });
  await project.run({ type: 'listHistory' });
  const name = syncOf(project).history?.versions[0]?.name ?? '';
  expect(await project.run({ type: 'previewVersion', name })).toMatchObject({ ok: true });
  expect(syncOf(project).preview?.members).toContainEqual({ path: 'note', kind: 'file', sizeBytes: 13 });
  await project.run({ type: 'lockVault' });
  expect(codeOf(await project.run({ type: 'previewVersion', name }))).toBe('passphrase-needed');
  expect(await project.run({ type: 'previewVersion', name, passphrase })).toMatchObject({ ok: true });
  const codes: string[] = [];
  for (let tries = 0; tries < 4; tries += 1) {
    codes.push(codeOf(await project.run({ type: 'previewVersion', name, passphrase: `guess ${tries}` })));
  }
  expect(codes).toEqual(['vault-unreadable', 'vault-unreadable', 'vault-unreadable', 'vault-retry-later']);
  expect(codeOf(await project.run({ type: 'unlockVault', passphrase }))).toBe('vault-retry-later');
  expect(syncOf(project).failure).toBe(null);
  expect(JSON.stringify(project.state())).not.toMatch(/confidential|guess/u);
});

test('locking pushes by itself, and so does down of an unlocked vault', async () => {
  const project = await openProject(one, 'by-itself');
  await project.run({ type: 'unlockVault', passphrase, create: true });
  const pushed = async (afterMs: number): Promise<void> => {
    await one.waitFor(() => (syncOf(project).lastRunAtMs ?? 0) > afterMs, 'a run that ended well');
  };
  await pushed(0);
  const before = await pushedFiles();
  await write(project, 'locked');
  const lastRunAtMs = syncOf(project).lastRunAtMs ?? 0;
  await project.run({ type: 'lockVault' });
  await pushed(lastRunAtMs);
  expect(await pushedFiles()).toBe(before + 1);
  await project.run({ type: 'unlockVault', passphrase });
  await write(project, 'down');
  expect(await project.run({ type: 'stopProject' })).toMatchObject({ ok: true });
  expect(await pushedFiles()).toBe(before + 2);
  expect(syncOf(project).nextRunAtMs).toBe(null);
});

test("static keys of the vault's own .aws sign what is sent, also at its lock; locked, nobody has them", async () => {
  const signed: string[] = [];
  const server = createServer((request, response) => {
    signed.push(request.headers.authorization ?? '');
    response.writeHead(403).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const remote = `{ type: s3, bucket: vaults, endpoint: "http://127.0.0.1:${port}", path_style: true, profile: only-in-the-vault }`;
  const folder = await one.folder('keys', `${baseConfig}sync: { remote: ${remote} }\n`);
  const project = toVaultProject(one, await one.trusted(folder), folder);
  await project.run({ type: 'startProject' });
  await project.run({ type: 'unlockVault', passphrase, create: true });
  const keys = 'aws_access_key_id=AKIACANARY\\naws_secret_access_key=canary-of-the-vault\\n';
  await project.inside(`printf '[only-in-the-vault]\\n${keys}' > ${secrets}/.aws/credentials`);
  expect(codeOf(await project.run({ type: 'syncNow' }))).toBe('sync-refused');
  const isSigned = (header: string): boolean => header.includes('Credential=AKIACANARY/');
  expect(signed.length).toBeGreaterThan(0);
  expect(signed.every(isSigned)).toBe(true);
  const { length } = signed;
  await project.run({ type: 'lockVault' });
  await one.waitFor(
    () => signed.length > length && !one.project(project.projectId).sync.running,
    'the push of the lock',
  );
  expect(signed.every(isSigned)).toBe(true);
  const after = signed.length;
  const locked = await project.run({ type: 'syncNow' });
  expect(codeOf(locked)).toBe('sync-credentials');
  expect(signed).toHaveLength(after);
  const { failure } = one.project(project.projectId).sync;
  expect(failure?.message).toContain('while it is unlocked only');
  expect(JSON.stringify(one.project(project.projectId))).not.toMatch(/canary/iu);
  server.close();
});
