import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBaseFile } from './base-file.ts';
import type { Remote } from './remote.ts';
import { openFolderRemote } from './remotes/folder.ts';
import { openS3Remote } from './remotes/s3.ts';
import { adopt, keepMine, pull, restore, runPush } from './run.ts';
import { openFakeObjectStore } from './testing/fake-object-store.ts';
import { makeClock, signal, vaultId } from './testing/remote-cases.ts';
import { expectNothingLost, makeMachine, nextName, withKill } from './testing/two-machines.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tazpod-sync-run-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

const open = {
  'an in-memory fake of a service': async (): Promise<Remote> => {
    const nowMs = makeClock();
    return openS3Remote(openFakeObjectStore('both', nowMs), { shown: nextName(), prefix: 'p', nowMs });
  },
  'a folder': async (): Promise<Remote> => {
    const place = await mkdtemp(path.join(folder, 'remote-'));
    return openFolderRemote({ path: place, prefix: 'p', nowMs: makeClock() });
  },
};

describe.each(Object.entries(open))('two machines and %s', (_name, openRemote) => {
  test('2,000 random operations: nothing unseen is replaced, no version is lost', { timeout: 240_000 }, async () => {
    await expectNothingLost(folder, openRemote, 20);
  });

  test('a push that was killed after the latest moved is known again, and nobody is asked', async () => {
    const machine = makeMachine(folder, await openRemote());
    machine.edit();
    await runPush(machine.ports, 'loop', signal);
    machine.edit();
    await expect(runPush({ ...machine.ports, remote: withKill(machine.ports.remote) }, 'loop', signal)).rejects.toThrow(
      'killed',
    );
    machine.edit();
    expect((await runPush(machine.ports, 'loop', signal)).type).toBe('pushed');
  });

  test('keep theirs and restore put what was not pushed into the history first', async () => {
    const remote = await openRemote();
    const [a, b] = [makeMachine(folder, remote), makeMachine(folder, remote)];
    a.edit();
    await runPush(a.ports, 'loop', signal);
    b.edit();
    const mine = b.content();
    const outcome = await runPush(b.ports, 'loop', signal);
    expect(outcome.type).toBe('conflict');
    await pull(b.ports, outcome.type === 'conflict' ? outcome.remote.etag : '', signal);
    expect(b.content()).toBe(a.content());
    b.edit();
    const unpushed = b.content();
    const [newest] = await remote.listHistory(signal);
    await restore(b.ports, newest?.name ?? '', signal);
    const kept = await Promise.all(
      (await remote.listHistory(signal)).map(({ name }) => remote.readHistory(name, signal)),
    );
    const hashes = kept.map(({ contentHash }) => contentHash);
    expect(hashes).toEqual(expect.arrayContaining([mine, unpushed]));
  });

  test('another vault is refused; one without an id is asked about and then adopted', async () => {
    const remote = await openRemote();
    const [a, other, goTool] = [
      makeMachine(folder, remote),
      makeMachine(folder, remote, 'b'.repeat(32)),
      makeMachine(folder, remote, null),
    ];
    a.edit();
    await runPush(a.ports, 'loop', signal);
    other.edit();
    expect(await runPush(other.ports, 'person', signal)).toMatchObject({ type: 'other-vault', remote: { vaultId } });
    const etag = (await remote.head(signal))?.etag ?? '';
    expect((await keepMine(other.ports, etag, signal)).type).toBe('other-vault');
    goTool.edit();
    expect((await runPush(goTool.ports, 'person', signal)).type).toBe('ask-adopt');
    expect((await keepMine(goTool.ports, etag, signal)).type).toBe('ask-adopt');
    expect((await pull(goTool.ports, etag, signal)).type).toBe('ask-adopt');
    await adopt(goTool.ports);
    expect((await runPush(goTool.ports, 'person', signal)).type).toBe('conflict');
  });

  test('a vault without an id that is pulled where none was is adopted by that, and pushed back', async () => {
    const remote = await openRemote();
    const [goTool, machine] = [makeMachine(folder, remote, null), makeMachine(folder, remote)];
    goTool.edit();
    await runPush(goTool.ports, 'loop', signal);
    const offer = await runPush(machine.ports, 'loop', signal);
    expect(offer.type).toBe('offer-pull');
    expect((await pull(machine.ports, offer.type === 'offer-pull' ? offer.remote.etag : '', signal)).type).toBe(
      'pulled',
    );
    expect((await runPush(machine.ports, 'loop', signal)).type).toBe('agreed');
    machine.edit();
    expect((await runPush(machine.ports, 'loop', signal)).type).toBe('pushed');
  });
});

test('an unchanged run is one HEAD; a service without conditions is pushed to by hand only', async () => {
  const nowMs = makeClock();
  const store = openFakeObjectStore('both', nowMs);
  const machine = makeMachine(folder, openS3Remote(store, { shown: 's', prefix: 'p', nowMs }));
  machine.edit();
  await runPush(machine.ports, 'loop', signal);
  const before = store.requests.length;
  expect((await runPush(machine.ports, 'loop', signal)).type).toBe('agreed');
  expect(store.requests.slice(before)).toEqual(['HEAD p/vault.tar.aes']);
  const careless = makeMachine(
    folder,
    openS3Remote(openFakeObjectStore('ignored', nowMs), { shown: 't', prefix: 'p', nowMs }),
  );
  careless.edit();
  expect((await runPush(careless.ports, 'loop', signal)).type).toBe('by-hand-only');
  expect((await runPush(careless.ports, 'person', signal)).type).toBe('pushed');
});

test('the base is bound to its remote, and a damaged file is told', async () => {
  const file = path.join(folder, 'sync', 'base.json');
  const base = { etag: 'e', contentHash: 'c', pushing: null, isAdopted: true };
  await openBaseFile(file, 's3://one').write(base);
  expect(await openBaseFile(file, 's3://one').read()).toEqual(base);
  expect(await openBaseFile(file, 's3://two').read()).toMatchObject({ etag: null, isAdopted: false });
  await writeFile(file, '{');
  await expect(openBaseFile(file, 's3://one').read()).rejects.toMatchObject({
    failure: { code: 'state-file-damaged' },
  });
});
