import { describe, expect, test } from 'vitest';
import { toFailure } from '../../../preload/contract/errors.ts';
import type { Operation, ProjectState } from '../../../preload/contract/snapshot.ts';
import { noSync, type SyncState } from '../../../preload/contract/sync.ts';
import { FakeHost } from '../fake/fake-host.ts';
import { beginWord, runWord, until, type RunningWord } from '../fake/run-word.ts';
import {
  endingOf,
  nowMs,
  operationId,
  operationOf,
  projectId,
  projectOf,
  runningContainer,
  snapshotOf,
} from '../fake/snapshots.ts';

const folder = '/home/me/acme';
const remote = { type: 's3', shown: 's3://vaults/acme at Amazon S3', intervalMs: 300_000, retention: 50 } as const;
const needed = toFailure('sync-login-needed', { remote: remote.shown, profile: 'work', reason: 'it has expired' });
const page = 'https://device.example/?user_code=ABCD-EFGH';
const login = { page, userCode: 'ABCD-EFGH', expiresAtMs: nowMs + 600_000 };
const waiting: Operation = { ...operationOf(), kind: 'log-in', step: 'awaiting-login', login };
const state: SyncState = { ...noSync, remote, failure: needed };
const ending = endingOf({ kind: 'log-in', text: 'Logged in with the AWS profile "work", until later.' });
const tty = { isTty: true };

/** Shows page and code as soon as it is asked; the test says how that ends. */
function hostOf(changes: Partial<ProjectState> = {}): FakeHost {
  const host = new FakeHost(snapshotOf({ projects: [projectOf(folder, { sync: state, ...changes })] }));
  return host.on('logIn', () => {
    host.publishProject({ sync: { ...state, operations: [waiting] } });
    return { accepted: true, operationId };
  });
}
const confirm = (host: FakeHost, sync: Partial<SyncState> = {}): void =>
  host.publishProject({ sync: { ...noSync, remote, ...sync }, activity: [ending] });
const shown = async ({ io }: RunningWord): Promise<void> => await until(() => io.stderr.includes('ABCD-EFGH'));

describe('tazpod login', () => {
  test('shows page and code before anything opens the page, which is done at Enter alone', async () => {
    const host = hostOf();
    const word = beginWord('login', [host], tty);
    await shown(word);
    expect(word.io.stderr).toContain(`  ${page}\nIt must show this code: ABCD-EFGH\nPress Enter to open it here`);
    word.io.type('x');
    expect(word.io.openedPages).toEqual([]);
    word.io.type('\n');
    expect(word.io.openedPages).toEqual([page]);
    host.publishProject({ sync: { ...state, operations: [{ ...waiting, cancellable: true }] } });
    confirm(host);
    expect(await word.code).toBe(0);
    expect(word.io.stdout).toBe(`${ending.text}\n`);
    expect(word.io.stderr.match(/must show/gu)).toHaveLength(1);
    expect(host.sent('logIn')).toEqual([{ type: 'logIn', projectId }]);
    expect(word.io.leftListeners).toBe(0);
  });

  test('without a browser it says so; without a terminal it offers none, and goes on', async () => {
    const host = hostOf();
    const word = beginWord('login', [host], { ...tty, hasNoBrowser: true });
    await shown(word);
    word.io.type('\n');
    await until(() => word.io.stderr.includes('No browser could be started here'));
    confirm(host);
    expect(await word.code).toBe(0);

    const piped = hostOf();
    const quiet = beginWord('login --json', [piped]);
    await shown(quiet);
    quiet.io.type('\n');
    expect([quiet.io.openedPages, quiet.io.stderr.includes('Press Enter')]).toEqual([[], false]);
    confirm(piped);
    expect(await quiet.code).toBe(0);
    expect(JSON.parse(quiet.io.stdout)).toMatchObject({ failure: null, remote });
  });

  test('Ctrl-C cancels it at the host', async () => {
    const host = hostOf();
    const word = beginWord('login', [host], tty);
    await shown(word);
    word.io.raise('SIGINT');
    await until(() => host.sent('cancelOperation').length === 1);
    host.publishProject({ sync: state, activity: [endingOf({ kind: 'log-in', outcome: 'cancelled' })] });
    expect(await word.code).toBe(1);
    expect(word.io.leftListeners).toBe(0);
  });

  test('says what is still missing after a login that does not help', async () => {
    const host = hostOf();
    const word = beginWord('login', [host], tty);
    await shown(word);
    confirm(host, { failure: toFailure('sync-bucket-missing', { bucket: 'vaults', endpoint: 'Amazon S3' }) });
    expect(await word.code).toBe(0);
    expect(word.io.stderr).toContain("still can't be used");
    expect(word.io.stderr).toContain('tazpod setup-storage');
  });

  test('hostile words of the service do no harm', async () => {
    const host = hostOf();
    host.on('logIn', () => {
      const hostile = { ...login, page: 'https://x/\u001b[2J', userCode: 'ABCD-EFGH\u001b[31m' };
      host.publishProject({ sync: { ...state, operations: [{ ...waiting, login: hostile }] } });
      return { accepted: true, operationId };
    });
    const word = beginWord('login', [host], tty);
    await shown(word);
    confirm(host);
    await word.code;
    for (const hostile of ['\u001b[2J', '\u001b[31m']) expect(word.io.stderr).not.toContain(hostile);
  });
});

describe('enter, where the remote needs a login', () => {
  const found = {
    ...noSync,
    remote,
    question: {
      kind: 'offer-pull',
      mine: null,
      theirs: { etag: 'e', timeMs: nowMs, machine: 'm', sizeBytes: 1, members: null },
    },
  } as const;
  const entering = (): FakeHost => {
    const host = hostOf({ container: runningContainer });
    host.onSession = (session) => session.end({ reason: 'exited', exitCode: 0 });
    return host.on('lookAtRemote', () => {
      host.publishProject({ sync: found });
      return { accepted: true };
    });
  };

  test('it offers one, then what the remote has', async () => {
    const host = entering();
    const word = beginWord('enter', [host], { ...tty, answers: ['y', 'n'] });
    await shown(word);
    confirm(host);
    expect(await word.code).toBe(0);
    expect(word.io.questions).toEqual([
      expect.stringMatching(/^s3:\/\/vaults\/acme .*needs an AWS SSO login first\. Log in now\?/u),
      expect.stringContaining('Pull it?'),
    ]);
    expect(host.sessions).toHaveLength(1);
  });

  test('it can be skipped, and a login that fails keeps no shell from opening', async () => {
    const skipped = entering();
    const { io, code } = await runWord('enter', [skipped], { ...tty, answers: ['n'] });
    expect([code, io.questions.length, skipped.sessions.length]).toEqual([0, 1, 1]);
    expect(skipped.sent('logIn')).toEqual([]);
    const failing = entering().on('logIn', () => ({
      accepted: false,
      failure: toFailure('login-denied', { startUrl: 'https://acme.example/start' }),
    }));
    const failed = await runWord('enter', [failing], { ...tty, answers: ['y'] });
    expect([failed.code, failing.sessions.length]).toEqual([0, 1]);
    expect(failed.io.stderr).toMatch(/denied[^]*opens without the vault/u);
  });
});
