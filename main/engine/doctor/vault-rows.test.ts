import { expect, test } from 'vitest';
import { toFailure } from '../../../preload/contract/errors.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { noSync, type SyncQuestion } from '../../../preload/contract/sync.ts';
import { absentVault } from '../../../preload/contract/vault.ts';
import { toVaultRows } from './vault-rows.ts';

const failure = toFailure('sync-unreachable', { remote: 'b', reason: 'away' });
const remote = { type: 's3', shown: 's3://b/p', intervalMs: 1, retention: 50 } as const;
const question = (kind: SyncQuestion['kind']): ProjectState['sync'] => ({
  ...noSync,
  remote,
  question: {
    kind,
    mine: null,
    theirs: { etag: 'e', timeMs: null, machine: null, sizeBytes: 0, members: null },
  },
});

test.each<[string, Partial<Pick<ProjectState, 'vault' | 'sync'>>, readonly string[]]>([
  ['none at all', {}, []],
  ['locked, with a remote', { vault: { ...absentVault, status: 'locked' }, sync: { ...noSync, remote } }, []],
  ['a failure', { vault: { ...absentVault, failure } }, ['vault']],
  ['a conflict copy', { vault: { ...absentVault, conflictCopies: ['a'] } }, ['vault']],
  ['a container that ended', { vault: { ...absentVault, lostSinceMs: 1 } }, ['vault']],
  ['a remote that fails', { sync: { ...noSync, remote, failure } }, ['remote']],
  ['a remote by hand', { sync: { ...noSync, remote, byHandReason: 'it ignores conditions' } }, ['remote']],
  ['a newer one', { sync: question('offer-pull') }, ['remote']],
  ['a conflict', { sync: question('conflict') }, ['remote']],
  ['nobody’s', { sync: question('ask-adopt') }, ['remote']],
  ['another vault', { sync: question('other-vault') }, ['remote']],
])('vault and remote: %s', (_what, part, expected) => {
  const rows = toVaultRows({ vault: absentVault, sync: noSync, ...part });
  const bad = rows.filter(({ result }) => result !== 'ok');
  expect(bad.map(({ id }) => id)).toEqual(expected);
  expect(bad.every(({ nextStep }) => nextStep !== '')).toBe(true);
});
