import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { hashOf } from '../remotes/folder-versions.ts';
import { minRetention, pruneHistory } from '../history.ts';
import type { Remote } from '../remote.ts';
import type { VaultFile } from '../version.ts';

export const vaultId = 'a'.repeat(32);
/** For calls that nobody cancels. */
export const signal: AbortSignal = new AbortController().signal;

/** A vault of random bytes. */
export function makeVault(): VaultFile {
  const bytes = Uint8Array.from(randomBytes(1000));
  return { bytes, contentHash: hashOf(bytes), vaultId, machine: 'büro-1' };
}

/** Pushes and fails the test where somebody else was faster. */
export async function pushOver(remote: Remote, vault: VaultFile): Promise<string> {
  const before = await remote.head(signal);
  const condition = before === null ? { kind: 'absent' as const } : { kind: 'match' as const, etag: before.etag };
  const version = await remote.push(vault, condition, signal);
  if (version === null) throw new Error('somebody else was faster');
  return version.etag;
}

/** A clock that moves a second with every look. */
export function makeClock(): () => number {
  let nowMs = Date.UTC(2026, 0, 2, 3, 4, 5);
  return () => (nowMs += 1000);
}

/**
 * What every remote keeps.
 * @param open a new, empty place
 */
export function describeRemote(name: string, open: () => Promise<Remote>): void {
  describe(name, () => {
    let remote: Remote;
    beforeEach(async () => {
      remote = await open();
    });

    test('an empty place has no version and no history', async () => {
      expect(await remote.head(signal)).toBe(null);
      expect(await remote.readLatest(signal)).toBe(null);
      expect(await remote.listHistory(signal)).toEqual([]);
    });

    test('what was pushed is the head and is read back as it was, with all that goes along', async () => {
      const vault = makeVault();
      const etag = await pushOver(remote, vault);
      const { contentHash, machine, bytes } = vault;
      expect(await remote.head(signal)).toMatchObject({
        etag,
        contentHash,
        vaultId,
        machine,
        sizeBytes: bytes.length,
        isForked: false,
      });
      const latest = await remote.readLatest(signal);
      expect(latest?.vault).toEqual(vault);
      expect(latest?.version.etag).toBe(etag);
    });

    test('a second first push replaces nothing', async () => {
      const first = makeVault();
      await pushOver(remote, first);
      expect(await remote.push(makeVault(), { kind: 'absent' }, signal)).toBe(null);
      expect((await remote.readLatest(signal))?.vault).toEqual(first);
    });

    test('a push over a version that is no longer the latest replaces nothing', async () => {
      const stale = await pushOver(remote, makeVault());
      const current = makeVault();
      await pushOver(remote, current);
      expect(await remote.push(makeVault(), { kind: 'match', etag: stale }, signal)).toBe(null);
      expect((await remote.readLatest(signal))?.vault).toEqual(current);
    });

    test('60 changes leave 50 copies, each readable, and the latest is one of them', { timeout: 120_000 }, async () => {
      const pushed: VaultFile[] = [];
      for (let at = 0; at < 60; at += 1) {
        pushed.push(makeVault());
        await pushOver(remote, pushed.at(-1) ?? makeVault());
        await pruneHistory(remote, 1, signal);
      }
      const entries = await remote.listHistory(signal);
      expect(entries).toHaveLength(minRetention);
      const copies: VaultFile[] = [];
      for (const entry of entries) copies.push(await remote.readHistory(entry.name, signal));
      expect(copies).toEqual(pushed.slice(-minRetention).toReversed());
    });

    test('a kept copy is in the history and does not move the latest', async () => {
      const latest = makeVault();
      const etag = await pushOver(remote, latest);
      const kept = makeVault();
      await remote.keep(kept, signal);
      expect((await remote.head(signal))?.etag).toBe(etag);
      const copies: VaultFile[] = [];
      for (const entry of await remote.listHistory(signal)) copies.push(await remote.readHistory(entry.name, signal));
      expect(copies).toEqual([kept, latest]);
    });

    test.each(['vault-20200101T000000', '../vault', ''])('there is no version %j', async (wanted) => {
      await pushOver(remote, makeVault());
      await expect(remote.readHistory(wanted, signal)).rejects.toMatchObject({ failure: { code: 'version-unknown' } });
    });
  });
}
