import { describe, expect, test } from 'vitest';
import { toFailure } from '../../../preload/contract/errors.ts';
import { noSync, type SyncState } from '../../../preload/contract/sync.ts';
import { absentVault, type VaultState } from '../../../preload/contract/vault.ts';
import type { Command } from '../../../preload/contract/commands.ts';
import { FakeHost } from '../fake/fake-host.ts';
import { beginWord, runWord, until } from '../fake/run-word.ts';
import { endingOf, nowMs, operationId, projectId, projectOf, runningContainer, snapshotOf } from '../fake/snapshots.ts';

const folder = '/home/me/acme';
const passphrase = 'marble yonder kiosk plum';
const locked: VaultState = { ...absentVault, status: 'locked', fileBytes: 1200, lastSavedAtMs: nowMs - 3_600_000 };
const tty = { isTty: true, environment: { NO_COLOR: '1' } };

function hostWith(vault: VaultState, changes: Parameters<typeof projectOf>[1] = {}): FakeHost {
  return new FakeHost(
    snapshotOf({ projects: [projectOf(folder, { container: runningContainer, vault, ...changes })] }),
  );
}

/** Answers commands of the vault with an operation that ends as the test says. */
function answering(
  host: FakeHost,
  type: Command['type'],
  vaults: readonly (VaultState | { readonly fails: ReturnType<typeof toFailure>; readonly vault: VaultState })[],
): FakeHost {
  let count = 0;
  return host.on(type, () => {
    const next = vaults[Math.min(count, vaults.length - 1)];
    count += 1;
    const id = `op-${String(count).padStart(12, '0')}`;
    if (next === undefined) throw new Error('no answer');
    const ending = 'fails' in next ? { outcome: 'failed' as const, failure: next.fails } : {};
    host.publishProject({
      vault: 'fails' in next ? next.vault : next,
      activity: [endingOf({ operationId: id, kind: 'unlock-vault', ...ending })],
    });
    return { accepted: true, operationId: id };
  });
}
const unlocked: VaultState = { ...locked, status: 'unlocked' };
const wrong = (triesLeft: number) => ({
  fails: toFailure('vault-unreadable', { folder, triesLeft }),
  vault: { ...locked, triesLeft },
});

test('unlock asks without showing, again while tries are left, and says where it is', async () => {
  const host = answering(hostWith(locked), 'unlockVault', [wrong(2), unlocked]);
  const { io, code } = await runWord('unlock', [host], { ...tty, answers: ['typo', passphrase] });
  expect(code).toBe(0);
  expect(io.questions).toEqual(Array(2).fill('Passphrase of the vault of acme: [hidden]'));
  expect(host.sent('unlockVault')).toEqual([
    { type: 'unlockVault', projectId, passphrase: 'typo' },
    { type: 'unlockVault', projectId, passphrase },
  ]);
  expect(io.stderr).toMatch(/wrong passphrase or damaged vault[^]*2 tries are left/u);
  expect(io.stdout).toBe('Unlocked the vault of acme: /home/tazpod/secrets in the container.\n');
});

test('unlock ends where no try is left, at Ctrl-C, and where nobody can be asked', async () => {
  const host = answering(hostWith(locked), 'unlockVault', [wrong(1), wrong(0)]);
  const tries = await runWord('unlock', [host], { ...tty, answers: ['a', 'b', 'c'] });
  expect([tries.code, host.sent('unlockVault').length]).toEqual([1, 2]);
  const interrupted = await runWord('unlock', [hostWith(locked)], { ...tty, answers: [null] });
  expect([interrupted.code, interrupted.io.stderr.includes('No passphrase was given')]).toEqual([1, true]);
  const script = await runWord('unlock', [hostWith(locked)]);
  expect([script.code, script.io.stderr.includes('--passphrase-stdin')]).toEqual([3, true]);
});

test('a passphrase comes from stdin as one line, and never stands in the arguments', async () => {
  const host = answering(hostWith(locked), 'unlockVault', [unlocked]);
  const { io, code } = beginWord('unlock --passphrase-stdin --json', [host]);
  await until(() => io.leftListeners > 0);
  io.type(`${passphrase}\n`);
  io.endInput();
  expect(await code).toBe(0);
  expect(host.sent('unlockVault')).toEqual([{ type: 'unlockVault', projectId, passphrase }]);
  expect(JSON.parse(io.stdout)).toMatchObject({ status: 'unlocked' });
  for (const input of ['', 'one\ntwo\n', '\n', `${'x'.repeat(1025)}\n`]) {
    const { io: other, code: end } = beginWord('unlock --passphrase-stdin', [hostWith(locked)]);
    await until(() => other.leftListeners > 0);
    other.type(input);
    other.endInput();
    expect(await end).toBe(2);
    expect(other.stderr).toContain('takes one line with the passphrase');
  }
  expect((await runWord('unlock --passphrase-stdin=word', [])).code).toBe(2);
});

test('a new vault: strength shown, typed twice, typed anew where they differ', async () => {
  const host = answering(hostWith(absentVault), 'unlockVault', [unlocked]);
  const answers = ['password', 'passw0rd', '', passphrase, passphrase];
  const { io, code } = await runWord('unlock --create', [host], { ...tty, answers });
  expect(code).toBe(0);
  expect(io.stderr).toMatch(/Weak: [^]*The two are not the same[^]*Not usable[^]*Strong: /u);
  expect(io.stderr).not.toMatch(/password|marble/u);
  expect(host.sent('unlockVault')).toEqual([{ type: 'unlockVault', projectId, passphrase, create: true }]);
  expect(io.stdout).toContain('Made the vault of acme');
});

test('no vault: asked about on a terminal, a decision elsewhere; an existing one is not made again', async () => {
  const host = answering(hostWith(absentVault), 'unlockVault', [unlocked]);
  const asked = await runWord('unlock', [host], { ...tty, answers: ['y', passphrase, passphrase] });
  expect(asked.code).toBe(0);
  expect((await runWord('unlock', [hostWith(absentVault)])).code).toBe(3);
  const there = await runWord('unlock --create', [hostWith(locked)], tty);
  expect([there.code, there.io.stderr.includes('has a vault already')]).toEqual([1, true]);
  const down = await runWord('unlock', [hostWith(locked, { container: { status: 'missing' } })], tty);
  expect([down.code, down.io.questions]).toEqual([1, []]);
});

test('a remembered passphrase is used without a question; one that no longer fits is asked for', async () => {
  const remembered = { ...locked, remembered: true };
  const host = answering(hostWith(remembered), 'unlockVault', [unlocked]);
  const silent = await runWord('unlock', [host], tty);
  expect([silent.code, silent.io.questions]).toEqual([0, []]);
  const old = answering(hostWith(remembered), 'unlockVault', [wrong(2), unlocked]);
  const { code } = await runWord('unlock --remember', [old], { ...tty, answers: [passphrase] });
  expect(code).toBe(0);
  expect(old.sent('unlockVault').at(-1)).toEqual({ type: 'unlockVault', projectId, passphrase, remember: true });
  const refusing = hostWith({ ...locked, rememberRefusal: 'plain text' });
  expect((await runWord('unlock --remember', [refusing], tty)).io.stderr).toContain("can't be kept");
});

test('lock names who has it open, asks to end them, and goes on', async () => {
  const held = {
    fails: toFailure('vault-held-open', { holders: ['bash (process 42)'] }),
    vault: unlocked,
  };
  const host = answering(hostWith(unlocked), 'lockVault', [held, locked]);
  const { io, code } = await runWord('lock', [host], { ...tty, answers: ['y'] });
  expect(code).toBe(0);
  expect(io.stderr).toContain('bash (process 42)');
  expect(host.sent('lockVault')).toEqual([
    { type: 'lockVault', projectId },
    { type: 'lockVault', projectId, endHolders: true },
  ]);
  expect((await runWord('lock', [answering(hostWith(unlocked), 'lockVault', [held])])).code).toBe(3);
  const forced = answering(hostWith(unlocked), 'lockVault', [locked]);
  expect((await runWord('lock --end-holders --force', [forced])).code).toBe(0);
  expect(forced.sent('lockVault')).toEqual([{ type: 'lockVault', projectId, force: true, endHolders: true }]);
  expect((await runWord('lock', [hostWith(locked)])).io.stdout).toContain('locked already');
});

test('save says whether anything was written, and asks before it saves far less', async () => {
  const saved = { ...unlocked, lastSavedAtMs: nowMs };
  const wrote = await runWord('save', [answering(hostWith(unlocked), 'saveVault', [saved])]);
  expect(wrote.io.stdout).toBe('Saved the vault of acme.\n');
  const same = await runWord('save', [answering(hostWith(unlocked), 'saveVault', [unlocked])]);
  expect(same.io.stdout).toContain('nothing was written');
  const shrunk = {
    fails: toFailure('vault-shrunk', { folder, filesBefore: 9, files: 0, bytesBefore: 900, bytes: 0 }),
    vault: unlocked,
  };
  const host = answering(hostWith(unlocked), 'saveVault', [shrunk, saved]);
  expect((await runWord('save', [host], { ...tty, answers: ['y'] })).code).toBe(0);
  expect(host.sent('saveVault').at(-1)).toEqual({ type: 'saveVault', projectId, confirm: true });
  expect((await runWord('save', [answering(hostWith(unlocked), 'saveVault', [shrunk])])).code).toBe(3);
});

test('vault status shows names and sizes; --json is the state alone', async () => {
  const content = {
    usedBytes: 4096,
    memberCount: 3,
    members: [
      { path: 'aws', kind: 'directory' as const, sizeBytes: 0 },
      { path: 'aws/k\u001b[2Jey', kind: 'file' as const, sizeBytes: 1200 },
    ],
  };
  const host = hostWith({ ...unlocked, content, dirtySinceMs: nowMs - 120_000, conflictCopies: ['vault-conflict-x'] });
  const { io, code } = await runWord('vault', [host]);
  expect(code).toBe(0);
  expect(host.sent('inspectVault')).toHaveLength(1);
  expect(io.stdout).toMatch(/unlocked, unsaved changes, first seen 2 min ago/u);
  expect(io.stdout).toMatch(/4\.1 kB of 67\.1 MB, 3 members[^]*folder {2}aws\n[^]*1\.2 kB {2}aws\/k[^]*and 1 more/u);
  expect(io.stdout).not.toContain('\u001b');
  const json = await runWord('vault status --json', [hostWith(locked)]);
  expect(JSON.parse(json.io.stdout)).toEqual(locked);
  expect((await runWord('vault statsu', [hostWith(locked)])).code).toBe(2);
  expect((await runWord('status', [host])).io.stdout).toMatch(/Vault +unlocked/u);
});

test('vault passphrase asks for the old one, then twice for the new; stdin takes both', async () => {
  const host = answering(hostWith(locked), 'changeVaultPassphrase', [locked]);
  const asked = await runWord('vault passphrase', [host], { ...tty, answers: ['old', passphrase, passphrase] });
  expect(asked.code).toBe(0);
  const { io, code } = beginWord('vault passphrase --passphrase-stdin', [host]);
  await until(() => io.leftListeners > 0);
  io.type('old\r\nnew one\r\n');
  io.endInput();
  expect(await code).toBe(0);
  const command = { type: 'changeVaultPassphrase', projectId, passphrase: 'old' };
  expect(host.sent('changeVaultPassphrase')).toEqual([
    { ...command, newPassphrase: passphrase },
    { ...command, newPassphrase: 'new one' },
  ]);
  expect((await runWord('vault passphrase', [hostWith(locked)])).code).toBe(3);
  const kept = hostWith({ ...locked, remembered: true });
  expect((await runWord('vault forget-passphrase', [kept])).code).toBe(0);
  expect(kept.sent('forgetVaultPassphrase')).toHaveLength(1);
});

/** A host whose shell ends at once. */
function entering(vault: VaultState, changes: Parameters<typeof projectOf>[1] = {}): FakeHost {
  const host = hostWith(vault, changes).on('startProject', () => {
    host.publishProject({ container: runningContainer, activity: [endingOf()] });
    return { accepted: true, operationId };
  });
  host.onSession = (session) => session.end({ reason: 'exited', exitCode: 0 });
  return host;
}
const missing = { container: { status: 'missing' } } as const;

test('enter offers to unlock, and opens the shell whatever the answer', async () => {
  const host = answering(entering(locked), 'unlockVault', [wrong(2), unlocked]);
  const opened = await runWord('enter', [host], { ...tty, answers: ['typo', passphrase] });
  expect([opened.code, host.sessions.length]).toEqual([0, 1]);
  expect(opened.io.stderr).toContain('The vault is unlocked');
  for (const answer of ['', null]) {
    const skipped = entering(locked);
    const { code } = await runWord('enter', [skipped], { ...tty, answers: [answer] });
    expect([code, skipped.sessions.length, skipped.sent('unlockVault').length]).toEqual([0, 1, 0]);
  }
  const failing = answering(entering(locked), 'unlockVault', [wrong(0)]);
  const failed = await runWord('enter', [failing], { ...tty, answers: ['typo'] });
  expect([failed.code, failing.sessions.length]).toEqual([0, 1]);
  expect(failed.io.stderr).toContain('opens without the vault');
});

test('enter offers to make a vault only with a container it just brought up', async () => {
  const host = answering(entering(absentVault, missing), 'unlockVault', [unlocked]);
  const made = await runWord('enter', [host], { ...tty, answers: ['y', passphrase, passphrase] });
  expect([made.code, host.sent('unlockVault').length, host.sessions.length]).toEqual([0, 1, 1]);
  const declined = entering(absentVault, missing);
  expect((await runWord('enter', [declined], { ...tty, answers: ['n'] })).code).toBe(0);
  const running = entering(absentVault);
  const silent = await runWord('enter', [running], tty);
  expect([silent.code, silent.io.questions]).toEqual([0, []]);
});

describe('enter, where there is no vault here but a remote', () => {
  const remote = { type: 's3', shown: 's3://vaults/acme at Amazon S3', intervalMs: 300_000, retention: 50 } as const;
  const theirs = { etag: 'e-1', timeMs: nowMs, machine: 'mira\u001b[2J', sizeBytes: 2000, members: null };
  const found = (kind: 'offer-pull' | 'ask-adopt') => ({ ...noSync, remote, question: { kind, mine: null, theirs } });

  /** A container that has to come up; looking at the remote finds what the test says. */
  const coming = (sync: SyncState, isUp = false): FakeHost => {
    const host = isUp ? entering(absentVault) : entering(absentVault, missing);
    host.publishProject({ sync: isUp ? sync : { ...noSync, remote } });
    return host.on('lookAtRemote', () => {
      host.publishProject({ sync });
      return { accepted: true };
    });
  };

  test('pulls what the remote has and unlocks it', async () => {
    const host = answering(coming(found('offer-pull')), 'unlockVault', [unlocked]);
    host.on('pullVault', () => {
      host.publishProject({ vault: locked, sync: { ...noSync, remote } });
      return { accepted: true };
    });
    const { io, code } = await runWord('enter', [host], { ...tty, answers: ['y', passphrase] });
    expect([code, host.sessions.length]).toEqual([0, 1]);
    expect(io.questions[0]).toMatch(/one of 2026-.* by mira.* at s3:\/\/vaults\/acme/u);
    expect(io.questions.join('')).not.toContain('\u001b[2J');
    expect(host.sent('pullVault')).toEqual([{ type: 'pullVault', projectId, etag: 'e-1' }]);
    expect(io.stderr).toContain('The vault is unlocked');
  });

  test('makes none beside it after a no, and asks no remote for a container that was up', async () => {
    const declined = coming(found('offer-pull'));
    const { io, code } = await runWord('enter', [declined], { ...tty, answers: ['n'] });
    expect([code, io.questions.length, declined.sessions.length]).toEqual([0, 1, 1]);
    expect(declined.sent('pullVault')).toEqual([]);
    const up = coming({ ...noSync, remote }, true);
    expect((await runWord('enter', [up], tty)).io.questions).toEqual([]);
    expect(up.sent('lookAtRemote')).toEqual([]);
    const known = coming(found('offer-pull'), true);
    expect((await runWord('enter', [known], { ...tty, answers: ['n'] })).io.questions).toHaveLength(1);
  });

  test('offers to make one where the remote has none, and says what to do where it is unclear or not to be asked', async () => {
    const empty = coming({ ...noSync, remote });
    const { io } = await runWord('enter', [empty], { ...tty, answers: ['n'] });
    expect(io.questions[0]).toContain('Make one?');
    const unclear = await runWord('enter', [coming(found('ask-adopt'))], tty);
    expect([unclear.code, unclear.io.questions]).toEqual([0, []]);
    expect(unclear.io.stderr).toContain('tazpod sync adopt');
    const away = coming({ ...noSync, remote }).on('lookAtRemote', () => ({
      accepted: false,
      failure: toFailure('sync-credentials', { remote: 's3://b', profile: '', reason: 'expired' }),
    }));
    const failed = await runWord('enter', [away], tty);
    expect([failed.code, away.sessions.length]).toEqual([0, 1]);
    expect(failed.io.stderr).toMatch(/docs\/sync\.md says[^]*opens without the vault/u);
  });
});

test('enter asks nothing where the vault is open, for a command, and without a terminal', async () => {
  for (const [words, vault, options] of [
    ['enter', unlocked, tty],
    ['enter -- true', locked, tty],
    ['enter -- true', locked, {}],
  ] as const) {
    const host = entering(vault);
    const { io, code } = await runWord(words, [host], options);
    expect([code, io.questions]).toEqual([0, []]);
  }
});
