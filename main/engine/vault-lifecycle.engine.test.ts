import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEngine } from './create-engine.ts';
import { openEngineFixture, runCommand, waitForSnapshot, type EngineFixture } from './testing/engine-fixture.ts';
import { hasPython, pythonMember, runPythonVault, whyNoPython } from './testing/python-vault.ts';
import { codeOf, openUnlocked, passphrase, secrets, type VaultProject } from './testing/vault-project.ts';

let fixture: EngineFixture;
let quits = 0;
beforeAll(async () => {
  fixture = await openEngineFixture({ quit: () => (quits += 1) });
});
afterAll(async () => fixture.close());

const unlockedProject = async (name: string): Promise<VaultProject> => {
  const project = await openUnlocked(fixture, name);
  await project.inside(`echo kept > ${secrets}/kept`);
  return project;
};
const unlockAndRead = async (project: VaultProject, name: string): Promise<string> => {
  expect(await project.run({ type: 'unlockVault', passphrase })).toMatchObject({ ok: true });
  return project.inside(`cat ${secrets}/${name}`);
};

/** Replaces a file of the vault's by one whose name a vault can't keep, so that no save goes well. */
const makeUnsavable = async (project: VaultProject): Promise<void> => {
  await project.inside(`touch ${secrets}/twin ${secrets}/TWIN`);
};

describe('down, restart and rebuild', () => {
  test.each(['stopProject', 'restartProject', 'rebuildProject'] as const)('%s saves the vault first', async (type) => {
    const project = await unlockedProject(`first-${type}`);
    expect(await project.run({ type })).toMatchObject({ ok: true });
    expect(project.vault()).toMatchObject({ status: 'locked', lostSinceMs: null, failure: null });
    if (type === 'stopProject') await project.run({ type: 'startProject' });
    expect(await unlockAndRead(project, 'kept')).toBe('0 kept');
  });

  test('what a program writes into the vault when it is asked to end is saved as well', async () => {
    const project = await unlockedProject('flush');
    const size = { rows: 24, columns: 80 };
    const script = `trap 'echo flushed > ${secrets}/flushed; exit 0' TERM HUP; echo rea''dy; while :; do sleep 0.05; done`;
    const command = ['bash', '-c', script];
    const program = await fixture.openSession({ kind: 'shell', projectId: project.projectId, size, command });
    await program.printed(/ready/u);
    expect(await project.run({ type: 'stopProject' })).toMatchObject({ ok: true });
    await project.run({ type: 'startProject' });
    expect(await unlockAndRead(project, 'flushed')).toBe('0 flushed');
  });

  test.each(['stopProject', 'restartProject', 'rebuildProject'] as const)(
    '%s leaves the container running where the vault can not be saved; force goes on',
    async (type) => {
      const project = await unlockedProject(`stuck-${type}`);
      await project.run({ type: 'saveVault' });
      await makeUnsavable(project);
      const before = project.containerId();
      expect(codeOf(await project.run({ type }))).toBe('vault-member-unsavable');
      expect(project.containerId()).toBe(before);
      expect(fixture.project(project.projectId).container.status).toBe('running');
      expect(project.vault().status).toBe('unlocked');
      expect(await project.inside(`cat ${secrets}/kept`)).toBe('0 kept');
      expect(await project.run({ type, force: true })).toMatchObject({ ok: true });
      expect(project.vault()).toMatchObject({ status: 'locked', lostSinceMs: null });
    },
  );

  test('a paused container with an unlocked vault is saved too', async () => {
    const project = await unlockedProject('paused');
    await fixture.client.getContainer(project.containerId()).pause();
    await fixture.waitFor(() => fixture.project(project.projectId).container.status === 'paused', 'the pause');
    expect(codeOf(await project.run({ type: 'saveVault' }))).toBe('container-paused');
    expect(await project.run({ type: 'stopProject' })).toMatchObject({ ok: true });
    await project.run({ type: 'startProject' });
    expect(await unlockAndRead(project, 'kept')).toBe('0 kept');
  });
});

describe('quit', () => {
  test('saves and locks all vaults, whoever has them open; one that can not be saved keeps the host', async () => {
    const [one, two] = [await unlockedProject('quit-one'), await unlockedProject('quit-two')];
    const size = { rows: 24, columns: 80 };
    const shell = await fixture.openSession({ kind: 'shell', projectId: one.projectId, size, command: ['bash'] });
    await shell.session.write(Buffer.from(`cd ${secrets} && echo stan''ding\n`));
    await shell.printed(/standing/u);
    await makeUnsavable(two);
    expect(codeOf(await fixture.run({ type: 'quitHost' }))).toBe('vault-member-unsavable');
    expect([quits, one.vault().status, two.vault().status]).toEqual([0, 'locked', 'unlocked']);
    expect(fixture.project(two.projectId).failure?.code).toBe('vault-member-unsavable');
    expect(await fixture.run({ type: 'quitHost', force: true })).toMatchObject({ ok: true });
    // Nothing of it is lost: it stays open in its container.
    expect([quits, two.vault().status]).toEqual([1, 'unlocked']);
    expect(await two.inside(`cat ${secrets}/kept`)).toBe('0 kept');
    expect(fixture.project(one.projectId).container.status).toBe('running');
    expect(await unlockAndRead(one, 'kept')).toBe('0 kept');
  });
});

describe('a new host process', () => {
  test('finds the vault mounted, asks for the passphrase once, and saves on', async () => {
    const project = await unlockedProject('handed');
    await project.run({ type: 'saveVault' });
    await project.inside(`echo later > ${secrets}/later`);
    const { projectId } = project;
    const ports = { ...fixture.ports, log: () => undefined };
    const second = await createEngine(ports);
    try {
      const vault = () => second.snapshot().projects.find((one) => one.id === projectId)?.vault;
      await waitForSnapshot(second, () => vault()?.status === 'mounted', 'the vault to be seen');
      expect(codeOf(await runCommand(second, { type: 'saveVault', projectId }))).toBe('vault-key-missing');
      expect(codeOf(await runCommand(second, { type: 'lockVault', projectId }))).toBe('vault-key-missing');
      expect(codeOf(await runCommand(second, { type: 'stopProject', projectId }))).toBe('vault-key-missing');
      const wrong = { type: 'unlockVault', projectId, passphrase: 'not it' } as const;
      expect(codeOf(await runCommand(second, wrong))).toBe('vault-unreadable');
      expect(vault()?.status).toBe('mounted');
      const before = await project.file();
      expect(codeOf(await runCommand(second, { type: 'unlockVault', projectId, passphrase }))).toBe('done');
      expect(vault()).toMatchObject({ status: 'unlocked', dirtySinceMs: expect.any(Number) });
      expect((await project.file()).equals(before)).toBe(true);
      expect(await project.inside(`cat ${secrets}/later`)).toBe('0 later');
      expect(codeOf(await runCommand(second, { type: 'lockVault', projectId }))).toBe('done');
      expect((await project.file()).equals(before)).toBe(false);
    } finally {
      await second.close();
    }
  });
});

describe('a vault file that was replaced while its vault was mounted and no host process ran', () => {
  test('is kept as a conflict copy when the vault is saved again', async () => {
    const own = await openEngineFixture();
    const project = await openUnlocked(own, 'swapped');
    await project.inside(`echo one > ${secrets}/one`);
    await project.run({ type: 'saveVault' });
    const first = await project.file();
    await project.inside(`echo two > ${secrets}/two`);
    await project.run({ type: 'saveVault' });
    await own.engine.close();
    const file = path.join(project.folder, '.tazpod', 'vault', 'vault.tar.aes');
    await writeFile(file, first);
    const next = await createEngine(own.ports);
    try {
      const { projectId } = project;
      const vault = () => next.snapshot().projects.find((one) => one.id === projectId)?.vault;
      await waitForSnapshot(next, () => vault()?.status === 'mounted', 'the vault to be seen');
      expect(codeOf(await runCommand(next, { type: 'unlockVault', projectId, passphrase }))).toBe('done');
      expect(codeOf(await runCommand(next, { type: 'saveVault', projectId }))).toBe('done');
      expect(vault()?.conflictCopies).toHaveLength(1);
      const copy = path.join(path.dirname(file), vault()?.conflictCopies[0] ?? '');
      expect((await readFile(copy)).equals(first)).toBe(true);
      expect((await project.file()).equals(first)).toBe(false);
    } finally {
      await next.close();
      await own.close();
    }
  });
});

describe('a host process that was killed between its save and its note of it', () => {
  test('left a file that is its own: the next one saves on, and keeps no copy of it', async () => {
    const own = await openEngineFixture();
    const project = await openUnlocked(own, 'noted');
    const notes = path.join(own.stateFolder, 'vaults.json');
    const before = JSON.parse(await readFile(notes, 'utf8')) as Record<string, object>;
    await project.inside(`echo one > ${secrets}/one`);
    await project.run({ type: 'saveVault' });
    await project.inside(`echo two > ${secrets}/two`);
    await own.engine.close();
    const { projectId } = project;
    const [saving] = (await readFile(path.join(project.folder, '.tazpod/vault/last-content.hash'), 'utf8')).split('\n');
    await writeFile(notes, JSON.stringify({ ...before, [projectId]: { ...before[projectId], saving } }));
    const next = await createEngine(own.ports);
    try {
      const vault = () => next.snapshot().projects.find((one) => one.id === projectId)?.vault;
      await waitForSnapshot(next, () => vault()?.status === 'mounted', 'the vault to be seen');
      expect(codeOf(await runCommand(next, { type: 'unlockVault', projectId, passphrase }))).toBe('done');
      expect(codeOf(await runCommand(next, { type: 'saveVault', projectId }))).toBe('done');
      expect(vault()?.conflictCopies).toEqual([]);
    } finally {
      await next.close();
      await own.close();
    }
  });

  test('a save says what it is about to write before it writes, and nothing of it once it is there', async () => {
    const project = await unlockedProject('told');
    const notes = async () => {
      const all = JSON.parse(await readFile(path.join(fixture.stateFolder, 'vaults.json'), 'utf8')) as unknown;
      return (all as Record<string, { readonly saving?: string }>)[project.projectId];
    };
    await project.run({ type: 'saveVault' });
    expect(await notes()).not.toHaveProperty('saving');
    await project.inside(`echo more > ${secrets}/more`);
    const vaultFolder = path.join(project.folder, '.tazpod/vault');
    await rename(vaultFolder, `${vaultFolder}-away`);
    await writeFile(vaultFolder, 'in its way');
    expect(codeOf(await project.run({ type: 'saveVault' }))).not.toBe('done');
    expect((await notes())?.saving).toMatch(/^[0-9a-f]{64}$/u);
    await rm(vaultFolder);
    await rename(`${vaultFolder}-away`, vaultFolder);
    expect(codeOf(await project.run({ type: 'saveVault' }))).toBe('done');
    expect(await notes()).not.toHaveProperty('saving');
  });
});

describe('interop', () => {
  test.skipIf(!hasPython)(`a vault that Python made opens, and ours opens in Python${whyNoPython}`, async () => {
    const project = await unlockedProject('python');
    await project.run({ type: 'lockVault' });
    const file = path.join(project.folder, '.tazpod', 'vault', 'vault.tar.aes');
    expect(runPythonVault('open', file, passphrase).trim().split('\n')).toEqual([
      '.aws 0o700 -',
      expect.stringMatching(/^kept 0o6.. kept$/u),
    ]);
    runPythonVault('make', file, passphrase);
    expect(await unlockAndRead(project, pythonMember.path)).toBe(`0 ${pythonMember.text}`);
  });
});

describe('a handover', () => {
  test('is believed until the engine is heard, whatever else changes meanwhile', async () => {
    const own = await openEngineFixture();
    const project = await openUnlocked(own, 'early');
    const { projectId, folder } = project;
    await own.engine.drain();
    const handedOverVaults = await own.engine.handOverVaults();
    await own.engine.close();
    const environment = { ...own.ports.environment, DOCKER_HOST: `unix://${path.join(own.root, 'none.sock')}` };
    const next = await createEngine({ ...own.ports, environment, handedOverVaults });
    try {
      const shown = () => next.snapshot().projects.find((one) => one.id === projectId);
      await waitForSnapshot(next, ({ engine }) => engine.status === 'away', 'the engine to be away');
      // Makes the project's view anew, with no container in it.
      await writeFile(path.join(folder, '.tazpod', 'config.yaml'), 'image: other/image:1\n');
      await runCommand(next, { type: 'registerProject', folder });
      expect(shown()?.config).toMatchObject({ image: 'other/image:1' });
      expect(codeOf(await runCommand(next, { type: 'saveVault', projectId }))).toBe('engine-unreachable');
      expect(shown()?.vault).toMatchObject({ status: 'unlocked', lostSinceMs: null });
    } finally {
      await next.close();
      await own.close();
    }
  });

  test('of a vault whose container was restarted meanwhile is told as lost, and saves nothing of what is there now', async () => {
    const own = await openEngineFixture();
    const project = await openUnlocked(own, 'restarted');
    await project.inside(`echo mine > ${secrets}/mine`);
    await project.run({ type: 'saveVault' });
    const saved = await project.file();
    await own.engine.drain();
    const handedOverVaults = await own.engine.handOverVaults();
    expect(handedOverVaults).toMatchObject([{ projectId: project.projectId, key: expect.any(String) }]);
    await own.engine.close();
    await own.client.getContainer(project.containerId()).restart({ t: 0 });
    expect(await project.as('root', `mount -t tmpfs none ${secrets} && echo theirs > ${secrets}/mine`)).toBe('0');
    const next = await createEngine({ ...own.ports, handedOverVaults });
    try {
      const command = { type: 'saveVault', projectId: project.projectId } as const;
      expect(['vault-lost', 'vault-not-unlocked', 'vault-key-missing']).toContain(
        codeOf(await runCommand(next, command)),
      );
      expect((await project.file()).equals(saved)).toBe(true);
    } finally {
      await next.close();
      await own.close();
    }
  });
});
