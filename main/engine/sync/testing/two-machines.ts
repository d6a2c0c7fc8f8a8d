import path from 'node:path';
import * as fc from 'fast-check';
import { expect } from 'vitest';
import { openBaseFile } from '../base-file.ts';
import { minRetention } from '../history.ts';
import type { Remote } from '../remote.ts';
import { keepMine, pull, restore, runPush, type LocalVault, type SyncOutcome, type SyncPorts } from '../run.ts';
import type { VaultFile } from '../version.ts';
import { makeVault, signal, vaultId } from './remote-cases.ts';

let count = 0;
/** A name that no other place has. */
export const nextName = (): string => `place-${(count += 1)}`;

/** A machine: its vault in memory, its base in a real file. */
export interface Machine {
  readonly ports: SyncPorts;
  edit(): void;
  readonly content: () => string | null;
  /** Contents that this machine has seen: it may replace them. */
  readonly seen: Set<string>;
}

/** @param folder where its base is kept */
export function makeMachine(folder: string, remote: Remote, id: string | null = vaultId): Machine {
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
export function withKill(remote: Remote): Remote {
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

/**
 * Two machines that edit, sync, pull, choose, restore and get killed in random order: nothing unseen is replaced, no
 * version is lost.
 * @param folder for the machines' bases
 * @param runs each of 100 operations
 */
export async function expectNothingLost(
  folder: string,
  openRemote: () => Promise<Remote>,
  runs: number,
): Promise<void> {
  const operation = fc.record({ on: fc.nat(1), kind: fc.constantFrom(...steps), pick: fc.nat(60) });
  const plan = fc.array(operation, { minLength: 100, maxLength: 100 });
  await fc.assert(
    fc.asyncProperty(plan, async (operations) => {
      const remote = await openRemote();
      const machines = [makeMachine(folder, remote), makeMachine(folder, remote)] as const;
      const pushed = new Set<string>();
      for (const { on, kind, pick } of operations) {
        await step(machines[on === 0 ? 0 : 1], kind, pick);
        const hash = (await remote.head(signal))?.contentHash;
        if (typeof hash === 'string') pushed.add(hash);
      }
      await assertNothingLost(remote, pushed);
    }),
    { numRuns: runs, endOnFailure: true },
  );
}
