import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PassphraseKeeper } from './passphrase-keeper.ts';
import { openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';
import { codeOf, openUnlocked, passphrase } from './testing/vault-project.ts';

/** A key store in memory, which can be made to refuse. */
const kept = new Map<string, string>();
let refusal: string | null = null;
const keeper: PassphraseKeeper = {
  refusal: () => Promise.resolve(refusal),
  has: (id) => Promise.resolve(kept.has(id)),
  load: (id) => Promise.resolve(kept.has(id) ? Buffer.from(kept.get(id) ?? '') : null),
  keep: (id, bytes) => Promise.resolve(void kept.set(id, Buffer.from(bytes).toString())),
  forget: (id) => Promise.resolve(void kept.delete(id)),
};

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture({ passphraseKeeper: keeper });
});
afterAll(async () => fixture.close());

test('a passphrase is remembered when asked to, used, changed with the vault, and forgotten', async () => {
  const project = await openUnlocked(fixture, 'remember');
  await project.run({ type: 'lockVault' });
  expect(codeOf(await project.run({ type: 'unlockVault' }))).toBe('passphrase-needed');
  const wrong = { type: 'unlockVault', passphrase: 'not it', remember: true } as const;
  expect([codeOf(await project.run(wrong)), kept.size]).toEqual(['vault-unreadable', 0]);
  expect(codeOf(await project.run({ type: 'unlockVault', passphrase, remember: true }))).toBe('done');
  expect([project.vault().remembered, kept.get(project.projectId)]).toEqual([true, passphrase]);
  await project.run({ type: 'lockVault' });
  expect(codeOf(await project.run({ type: 'unlockVault' }))).toBe('done');
  const change = { type: 'changeVaultPassphrase', passphrase, newPassphrase: 'another passphrase' } as const;
  expect(codeOf(await project.run(change))).toBe('done');
  expect(kept.get(project.projectId)).toBe('another passphrase');
  await project.run({ type: 'lockVault' });
  expect(codeOf(await project.run({ type: 'unlockVault' }))).toBe('done');
  expect(codeOf(await project.run({ type: 'forgetVaultPassphrase' }))).toBe('done');
  expect([project.vault().remembered, kept.size]).toEqual([false, 0]);
});

test('where the key store is plain text it is refused before anything is opened, and what was typed is not kept', async () => {
  const project = await openUnlocked(fixture, 'refused');
  await project.run({ type: 'lockVault' });
  refusal = 'it would be plain text';
  const outcome = await project.run({ type: 'unlockVault', passphrase, remember: true });
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'remember-refused' } });
  expect([project.vault().status, kept.size]).toEqual(['locked', 0]);
});
