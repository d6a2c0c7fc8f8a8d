import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBaseFile } from './base-file.ts';
import { minRetention } from './history.ts';
import type { Remote } from './remote.ts';
import { openFolderRemote } from './remotes/folder.ts';
import { openS3Remote } from './remotes/s3.ts';
import { adopt, keepMine, pull, restore, runPush, type LocalVault, type SyncOutcome, type SyncPorts } from './run.ts';
import { openFakeObjectStore } from './testing/fake-object-store.ts';
import { makeClock, makeVault, signal, vaultId } from './testing/remote-cases.ts';
import type { VaultFile } from './version.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tazpod-sync-run-'));
});
afterAll(async () => await rm(folder, { recursive: true }));

let count = 0;
const nextName = (): string => `place-${(count += 1)}`;

/** A machine: its vault in memory, its base in a real file. */
interface Machine {
  readonly ports: SyncPorts;
  edit(): void;
  readonly content: () => string | null;
  /** Contents that this machine has seen: it may replace them. */
  readonly seen: Set<string>;
}

function makeMachine(remote: Remote, id: string | null = vaultId): Machine {
  let file: (VaultFile & { readonly contentHash: string }) | null = null;
  const seen = new Set<string>();
  const vault: LocalVault = {
    look: async () =>
      file === null ? null : { contentHash: file.contentHash, vaultId: file.vaultId, sizeBytes: file.bytes.length },
    read: async () => file,
    replace: async (fetched) => {
      file = { ...fetched, contentHash: fetched.contentHash ?? 'unknown' };
      return { contentHash: file.contentHash, vaultId: file.vaultId, sizeBytes: file.bytes.length };
    },
  };
  const base = openBaseFile(path.join(folder, `${nextName()}.json`), remote.shown);
  return {
    ports: { vault, remote, base, retention: minRetention },
    seen,
    content: () => file?.contentHash ?? null,
    edit: () => {
      const made = makeVault();
      file = { ...made, vaultId: id, contentHash: made.contentHash ?? '' };
      seen.add(file.contentHash);
    },
  };
}

type Step = 'edit' | 'sync' | 'pull' | 'mine' | 'theirs' | 'restore' | 'kill';
const steps: readonly Step[] = ['edit', 'sync', 'sync', 'pull', 'mine', 'theirs', 'restore', 'kill'];

/** Makes a remote whose push is done but whose caller never hears of it: killed right after the latest moved. */
function withKill(remote: Remote): Remote {
  return {
    ...remote,
    push: async (...args) => {
      await remote.push(...args);
      throw new Error('killed');
    },
  };
}

async function step(machine: Machine, kind: Step, pick: number): Promise<void> {
  const { ports, seen } = machine;
  const head = await ports.remote.head(signal);
  const see = (hash: string | null | undefined): void => void (typeof hash === 'string' && seen.add(hash));
  const before = machine.content();
  let outcome: SyncOutcome | null = null;
  if (kind === 'edit') machine.edit();
  else if (kind === 'sync') outcome = await runPush(ports, 'loop', signal);
  else if (kind === 'kill') {
    await runPush({ ...ports, remote: withKill(ports.remote) }, 'loop', signal).catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== 'killed') throw error;
    });
  } else if (kind === 'restore') {
    const names = await ports.remote.listHistory(signal);
    const chosen = names[pick % Math.max(1, names.length)];
    if (chosen !== undefined) see((await restore(ports, chosen.name, signal)).contentHash);
  } else if (head !== null) {
    const isOffered = planned(
      await runPush({ ...ports, remote: { ...ports.remote, push: async () => null } }, 'loop', signal),
      kind,
    );
    if (!isOffered) return;
    see(head.contentHash);
    outcome = kind === 'mine' ? await keepMine(ports, head.etag, signal) : await pull(ports, head.etag, signal);
  }
  const after = await ports.remote.head(signal);
  if (after !== null && head !== null && after.contentHash !== head.contentHash) {
    expect(seen, `${kind} replaced what this machine never saw`).toContain(head.contentHash);
  }
  if (outcome?.type === 'pushed') expect(after?.contentHash).toBe(before);
}

const planned = (outcome: SyncOutcome, kind: Step): boolean =>
  kind === 'pull' ? outcome.type === 'offer-pull' : outcome.type === 'conflict';

async function assertNothingLost(remote: Remote, known: ReadonlySet<string>): Promise<void> {
  const entries = await remote.listHistory(signal);
  if (entries.length >= minRetention) return;
  const kept = new Set<string | null>();
  for (const { name } of entries) kept.add((await remote.readHistory(name, signal)).contentHash);
  for (const hash of known) expect(kept, 'a version is lost').toContain(hash);
}

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
    const operation = fc.record({ on: fc.nat(1), kind: fc.constantFrom(...steps), pick: fc.nat(60) });
    const plan = fc.array(operation, { minLength: 100, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(plan, async (operations) => {
        const remote = await openRemote();
        const machines = [makeMachine(remote), makeMachine(remote)] as const;
        const pushed = new Set<string>();
        for (const { on, kind, pick } of operations) {
          await step(machines[on === 0 ? 0 : 1], kind, pick);
          const hash = (await remote.head(signal))?.contentHash;
          if (typeof hash === 'string') pushed.add(hash);
        }
        await assertNothingLost(remote, pushed);
      }),
      { numRuns: 20, endOnFailure: true },
    );
  });

  test('a push that was killed after the latest moved is known again, and nobody is asked', async () => {
    const machine = makeMachine(await openRemote());
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
    const [a, b] = [makeMachine(remote), makeMachine(remote)];
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
    const [a, other, goTool] = [makeMachine(remote), makeMachine(remote, 'b'.repeat(32)), makeMachine(remote, null)];
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
    const [goTool, machine] = [makeMachine(remote, null), makeMachine(remote)];
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
  const machine = makeMachine(openS3Remote(store, { shown: 's', prefix: 'p', nowMs }));
  machine.edit();
  await runPush(machine.ports, 'loop', signal);
  const before = store.requests.length;
  expect((await runPush(machine.ports, 'loop', signal)).type).toBe('agreed');
  expect(store.requests.slice(before)).toEqual(['HEAD p/vault.tar.aes']);
  const careless = makeMachine(openS3Remote(openFakeObjectStore('ignored', nowMs), { shown: 't', prefix: 'p', nowMs }));
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
