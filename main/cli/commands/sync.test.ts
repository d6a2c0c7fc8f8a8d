import { expect, test } from 'vitest';
import { toFailure } from '../../../preload/contract/errors.ts';
import { noSync, type SyncState } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';
import { FakeHost } from '../fake/fake-host.ts';
import { runWord } from '../fake/run-word.ts';
import { nowMs, projectId, projectOf, snapshotOf } from '../fake/snapshots.ts';

const folder = '/home/me/acme';
const name = 'vault-20260102T030405';
const remote = { type: 's3', shown: 's3://vaults/acme at Amazon S3', intervalMs: 300_000, retention: 50 } as const;
const theirs = { etag: 'e-1', timeMs: nowMs, machine: 'mira\u001b[2J', sizeBytes: 2000, members: null };
const mine = {
  timeMs: nowMs,
  machine: 'here',
  sizeBytes: 1000,
  members: [{ path: 'aws/config', kind: 'file', sizeBytes: 12 }] as const,
};

const hostOf = (sync: Partial<SyncState>): FakeHost =>
  new FakeHost(snapshotOf({ projects: [projectOf(folder, { sync: { ...noSync, remote, ...sync } })] }));

test('sync: a conflict names both versions, and hostile machine names do no harm', async () => {
  const host = hostOf({ question: { kind: 'conflict', mine, theirs } });
  const { io, code } = await runWord('sync', [host]);
  expect(code).toBe(0);
  expect(io.stdout).toContain('! vault conflict');
  expect(io.stdout).toContain('here, 1.0 kB, aws/config');
  expect(io.stdout).not.toContain('\u001b[2J');
  expect(JSON.parse((await runWord('sync status --json', [host])).io.stdout)).toMatchObject({ question: { theirs } });
  expect((await runWord('status', [host])).io.stdout).toContain('vault conflict; "tazpod sync" says more');
  expect((await runWord('list', [host])).io.stdout).toMatch(/^! +acme/mu);
});

test('sync: where nothing waits it says when; without a remote, that the vault stays here', async () => {
  const byHandReason = 'the service ignores If-Match';
  const { io } = await runWord('sync', [
    hostOf({ lastPushedAtMs: nowMs - 600_000, nextRunAtMs: nowMs + 60_000, byHandReason }),
  ]);
  expect(io.stdout).toMatch(/Pushed +10 min ago\n.*\n.*Next run +in 1 min/u);
  expect(io.stdout).toContain(byHandReason);
  expect((await runWord('sync', [hostOf({ remote: null })])).io.stdout).toContain('on this machine only');
  const failure = toFailure('sync-credentials', { remote: 's3://b', profile: '', reason: 'expired' });
  const failed = await runWord('sync', [hostOf({ failure })]);
  expect(failed.io.stdout).toContain('! push failed');
  expect(failed.io.stdout).toContain('docs/sync.md says where');
  expect((await runWord('sync other thing', [hostOf({})])).code).toBe(2);
});

test('sync: what is saved but not pushed is said, and when it goes out', async () => {
  const sync = { ...noSync, remote, unpushed: true };
  const vault = { ...absentVault, status: 'locked', fileBytes: 1000 } as const;
  const host = new FakeHost(snapshotOf({ projects: [projectOf(folder, { sync, vault })] }));
  const { io } = await runWord('sync', [host]);
  expect(io.stdout).toContain('acme  not pushed yet\n');
  expect(io.stdout).toMatch(/Next run +while the vault is unlocked/u);
  expect((await runWord('status', [host])).io.stdout).toContain('not pushed yet, s3://vaults');
});

test('pull takes what is offered and no other version; a conflict needs --theirs', async () => {
  const offered = hostOf({ question: { kind: 'offer-pull', mine: null, theirs } });
  await runWord('pull', [offered]);
  expect(offered.sent('pullVault')).toEqual([{ type: 'pullVault', projectId, etag: 'e-1' }]);
  const conflict = hostOf({ question: { kind: 'conflict', mine, theirs } });
  expect((await runWord('pull', [conflict])).code).toBe(3);
  expect(conflict.sent('pullVault')).toEqual([]);
  await runWord('pull --theirs', [conflict]);
  expect(conflict.sent('pullVault')).toHaveLength(1);
  const other = hostOf({ question: { kind: 'other-vault', mine, theirs } });
  expect((await runWord('pull --theirs', [other])).code).toBe(3);
  expect(other.sent('pullVault')).toEqual([]);
});

test('push --mine settles a conflict for what was shown; without one it is a push', async () => {
  const conflict = hostOf({ question: { kind: 'conflict', mine, theirs } });
  await runWord('push --mine', [conflict]);
  expect(conflict.sent('keepOwnVault')).toEqual([{ type: 'keepOwnVault', projectId, etag: 'e-1' }]);
  const calm = hostOf({});
  await runWord('push --mine', [calm]);
  expect(calm.sent('syncNow')).toHaveLength(1);
});

test('history: a table; restore: shows names and sizes, asks, and does nothing without a yes', async () => {
  const versions = [{ name, timeMs: nowMs, sizeBytes: 1234 }];
  const members = [
    { path: 'aws', kind: 'directory', sizeBytes: 0 },
    { path: 'aws/\u001b[2Jconfig', kind: 'file', sizeBytes: 12 },
  ] as const;
  const preview = { name, machine: 'mira', memberCount: 302, usedBytes: 12, members };
  const host = hostOf({ history: { listedAtMs: nowMs, versions, count: 240 }, preview });
  const list = await runWord('history', [host]);
  expect(list.io.stdout).toMatch(
    /VERSION +TIME +SIZE\nvault-20260102T030405 +2026-01-02 12:00:00Z .* 1\.2 kB\n239 older versions not shown/u,
  );

  const refused = await runWord(`restore ${name}`, [host], { isTty: true, answers: ['n'] });
  expect(refused.code).toBe(3);
  expect(refused.io.stderr).toContain('302 members, 12 B');
  expect(refused.io.stderr).toContain('aws/ ');
  expect(refused.io.stderr).not.toContain('\u001b[2Jconfig');
  expect(host.sent('restoreVersion')).toEqual([]);
  expect((await runWord(`restore ${name}`, [host], { isTty: true, answers: ['y'] })).code).toBe(0);
  expect(host.sent('restoreVersion')).toEqual([{ type: 'restoreVersion', projectId, name }]);
  expect((await runWord('restore', [host])).code).toBe(2);
});

test('restore of a version whose key is not here asks without names', async () => {
  const host = hostOf({});
  host.on('previewVersion', () => ({ accepted: false, failure: toFailure('passphrase-needed', { folder }) }));
  const { io, code } = await runWord(`restore ${name} --json`, [host]);
  expect(code).toBe(3);
  expect(io.stderr).toContain('while the vault is unlocked');
  expect((await runWord(`restore ${name} --yes --json`, [host])).code).toBe(0);
});
