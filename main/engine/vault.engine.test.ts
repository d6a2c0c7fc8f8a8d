import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';
import { codeOf, openUnlocked, passphrase, secrets, toVaultProject } from './testing/vault-project.ts';

let fixture: EngineFixture;
let clockMs = 0;
beforeAll(async () => {
  fixture = await openEngineFixture({ nowMs: () => Date.now() + clockMs });
});
afterAll(async () => fixture.close());

const unlockedProject = async (name: string) => openUnlocked(fixture, name);

describe('a vault', () => {
  test('is made, filled, saved, locked and unlocked again with the same bytes and modes', async () => {
    const project = await unlockedProject('round');
    expect(project.vault()).toMatchObject({ status: 'unlocked', dirtySinceMs: null, content: { memberCount: 0 } });
    const list = `cd ${secrets} && find . -mindepth 1 -printf '%p %m %y ' -exec sh -c 'sha256sum < "$1"' - {} \\; 2>/dev/null | sort`;
    await project.inside(
      `cd ${secrets} && umask 077 && mkdir -p a/b && echo one > a/b/one && head -c 100000 /dev/urandom > two && chmod 640 two && ln -s a/b/one link`,
    );
    const before = await project.inside(list);
    await project.run({ type: 'inspectVault' });
    expect(project.vault()).toMatchObject({ status: 'unlocked', dirtySinceMs: expect.any(Number) });
    expect(project.vault().content?.members.map(({ path: one, kind }) => `${one} ${kind}`)).toEqual(
      expect.arrayContaining(['.aws directory', 'a/b/one file', 'link symlink', 'two file']),
    );
    const empty = await project.file();
    expect(await project.run({ type: 'saveVault' })).toEqual({ ok: true, text: 'Saved the vault.' });
    expect(project.vault()).toMatchObject({ dirtySinceMs: null, saving: false, failure: null });
    const saved = await project.file();
    expect(saved.equals(empty)).toBe(false);
    expect(project.vault().fileBytes).toBe(saved.length);
    expect(await project.run({ type: 'saveVault' })).toEqual({
      ok: true,
      text: 'The vault is saved already: nothing changed.',
    });
    expect((await project.file()).equals(saved)).toBe(true);
    expect(await project.run({ type: 'lockVault' })).toEqual({ ok: true, text: 'Locked the vault.' });
    expect(project.vault()).toMatchObject({ status: 'locked', content: null, lastCheckedAtMs: null });
    expect(await project.as('root', `ls -A ${secrets}`)).toBe('0');
    expect(await project.run({ type: 'unlockVault', passphrase })).toEqual({ ok: true, text: 'Unlocked the vault.' });
    expect(await project.inside(list)).toBe(before);
    expect(project.vault()).toMatchObject({ status: 'unlocked', lostSinceMs: null });
  });

  test('shows another user of the container nothing while it is unlocked', async () => {
    const project = await unlockedProject('other-user');
    await project.inside(`echo canary > ${secrets}/token && chmod 666 ${secrets}/token`);
    for (const script of [`cat ${secrets}/token`, `ls ${secrets}`, 'cat /home/tazpod/.aws/x', `cd ${secrets}`]) {
      const seen = await project.as('1001:1001', script);
      expect(seen).not.toMatch(/^0|canary/u);
    }
  });

  test('is asked for in order: running container, a file, no file where one is made', async () => {
    const folder = await fixture.folder('order', baseConfig);
    const project = toVaultProject(fixture, await fixture.trusted(folder), folder);
    expect(project.vault().status).toBe('absent');
    expect(codeOf(await project.run({ type: 'unlockVault', passphrase }))).toBe('container-not-running');
    expect(await project.run({ type: 'startProject' })).toMatchObject({ ok: true });
    expect(codeOf(await project.run({ type: 'unlockVault', passphrase }))).toBe('vault-missing');
    expect(codeOf(await project.run({ type: 'unlockVault' }))).toBe('passphrase-needed');
    expect(codeOf(await project.run({ type: 'saveVault' }))).toBe('vault-not-unlocked');
    expect(project.vault()).toMatchObject({ status: 'absent', failure: { code: 'vault-not-unlocked' } });
    expect(await project.run({ type: 'unlockVault', passphrase, create: true })).toMatchObject({ ok: true });
    expect(await project.run({ type: 'lockVault' })).toMatchObject({ ok: true });
    const made = await project.file();
    expect(codeOf(await project.run({ type: 'unlockVault', passphrase, create: true }))).toBe('vault-exists');
    expect((await project.file()).equals(made)).toBe(true);
    expect(project.vault().status).toBe('locked');
  });
});

describe('a wrong passphrase', () => {
  test('mounts nothing; after the third a wait comes that grows, and the right one ends it', async () => {
    const project = await unlockedProject('tries');
    expect(await project.run({ type: 'lockVault' })).toMatchObject({ ok: true });
    const wrong = async (): Promise<string> =>
      codeOf(await project.run({ type: 'unlockVault', passphrase: 'not the passphrase' }));
    const left: number[] = [];
    for (let at = 0; at < 3; at += 1) {
      expect(await wrong()).toBe('vault-unreadable');
      left.push(project.vault().triesLeft);
    }
    expect(left).toEqual([2, 1, 0]);
    expect(project.vault()).toMatchObject({ status: 'locked', failure: { code: 'vault-unreadable' } });
    const first = project.vault().retryAtMs ?? 0;
    expect(codeOf(await project.run({ type: 'unlockVault', passphrase }))).toBe('vault-retry-later');
    clockMs += 5_001;
    expect(await wrong()).toBe('vault-unreadable');
    expect((project.vault().retryAtMs ?? 0) - first).toBeGreaterThan(10_000);
    clockMs += 10_001;
    expect(await project.as('root', `ls -A ${secrets}`)).toBe('0');
    expect(await project.run({ type: 'unlockVault', passphrase })).toMatchObject({ ok: true });
    expect(project.vault()).toMatchObject({ status: 'unlocked', triesLeft: 3, retryAtMs: null, failure: null });
  });

  test('reads the same as a damaged file', async () => {
    const project = await unlockedProject('damaged');
    await project.run({ type: 'lockVault' });
    const file = path.join(project.folder, '.tazpod', 'vault', 'vault.tar.aes');
    const bytes = await project.file();
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(file, bytes);
    const damaged = await project.run({ type: 'unlockVault', passphrase });
    const short = Buffer.from('short');
    await writeFile(file, short);
    const cut = await project.run({ type: 'unlockVault', passphrase });
    expect([codeOf(damaged), codeOf(cut)]).toEqual(['vault-unreadable', 'vault-unreadable']);
    expect((await project.file()).equals(short)).toBe(true);
  });
});

describe('a lock', () => {
  test('names who has the vault open and keeps it as it is; asked to, it ends them', async () => {
    const project = await unlockedProject('held');
    const size = { rows: 24, columns: 80 };
    const shell = await fixture.openSession({ kind: 'shell', projectId: project.projectId, size, command: ['bash'] });
    await shell.session.write(Buffer.from(`cd ${secrets} && echo kept > kept && echo stan''ding\n`));
    await shell.printed(/standing/u);
    const refused = await project.run({ type: 'lockVault' });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'vault-held-open' } });
    expect(project.vault()).toMatchObject({ status: 'unlocked', holders: [{ name: 'bash' }] });
    expect(await project.inside(`cat ${secrets}/kept`)).toBe('0 kept');
    expect(await project.run({ type: 'lockVault', endHolders: true })).toMatchObject({ ok: true });
    await shell.ended;
    expect(project.vault()).toMatchObject({ status: 'locked', holders: [] });
    await project.run({ type: 'unlockVault', passphrase });
    expect(await project.inside(`cat ${secrets}/kept`)).toBe('0 kept');
  });

  test('that can not save leaves the vault unlocked; forced, it gives up what is unsaved', async () => {
    const project = await unlockedProject('unsaved');
    await project.inside(`for n in 1 2 3; do echo $n > ${secrets}/$n; done`);
    await project.run({ type: 'saveVault' });
    await project.inside(`rm ${secrets}/?`);
    const saved = await project.file();
    expect(codeOf(await project.run({ type: 'lockVault' }))).toBe('vault-shrunk');
    expect(project.vault()).toMatchObject({ status: 'unlocked', failure: { code: 'vault-shrunk' } });
    expect(await project.run({ type: 'lockVault', force: true })).toMatchObject({ ok: true });
    expect((await project.file()).equals(saved)).toBe(true);
    expect(project.vault()).toMatchObject({ status: 'locked' });
    await project.run({ type: 'unlockVault', passphrase });
    await project.inside(`rm ${secrets}/?`);
    expect(await project.run({ type: 'saveVault', confirm: true })).toMatchObject({ ok: true });
  });
});

describe('a container that ends without our doing', () => {
  test('has lost what was not saved: that is said, and what comes up after it is never saved over the file', async () => {
    const project = await unlockedProject('killed');
    await project.inside(`echo saved > ${secrets}/saved`);
    await project.run({ type: 'saveVault' });
    const checkedAtMs = project.vault().lastCheckedAtMs;
    await project.inside(`echo unsaved > ${secrets}/unsaved`);
    const saved = await project.file();
    await fixture.client.getContainer(project.containerId()).kill();
    await fixture.waitFor(() => project.vault().status === 'locked', 'the vault to be locked');
    expect(project.vault()).toMatchObject({ lostSinceMs: checkedAtMs, failure: { code: 'vault-lost' }, content: null });
    expect(fixture.project(project.projectId).failure?.code).toBe('vault-lost');
    await fixture.client.getContainer(project.containerId()).start();
    await fixture.waitFor(() => fixture.project(project.projectId).container.status === 'running', 'the container');
    expect(codeOf(await project.run({ type: 'saveVault' }))).toBe('vault-not-unlocked');
    expect(project.vault().lostSinceMs).toBe(checkedAtMs);
    expect((await project.file()).equals(saved)).toBe(true);
    expect(await project.run({ type: 'unlockVault', passphrase })).toMatchObject({ ok: true });
    expect(await project.inside(`ls ${secrets}`)).toBe('0 saved');
    expect(project.vault().lostSinceMs).toBeNull();
  });

  test('and comes up again with other files in its place is not saved over the file either', async () => {
    const project = await unlockedProject('replaced');
    await project.inside(`echo mine > ${secrets}/mine`);
    await project.run({ type: 'saveVault' });
    const saved = await project.file();
    await fixture.client.getContainer(project.containerId()).restart({ t: 0 });
    const mount = `mkdir -p ${secrets} && mount -t tmpfs none ${secrets} && echo theirs > ${secrets}/mine`;
    expect(await project.as('root', mount)).toBe('0');
    const outcome = await project.run({ type: 'saveVault' });
    expect(['vault-not-unlocked', 'vault-lost']).toContain(codeOf(outcome));
    expect((await project.file()).equals(saved)).toBe(true);
  });
});

describe('another passphrase', () => {
  test('takes the place of the old one, unlocked or locked, and only with proof of it', async () => {
    const project = await unlockedProject('change');
    await project.inside(`echo one > ${secrets}/one`);
    const change = async (old: string, newPassphrase: string): Promise<string> =>
      codeOf(await project.run({ type: 'changeVaultPassphrase', passphrase: old, newPassphrase }));
    const before = await project.file();
    expect(await change('not it', 'second passphrase')).toBe('vault-unreadable');
    expect(await change(passphrase, passphrase)).toBe('passphrase-unchanged');
    expect((await project.file()).equals(before)).toBe(true);
    expect(await change(passphrase, 'second passphrase')).toBe('done');
    expect((await project.file()).subarray(0, 32).equals(before.subarray(0, 32))).toBe(false);
    await project.inside(`echo two > ${secrets}/two`);
    expect(await project.run({ type: 'lockVault' })).toMatchObject({ ok: true });
    expect(await change('second passphrase', 'third passphrase')).toBe('done');
    expect(codeOf(await project.run({ type: 'unlockVault', passphrase }))).toBe('vault-unreadable');
    expect(await project.run({ type: 'unlockVault', passphrase: 'third passphrase' })).toMatchObject({ ok: true });
    expect(await project.inside(`cd ${secrets} && cat one two`)).toBe('0 one\r\ntwo'.replace('\r', ''));
  });
});
