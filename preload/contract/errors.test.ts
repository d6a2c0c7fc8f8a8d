import { describe, expect, it } from 'vitest';
import {
  errorCodes,
  formatConfigProblem,
  toExitCode,
  toFailure,
  type ErrorCode,
  type FailureParams,
} from './errors.ts';

const problem = { line: 3, column: 7, key: 'network.mtu', found: '"big"', allowed: 'a whole number' };
const reason = 'REASON';
const folder = '/FOLDER';

/** What each code needs. Does not compile while a code is missing. */
const samples: FailureParams = {
  'invalid-command': { issues: 'ISSUES' },
  'project-unknown': { wanted: 'WANTED' },
  'folder-not-found': { folder },
  'folder-not-directory': { folder },
  'folder-refused': { folder, reason },
  'folder-is-symlink': { folder, target: '/TARGET' },
  'folder-not-writable': { folder },
  'folder-unreadable': { folder, reason },
  'config-missing': { file: '/FILE' },
  'config-not-changed': { file: '/FILE', key: 'KEY', value: 'VALUE' },
  'image-is-built': { file: '/FILE', dockerfile: 'DOCKERFILE' },
  'file-exists': { file: '/FILE' },
  'file-write-failed': { file: '/FILE', reason },
  'config-exists': { file: '/FILE' },
  'config-invalid': { file: '/FILE', problems: [problem] },
  'config-symlink': { path: '/PATH' },
  'not-trusted': { folder },
  'trust-changed': { folder },
  'engine-unreachable': { tried: ['TRIED'] },
  'engine-permission': { socket: '/SOCKET' },
  'engine-remote': { endpoint: 'ENDPOINT' },
  'context-unreadable': { context: 'colima' },
  'engine-too-old': { apiVersion: '1.25', needed: '1.41' },
  'engine-failed': { action: 'ACTION', status: 500, reason },
  'image-missing': { image: 'IMAGE', reason, localImages: ['LOCAL'] },
  'registry-refused': {
    image: 'registry.example.com/app:1',
    registry: 'registry.example.com',
    reason: 'no basic auth credentials',
    hasLogin: false,
    loginReason: 'docker-credential-x is not on the PATH',
  },
  'port-taken': { port: 3000, holder: 'node (process 4711)' },
  'image-build-failed': { image: 'IMAGE', reason },
  'image-unsuitable': { image: 'IMAGE', missing: 'MISSING' },
  'container-exited': { container: 'CONTAINER', exitCode: 77, logTail: 'TAIL' },
  'container-not-running': { folder },
  'container-exists': { folder, container: 'CONTAINER' },
  'container-paused': { container: 'CONTAINER' },
  'setup-failed': { command: 'COMMAND', exitCode: 77, tail: 'TAIL' },
  'name-taken': { name: 'NAME', holderId: 'HOLDER-ID', holderImage: 'IMAGE', holderState: 'STATE', adoptable: false },
  'nothing-to-adopt': { folder },
  'not-ours': { what: 'WHAT', id: 'ID' },
  'network-failed': { network: 'NETWORK', reason },
  'disk-full': { action: 'ACTION', reason },
  cancelled: { action: 'ACTION' },
  'operation-unknown': { operationId: 'OPERATION' },
  'not-cancellable': { action: 'ACTION' },
  'queue-full': { folder, waiting: 8 },
  'project-busy': { folder, operation: 'OPERATION' },
  'session-failed': { reason },
  'session-unknown': { wanted: 'session-0123456789ab' },
  'vault-retry-later': { seconds: 12 },
  'vault-not-unlocked': { folder },
  'vault-key-missing': { folder },
  'passphrase-needed': { folder },
  'passphrase-unchanged': { folder },
  'remember-refused': { reason },
  'vault-held-open': { holders: ['HOLDER'] },
  'vault-conflict': { copy: 'COPY' },
  'vault-tools-missing': { image: 'IMAGE', missing: ['MISSING'] },
  'vault-mount-failed': { reason },
  'vault-not-emptied': { reason },
  'vault-lost': { folder, since: '1970-01-02T00:00:00.000Z' },
  'state-file-damaged': { file: '/FILE', reason },
  'state-write-failed': { file: '/FILE', reason },
  'vault-missing': { folder: '/p' },
  'vault-exists': { folder: '/p' },
  'vault-unreadable': { folder: '/p', triesLeft: 2 },
  'vault-archive-refused': { folder: '/p', member: '../x', reason: 'a name holds ".."' },
  'vault-pack-failed': { folder: '/p', reason: 'the archive is cut off' },
  'vault-member-unsavable': { folder: '/p', member: 'A', reason: 'its name differs from a only by case' },
  'vault-shrunk': { folder: '/p', filesBefore: 3, files: 0, bytesBefore: 30, bytes: 0 },
  'vault-write-failed': { folder: '/p', step: 'flush the new file', reason: 'EIO', isOldKept: true },
  'vault-folder-changed': { folder: '/p', reason: 'it was moved' },
  'sync-endpoint-refused': { endpoint: 'http://169.254.169.254', reason: 'it is a link-local or metadata address' },
  'sync-unreachable': { remote: 's3://b', reason: 'connection refused' },
  'sync-credentials': { remote: 's3://b', profile: 'work', reason: 'the token has expired' },
  'sync-login-needed': { remote: 's3://b', profile: 'work', reason: 'the session has expired' },
  'login-needless': { folder: '/p' },
  'login-not-configured': { profile: 'work' },
  'login-denied': { startUrl: 'https://acme.awsapps.com/start' },
  'login-expired': { startUrl: 'https://acme.awsapps.com/start' },
  'login-refused': { startUrl: 'https://acme.awsapps.com/start', reason: 'InvalidRequestException' },
  'login-unreachable': { startUrl: 'https://acme.awsapps.com/start', region: 'eu-central-1', reason: 'ENOTFOUND' },
  'login-page-refused': { page: 'http://example.com' },
  'sync-refused': { remote: 's3://b', action: 'write an object', reason: 'AccessDenied' },
  'sync-bucket-missing': { bucket: 'b', endpoint: 'Amazon S3' },
  'sync-folder-inside': { folder: '/p/backup', project: '/p' },
  'sync-bucket-taken': { bucket: 'b', endpoint: 'Amazon S3' },
  'sync-folder-missing': { folder: '/mnt/disk' },
  'sync-remote-failed': { remote: 's3://b', action: 'read an object', status: 500, reason: 'InternalError' },
  'sync-copy-damaged': { remote: 's3://b', name: 'vault-20260102T030405' },
  'sync-no-remote': { folder },
  'sync-conflict': { folder, remote: 's3://b' },
  'sync-behind': { folder, remote: 's3://b' },
  'sync-not-adopted': { folder, remote: 's3://b' },
  'sync-other-vault': { folder, remote: 's3://b' },
  'sync-raced': { remote: 's3://b' },
  'vault-open': { folder },
  'version-unknown': { remote: 's3://b', name: 'vault-20260102T030405' },
  'runtime-folder-unusable': { folder, reason },
  'socket-path-too-long': { path: '/PATH', maxBytes: 100 },
  'host-full': { what: 'WHAT', limit: 32 },
  'host-stopping': { reason },
  'host-start-failed': { reason, logFile: '/LOG' },
  'host-lost': { reason },
  'protocol-mismatch': { found: 1, needed: 2 },
  internal: { reason },
};

describe('every failure', () => {
  it('has a sample here', () => {
    expect(errorCodes.toSorted()).toEqual(Object.keys(samples).toSorted());
  });

  it.each(errorCodes)('%s says what happened and what to do next, with its facts', (code) => {
    const failure = toFailure(code, samples[code]);
    expect(failure.code).toBe(code);
    expect(failure.message.trim()).not.toBe('');
    expect(failure.nextStep).toMatch(/\w[^]*(?:[.!)]|[^\s.])$/u);
    const text = `${failure.message}\n${failure.nextStep}\n${failure.details ?? ''}`;
    expect(text).not.toMatch(/undefined|null|NaN|\[object/u);
    for (const fact of Object.values(samples[code]).flat()) {
      if (typeof fact === 'string' || typeof fact === 'number') expect(text).toContain(String(fact));
    }
    // Plain JSON: it crosses process borders.
    expect(JSON.parse(JSON.stringify(failure))).toEqual(failure);
  });

  it.each(errorCodes)('%s gives an exit code', (code) => {
    expect(toExitCode(code)).toBe(exitCodes[code] ?? 1);
  });
});

/** All others fail plainly, with 1. */
const exitCodes: Partial<Record<ErrorCode, number>> = {
  'invalid-command': 2,
  'not-trusted': 3,
  'trust-changed': 3,
  'vault-conflict': 3,
  'vault-held-open': 3,
  'vault-key-missing': 3,
  'passphrase-needed': 3,
  'vault-missing': 3,
  'vault-shrunk': 3,
  'sync-conflict': 3,
  'sync-behind': 3,
  'sync-not-adopted': 3,
  'sync-other-vault': 3,
  'vault-open': 3,
  'engine-unreachable': 4,
  'engine-permission': 4,
  'engine-remote': 4,
  'context-unreadable': 4,
  'engine-too-old': 4,
};

describe('words that depend on the case', () => {
  it('offer adoption only where the holder mounts this folder', () => {
    const holder = { ...samples['name-taken'], holderId: 'ab'.repeat(32) };
    expect(toFailure('name-taken', { ...holder, adoptable: true }).nextStep).toContain('tazpod adopt');
    const strange = toFailure('name-taken', holder);
    expect(strange.nextStep).not.toContain('adopt');
    expect(strange.message).toContain(`(${'ab'.repeat(6)}, image IMAGE, STATE)`);
  });

  it('tell of a silent container and of no local image', () => {
    expect(toFailure('container-exited', { container: 'c', exitCode: 1, logTail: '' }).details).toBe(
      'It printed nothing.',
    );
    expect(toFailure('image-missing', { image: 'i', reason, localImages: [] }).nextStep).toContain('(none)');
    expect(toFailure('engine-unreachable', { tried: [] }).details).toBe('Looked for: none');
  });

  it('list every config problem on a line of its own', () => {
    const second = { ...problem, line: 9 };
    const { message } = toFailure('config-invalid', { file: 'c.yaml', problems: [problem, second] });
    expect(message.split('\n')).toEqual([
      'c.yaml:3:7: network.mtu: found "big"; allowed: a whole number',
      'c.yaml:9:7: network.mtu: found "big"; allowed: a whole number',
    ]);
  });
});

describe('a config problem', () => {
  it.each([
    ['with place and key', {}, '/p/c.yaml:3:7: network.mtu: found "big"; allowed: a whole number'],
    ['of the file as a whole', { line: 0, column: 0, key: '' }, '/p/c.yaml: found "big"; allowed: a whole number'],
    ['without a key', { key: '' }, '/p/c.yaml:3:7: found "big"; allowed: a whole number'],
    ['without a place', { line: 0 }, '/p/c.yaml: network.mtu: found "big"; allowed: a whole number'],
  ])('%s', (_what, part, expected) => {
    expect(formatConfigProblem('/p/c.yaml', { ...problem, ...part })).toBe(expected);
  });
});
