import { expect, test } from 'vitest';
import { toFailure, type Failure } from '../../preload/contract/errors.ts';
import { noSync } from '../../preload/contract/sync.ts';
import { toNotices } from './notices.ts';
import { project, snapshot } from './testing/snapshots.ts';

const remote = 's3://vaults';
const bodies = (before: Failure | null, after: Failure | null): readonly string[] => {
  const of = (failure: Failure | null) => snapshot([project('acme', { sync: { ...noSync, failure } })]);
  const notices = toNotices(of(before), of(after));
  expect(notices.every(({ part }) => part === 'sync')).toBe(true);
  return notices.map(({ body }) => body);
};

test.each([
  toFailure('sync-login-needed', { remote, profile: 'work', reason: 'it has expired' }),
  toFailure('sync-credentials', { remote, profile: '', reason: 'there are none' }),
  toFailure('sync-refused', { remote, action: 'write an object', reason: 'AccessDenied' }),
  toFailure('sync-bucket-missing', { bucket: 'vaults', endpoint: 'Amazon S3' }),
])('a push that waits for a person is told once: $code', (failure) => {
  expect(bodies(null, failure)).toEqual([failure.message]);
  expect(bodies(failure, { ...failure })).toEqual([]);
  expect(bodies(failure, null)).toEqual([]);
});

test('a network that is away is told nobody', () => {
  expect(bodies(null, toFailure('sync-unreachable', { remote, reason: 'ENOTFOUND' }))).toEqual([]);
});
