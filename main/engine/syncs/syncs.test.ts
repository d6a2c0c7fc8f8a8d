import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failWith } from '../failure.ts';
import type { Remote } from '../sync/remote.ts';
import type { StaticKeys } from '../sync/remotes/s3-client.ts';
import { openS3Remote } from '../sync/remotes/s3.ts';
import { openFakeObjectStore, type FakeObjectStore } from '../sync/testing/fake-object-store.ts';
import { makeClock } from '../sync/testing/remote-cases.ts';
import type { VaultKey } from '../vault/key.ts';
import { openInstallation, type Installation } from './testing/installation.ts';
import { newTestKey } from './testing/test-vault.ts';
import type { SyncsOptions } from './syncs.ts';

let root: string;
let place: string;
let key: VaultKey;
const opened: Installation[] = [];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'tazpod-syncs-'));
  place = path.join(root, 'place');
  await mkdir(place);
  key = newTestKey();
});
afterEach(async () => {
  for (const { syncs } of opened.splice(0)) await syncs.stop();
  await rm(root, { recursive: true, force: true });
});

async function open(
  config = `sync: { remote: { type: folder, path: ${place} } }\n`,
  options: Partial<SyncsOptions> = {},
) {
  const one = await openInstallation(root, config, key, options);
  opened.push(one);
  return one;
}

const idle = async ({ syncs, projectId }: Installation): Promise<void> => await syncs.of(projectId).idle();
const pushedNames = async (): Promise<readonly string[]> =>
  await readdir(path.join(place, 'tazpod/projects/acme/history')).catch(() => []);

/** One run of the loop, to its end. */
async function letRun(one: Installation, byMs = 600_000): Promise<void> {
  const before = one.project().sync.lastRunAtMs;
  one.clock.advance(byMs);
  await one.until(({ sync }) => !sync.running && (sync.lastRunAtMs !== before || sync.failure !== null));
  await idle(one);
}

describe('a project that is up', () => {
  test('is pushed soon, and then only what changed', async () => {
    const one = await open();
    await one.save('one');
    one.unlock();
    one.setUp(true);
    expect(one.project().sync).toMatchObject({
      remote: { type: 'folder', shown: path.join(place, 'tazpod/projects/acme'), intervalMs: 300_000, retention: 50 },
      nextRunAtMs: expect.any(Number),
    });
    await letRun(one, 10_000);
    expect(await pushedNames()).toHaveLength(2);
    await one.until(({ sync }) => sync.lastPushedAtMs !== null);
    one.clock.advance(600_000);
    await one.until(({ sync }) => sync.nextRunAtMs !== null);
    expect(await pushedNames()).toHaveLength(2);
    await one.save('two');
    await letRun(one);
    expect(await pushedNames()).toHaveLength(4);
    const texts = one.project().activity.map(({ text }) => text);
    expect(texts).toEqual([expect.stringMatching(/^Pushed/), expect.stringMatching(/^Pushed/)]);
  });

  test('is left alone once it is down, after a last push', async () => {
    const one = await open();
    await one.save('one');
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    await one.save('two');
    one.setUp(false);
    expect(await one.syncs.settled(one.projectId, 10_000)).toBe(true);
    expect(await pushedNames()).toHaveLength(4);
    expect(one.project().sync.nextRunAtMs).toBe(null);
    expect(one.clock.waiting()).toEqual([]);
  });

  test('pushes nothing to a place that nobody allowed, though the container is up', async () => {
    const one = await open();
    await one.save('one');
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    const other = path.join(root, 'elsewhere');
    await mkdir(other);
    // What runs in the container can write the config.
    await one.writeConfig(`sync: { remote: { type: folder, path: ${other} } }\n`);
    await one.save('two');
    expect(one.project().sync.nextRunAtMs).toBe(null);
    expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('not-trusted');
    expect(await readdir(other)).toEqual([]);
    await one.trust();
    await letRun(one, 10_000);
    expect(await readdir(other)).toEqual(['tazpod']);
  });

  test('says so once where its place is away, goes on by itself, and the save does not wait', async () => {
    const one = await open();
    await one.save('one');
    await rm(place, { recursive: true });
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    expect(one.project().sync.failure?.code).toBe('sync-folder-missing');
    await one.syncs.settled(one.projectId, 10_000);
    // It is none of the container's.
    expect(one.project()).toMatchObject({ failure: null, activity: [{ outcome: 'failed' }] });
    await one.save('two');
    expect(await one.content()).toBe('two');
    await one.until(({ sync }) => sync.nextRunAtMs !== null);
    one.clock.advance(60_000);
    await one.until(({ sync }) => sync.running);
    await idle(one);
    await mkdir(place);
    await one.until(({ sync }) => sync.nextRunAtMs !== null && !sync.running);
    one.clock.advance(120_000);
    await one.until(({ sync }) => sync.failure === null);
    await idle(one);
    const told = one.project().activity.map(({ outcome }) => outcome);
    expect(told).toEqual(['failed', 'done']);
  });

  test('whose remote never answers: no other operation waits for it, and it can be cancelled', async () => {
    const asked = Promise.withResolvers<void>();
    const one = await open('sync: { remote: { type: s3, bucket: vaults } }\n', {
      open: async ({ shown, prefix }): Promise<Remote> => ({
        ...openS3Remote(openFakeObjectStore('both', makeClock()), { shown, prefix, nowMs: makeClock() }),
        head: async (signal) => {
          asked.resolve();
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          throw failWith('cancelled', { action: 'look at an object' });
        },
      }),
    });
    await one.save('one');
    const push = one.run({ type: 'syncNow' });
    await asked.promise;
    const id = one.queue.add({ projectId: one.projectId, kind: 'save-vault', subject: 'x', run: async () => 'Saved.' });
    await one.until(({ activity }) => activity.some(({ operationId }) => operationId === id));
    const [operation] = one.project().sync.operations;
    expect(one.project()).toMatchObject({ operations: [], sync: { running: true } });
    expect(await one.syncs.settled(one.projectId, 20)).toBe(false);
    one.queue.cancel(operation?.id ?? '');
    expect((await push).outcome).toBe('cancelled');
    expect(one.project().sync).toMatchObject({ running: false, failure: null });
  });

  test('is asked about nothing again after a final failure, until somebody asks', async () => {
    let isRefused = true;
    const store = openFakeObjectStore('both', makeClock());
    const one = await openBucket(store, () => isRefused);
    await one.save('one');
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    await one.syncs.settled(one.projectId, 10_000);
    expect(one.project().sync).toMatchObject({ failure: { code: 'sync-credentials' }, nextRunAtMs: null });
    expect(one.clock.waiting()).toEqual([]);
    expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-credentials');
    isRefused = false;
    expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
    expect(one.project().sync).toMatchObject({ failure: null, question: null });
  });

  test('unchanged and unlocked, each run is one HEAD', async () => {
    const store = openFakeObjectStore('both', makeClock());
    const one = await openBucket(store, () => false);
    await one.save('one');
    await one.run({ type: 'syncNow' });
    const before = store.requests.length;
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    expect(store.requests.slice(before)).toEqual([head]);
    await one.until(({ sync }) => sync.nextRunAtMs !== null);
    await letRun(one, 300_000);
    expect(store.requests.slice(before)).toEqual([head, head]);
  });

  test('is pushed by hand only where the service ignores conditions, and says why', async () => {
    const one = await openBucket(openFakeObjectStore('ignored', makeClock()), () => false);
    await one.save('one');
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    expect(one.project().sync).toMatchObject({
      byHandReason: 'the service ignores If-None-Match',
      lastPushedAtMs: null,
    });
    expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
    expect(one.project().sync.lastPushedAtMs).not.toBe(null);
  });
});

describe('keys in the vault itself', () => {
  const canary = 'canary-of-a-vault';
  const credentials = `[default]\naws_access_key_id = AKIACANARY\naws_secret_access_key = ${canary}\n`;
  const s3 = 'sync: { remote: { type: s3, bucket: vaults } }\n';

  /** A remote that refuses whoever has other keys, and says which were used. */
  async function openKeyed(): Promise<readonly [Installation, (StaticKeys | null)[], () => number]> {
    const store = openFakeObjectStore('both', makeClock());
    const used: (StaticKeys | null)[] = [];
    let opens = 0;
    const one = await open(s3, {
      open: async ({ shown, prefix }, { keys }): Promise<Remote> => {
        opens += 1;
        const remote = openS3Remote(store, { shown, prefix, nowMs: makeClock() });
        return {
          ...remote,
          head: async (signal) => {
            used.push(keys);
            if (keys === null) throw failWith('sync-credentials', { remote: shown, profile: '', reason: 'none' });
            return await remote.head(signal);
          },
        };
      },
    });
    return [one, used, () => opens];
  }

  test('are used while it is unlocked, for the push of its lock, and then dropped', async () => {
    const [one, used] = await openKeyed();
    await one.save('one');
    one.unlock({ credentials });
    one.setUp(true);
    await letRun(one, 10_000);
    await one.until(({ sync }) => sync.lastPushedAtMs !== null);
    await one.save('two');
    one.lock();
    await one.syncs.settled(one.projectId, 10_000);
    expect(one.project().sync).toMatchObject({ unpushed: false, failure: null });
    expect(new Set(used)).toEqual(new Set([{ accessKeyId: 'AKIACANARY', secretAccessKey: canary }]));
    await one.save('three');
    const { failure } = await one.run({ type: 'syncNow' });
    expect(failure).toMatchObject({
      code: 'sync-credentials',
      message: expect.stringContaining('while it is unlocked'),
    });
    expect(used.at(-1)).toBe(null);
    expect(JSON.stringify(one.project())).not.toMatch(/canary/iu);
    expect(await readFile(path.join(one.stateFolder, 'sync.log'), 'utf8')).not.toMatch(/canary/iu);
  });

  test('unlocked and locked at once, they serve the one push that comes of it', async () => {
    const [one, used, opens] = await openKeyed();
    await one.save('one');
    one.unlock({ credentials });
    one.setUp(true);
    one.lock();
    await one.syncs.settled(one.projectId, 10_000);
    expect(one.project().sync.unpushed).toBe(false);
    expect(used.every((keys) => keys !== null)).toBe(true);
    // The connection that knew them went with them.
    expect(opens()).toBe(1);
    one.unlock({ credentials });
    expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
    expect(opens()).toBe(2);
  });

  test('that are no plain keys are not followed, and the failure names what they are', async () => {
    const [one, used] = await openKeyed();
    await one.save('one');
    one.unlock({ config: '[default]\ncredential_process = touch /tmp/ran\n' });
    const { failure } = await one.run({ type: 'syncNow' });
    expect(failure?.message).toContain('only static keys are used, never credential_process');
    expect(used).toEqual([null]);
  });
});

const head = 'HEAD tazpod/projects/acme/vault.tar.aes';

describe('a project whose vault is locked', () => {
  test('sends nothing at all, not even for a version that is not pushed', async () => {
    const store = openFakeObjectStore('both', makeClock());
    const one = await openBucket(store, () => false);
    await one.save('one');
    one.setUp(true);
    one.clock.advance(24 * 3_600_000);
    await idle(one);
    expect(store.requests).toEqual([]);
    expect(one.clock.waiting()).toEqual([]);
    expect(one.project().sync).toMatchObject({ unpushed: true, nextRunAtMs: null, lastRunAtMs: null });
    // A passphrase that turns out wrong.
    const { vault } = one.project();
    for (const status of ['unlocking', 'locked'] as const) one.showVault({ ...vault, status });
    one.setUp(false);
    await one.syncs.stop();
    expect(store.requests).toEqual([]);
  });

  test('was pushed as it was locked, by one run and no other', async () => {
    const store = openFakeObjectStore('both', makeClock());
    const one = await openBucket(store, () => false);
    await one.save('one');
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    await one.save('two');
    await idle(one);
    expect(one.project().sync.unpushed).toBe(true);
    one.lock();
    expect(await one.syncs.settled(one.projectId, 10_000)).toBe(true);
    expect(one.project().sync).toMatchObject({ unpushed: false, failure: null, nextRunAtMs: null });
    const { length } = store.requests;
    one.clock.advance(24 * 3_600_000);
    one.syncs.woke();
    await one.syncs.stop();
    expect(store.requests).toHaveLength(length);
  });

  test('and whose last push failed shows it, sends nothing more, and is pushed with the next unlocked run', async () => {
    let isAway = false;
    const store = openFakeObjectStore('both', makeClock());
    const one = await openBucket(
      store,
      () => false,
      () => isAway,
    );
    await one.save('one');
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    await one.save('two');
    isAway = true;
    one.lock();
    await one.syncs.settled(one.projectId, 10_000);
    expect(one.project().sync).toMatchObject({
      unpushed: true,
      failure: { code: 'sync-unreachable' },
      nextRunAtMs: null,
    });
    isAway = false;
    const { length } = store.requests;
    one.clock.advance(24 * 3_600_000);
    await idle(one);
    expect(store.requests).toHaveLength(length);
    one.unlock();
    await letRun(one, 10_000);
    await one.until(({ sync }) => !sync.unpushed);
    expect(one.project().sync.failure).toBe(null);
  });

  test('and was not pushed goes out when a person asks', async () => {
    const one = await open();
    await one.save('one');
    one.setUp(true);
    await one.until(({ sync }) => sync.unpushed);
    expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
    expect(one.project().sync.unpushed).toBe(false);
    expect(await pushedNames()).toHaveLength(2);
  });

  test('a restart of the host still knows what is not pushed, without asking the remote', async () => {
    const one = await open();
    await one.save('one');
    await one.run({ type: 'syncNow' });
    await one.save('two');
    await one.until(({ sync }) => sync.unpushed);
    await one.save('one');
    await one.until(({ sync }) => !sync.unpushed);
  });
});

describe('a project without a vault', () => {
  test('asks its remote once whether it has one, and pushes nothing', async () => {
    const store = openFakeObjectStore('both', makeClock());
    const one = await openBucket(store, () => false);
    one.setUp(true);
    await letRun(one, 10_000);
    one.clock.advance(24 * 3_600_000);
    await idle(one);
    expect(store.requests).toEqual([head]);
    expect(one.project().sync).toMatchObject({ unpushed: false, nextRunAtMs: null, failure: null });
  });
});

describe('after a sleep of the machine', () => {
  async function openSlept(): Promise<readonly [Installation, FakeObjectStore]> {
    const store = openFakeObjectStore('both', makeClock());
    const one = await openBucket(store, () => false);
    await one.save('one');
    one.unlock();
    one.setUp(true);
    await letRun(one, 10_000);
    await one.until(({ sync }) => sync.nextRunAtMs !== null);
    return [one, store];
  }
  const heads = ({ requests }: FakeObjectStore): number => requests.filter((line) => line === head).length;

  test('there is one run within seconds, though its timers stood still', async () => {
    const [one, store] = await openSlept();
    const before = heads(store);
    one.clock.sleep(8 * 3_600_000);
    await letRun(one, 14_000);
    expect(heads(store)).toBe(before + 1);
    await one.until(({ sync }) => sync.nextRunAtMs !== null);
    one.clock.advance(200_000);
    await idle(one);
    expect(heads(store)).toBe(before + 1);
  });

  test('told by the desktop and found out by itself, it is still one run', async () => {
    const [one, store] = await openSlept();
    const before = heads(store);
    one.clock.sleep(8 * 3_600_000);
    one.syncs.woke();
    await letRun(one, 3_000);
    await one.until(({ sync }) => sync.nextRunAtMs !== null);
    one.clock.advance(20_000);
    one.syncs.woke();
    await idle(one);
    expect(heads(store)).toBe(before + 1);
  });
});

async function openBucket(
  store: FakeObjectStore,
  isRefused: () => boolean,
  isAway: () => boolean = () => false,
): Promise<Installation> {
  return await open('sync: { remote: { type: s3, bucket: vaults } }\n', {
    open: async ({ shown, prefix }): Promise<Remote> => {
      const remote = openS3Remote(store, { shown, prefix, nowMs: makeClock() });
      return {
        ...remote,
        head: async (signal) => {
          if (isAway()) throw failWith('sync-unreachable', { remote: shown, reason: 'no route' });
          if (isRefused()) throw failWith('sync-credentials', { remote: shown, profile: '', reason: 'expired' });
          return await remote.head(signal);
        },
      };
    },
  });
}

describe('two installations', () => {
  test('the second one is offered what the first pushed, takes it, and pushes back in the same layout', async () => {
    const [one, two] = [await open(), await open()];
    await one.save('one');
    await one.run({ type: 'syncNow' });
    expect((await two.run({ type: 'syncNow' })).failure?.code).toBe('sync-behind');
    const { question } = two.project().sync;
    expect(question).toMatchObject({ kind: 'offer-pull', mine: null, theirs: { sizeBytes: expect.any(Number) } });
    await two.run({ type: 'pullVault', etag: question?.theirs.etag ?? '' });
    expect(two.project().sync.question).toBe(null);
    expect(await two.content()).toBe('one');
    await two.save('two');
    await two.run({ type: 'syncNow' });
    expect(await readdir(path.join(place, 'tazpod/projects/acme'))).toEqual(['history', 'vault.tar.aes']);
    expect((await one.run({ type: 'lookAtRemote' })).outcome).toBe('done');
    expect(one.project().sync.question?.kind).toBe('offer-pull');
    expect(await one.content()).toBe('one');
  });

  async function conflict(): Promise<readonly [Installation, Installation, string]> {
    const [one, two] = [await open(), await open()];
    await one.save('base');
    await one.run({ type: 'syncNow' });
    await two.run({ type: 'lookAtRemote' });
    await two.run({ type: 'pullVault', etag: two.project().sync.question?.theirs.etag ?? '' });
    await one.save('mine');
    await two.save('theirs, which is longer');
    await two.run({ type: 'syncNow' });
    expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-conflict');
    const { question } = one.project().sync;
    expect(question).toMatchObject({
      kind: 'conflict',
      mine: { timeMs: expect.any(Number), machine: expect.any(String), sizeBytes: expect.any(Number) },
      theirs: { timeMs: expect.any(Number), machine: expect.any(String), sizeBytes: expect.any(Number) },
    });
    return [one, two, question?.theirs.etag ?? ''];
  }

  async function contentsOf(one: Installation): Promise<readonly string[]> {
    await one.run({ type: 'listHistory' });
    const contents: string[] = [];
    for (const { name } of one.project().sync.history?.versions ?? []) {
      await one.run({ type: 'restoreVersion', name });
      contents.push((await one.content()) ?? '');
    }
    return contents;
  }

  test('keep mine: theirs stays in the history', async () => {
    const [one, , etag] = await conflict();
    expect((await one.run({ type: 'keepOwnVault', etag })).outcome).toBe('done');
    expect(await one.content()).toBe('mine');
    expect(one.project().sync.question).toBe(null);
    expect(await contentsOf(one)).toEqual(expect.arrayContaining(['base', 'mine', 'theirs, which is longer']));
  });

  test('keep theirs: mine stays in the history, and beside the vault', async () => {
    const [one, , etag] = await conflict();
    expect((await one.run({ type: 'pullVault', etag })).outcome).toBe('done');
    expect(await one.content()).toBe('theirs, which is longer');
    expect(await one.vault.copies()).toEqual([expect.stringMatching(/^vault-replaced-/)]);
    expect(await contentsOf(one)).toEqual(expect.arrayContaining(['base', 'mine', 'theirs, which is longer']));
  });

  test('a choice for a version that is no longer the latest changes nothing', async () => {
    const [one, two, etag] = await conflict();
    await two.save('even newer');
    await two.run({ type: 'syncNow' });
    expect((await one.run({ type: 'keepOwnVault', etag })).failure?.code).toBe('sync-raced');
    expect((await one.run({ type: 'pullVault', etag })).failure?.code).toBe('sync-raced');
    expect(await one.content()).toBe('mine');
  });

  test('another vault in the same place is refused, and nothing can be chosen', async () => {
    const [one, two] = [await open(), await open()];
    await one.save('one');
    await one.run({ type: 'syncNow' });
    await two.save('two');
    expect((await two.run({ type: 'syncNow' })).failure?.code).toBe('sync-other-vault');
    const etag = two.project().sync.question?.theirs.etag ?? '';
    expect((await two.run({ type: 'pullVault', etag })).failure?.code).toBe('sync-other-vault');
    expect((await two.run({ type: 'keepOwnVault', etag })).failure?.code).toBe('sync-other-vault');
    expect(await two.content()).toBe('two');
  });

  test('a vault that the Go tool put there is asked about once, then adopted', async () => {
    const one = await open(`sync: { prefix: tazpod/vault, remote: { type: folder, path: ${place} } }\n`);
    const goTool = await open();
    await goTool.save('by the Go tool');
    const file = await readFile(path.join(goTool.folder, '.tazpod/vault/vault.tar.aes'));
    await mkdir(path.join(place, 'tazpod/vault'), { recursive: true });
    await writeFile(path.join(place, 'tazpod/vault/vault.tar.aes'), file);
    await one.save('mine');
    expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-not-adopted');
    expect(one.project().sync.question?.kind).toBe('ask-adopt');
    expect((await one.run({ type: 'adoptRemote' })).failure?.code).toBe('sync-conflict');
    const etag = one.project().sync.question?.theirs.etag ?? '';
    await one.run({ type: 'pullVault', etag });
    expect(await one.content()).toBe('by the Go tool');
    await one.save('and back');
    expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
    expect(await readFile(path.join(place, 'tazpod/vault/vault.tar.aes'))).toEqual(
      await readFile(path.join(one.folder, '.tazpod/vault/vault.tar.aes')),
    );
  });
});

describe('history', () => {
  test('a restore keeps what was here, and the next sync pushes it', async () => {
    const one = await open();
    await one.save('one');
    await one.run({ type: 'syncNow' });
    await one.save('two');
    await one.run({ type: 'syncNow' });
    await one.save('never pushed');
    await one.run({ type: 'listHistory' });
    const { history } = one.project().sync;
    expect(history).toMatchObject({ count: 2 });
    const oldest = history?.versions.at(-1)?.name ?? '';
    expect((await one.run({ type: 'restoreVersion', name: oldest })).outcome).toBe('done');
    expect(await one.content()).toBe('one');
    expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
    await one.run({ type: 'listHistory' });
    expect(one.project().sync.history?.count).toBe(4);
    const wrong = await one.run({ type: 'restoreVersion', name: 'vault-20010101T000000' });
    expect(wrong.failure?.code).toBe('version-unknown');
  });

  test('a preview needs a key: the passphrase opens nothing else, and neither does another one', async () => {
    const one = await open();
    await one.save('one');
    await one.run({ type: 'syncNow' });
    await one.run({ type: 'listHistory' });
    const name = one.project().sync.history?.versions[0]?.name ?? '';
    expect((await one.run({ type: 'previewVersion', name })).failure?.code).toBe('passphrase-needed');
    const wrong = await one.run({ type: 'previewVersion', name, passphrase: 'a guess' });
    expect(wrong.failure?.code).toBe('vault-unreadable');
    expect(JSON.stringify(one.project())).not.toContain('a guess');
  });

  test('the unlocked vault lends its key, and the preview shows names and sizes, never contents', async () => {
    const one = await open();
    await one.save('confidential');
    await one.run({ type: 'syncNow' });
    one.unlock();
    await one.run({ type: 'listHistory' });
    const name = one.project().sync.history?.versions[0]?.name ?? '';
    expect((await one.run({ type: 'previewVersion', name })).outcome).toBe('done');
    expect(one.project().sync.preview).toMatchObject({
      name,
      memberCount: 1,
      usedBytes: 12,
      members: [{ path: 'note.txt', kind: 'file', sizeBytes: 12 }],
    });
    expect(JSON.stringify(one.project())).not.toContain('confidential');
  });
});

test('each run stands in the log with its time and result, and no credentials', async () => {
  const one = await open();
  await one.save('one');
  await one.run({ type: 'syncNow' });
  await one.run({ type: 'listHistory' });
  const lines = (await readFile(path.join(one.stateFolder, 'sync.log'), 'utf8')).trimEnd().split('\n');
  expect(lines).toEqual([
    expect.stringMatching(/^2026-\S+Z sync \S+: Pushed the vault \(\d+ bytes\) to .* \(\d+ ms\)$/),
    expect.stringMatching(/^2026-\S+Z list \S+: done \(\d+ ms\)$/),
  ]);
});

test('storage is set up where a person asks: the last folder of a trusted place, and nothing else', async () => {
  const missing = path.join(root, 'vaults');
  const one = await open(`sync: { remote: { type: folder, path: ${missing} } }\n`);
  await one.save('one');
  expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-folder-missing');
  expect((await one.run({ type: 'setupStorage' })).outcome).toBe('done');
  expect((await one.run({ type: 'setupStorage' })).outcome).toBe('done');
  expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
  await one.writeConfig(`sync: { remote: { type: folder, path: ${path.join(root, 'other')} } }\n`);
  expect((await one.run({ type: 'setupStorage' })).failure?.code).toBe('not-trusted');
  await one.trust();
  await one.writeConfig(`sync: { remote: { type: folder, path: ${path.join(root, 'disk/deep')} } }\n`);
  await one.trust();
  expect((await one.run({ type: 'setupStorage' })).failure?.code).toBe('sync-folder-missing');
  expect((await readdir(root)).filter((name) => name === 'other' || name === 'disk')).toEqual([]);
});

test('a place inside a project is refused, by its own path and through a link', async () => {
  const one = await open();
  await one.save('one');
  const inside = path.join(one.folder, 'backup');
  await mkdir(inside);
  await symlink(inside, path.join(root, 'link'));
  for (const named of [inside, path.join(root, 'link')]) {
    await one.writeConfig(`sync: { remote: { type: folder, path: ${named} } }\n`);
    await one.trust();
    expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-folder-inside');
  }
  // As a container would, under its workspace.
  await rm(inside, { recursive: true });
  await symlink(place, inside);
  expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-folder-inside');
  await one.writeConfig(`sync: { remote: { type: folder, path: ${inside} } }\n`);
  await one.trust();
  expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-folder-inside');
  expect(await readdir(place)).toEqual([]);
});

test('a project without a remote saves locally, and says that it has none', async () => {
  const one = await open('');
  one.setUp(true);
  expect(one.project().sync).toMatchObject({ remote: null, nextRunAtMs: null });
  expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-no-remote');
});

test('at its end the host waits for the push of what it just locked, and plans nothing more', async () => {
  const one = await open();
  await one.save('one');
  one.unlock();
  one.setUp(true);
  one.lock();
  await one.syncs.stop();
  expect(await pushedNames()).toHaveLength(2);
  expect(one.clock.waiting()).toEqual([]);
});

test('a forgotten project leaves no note of what was agreed on', async () => {
  const one = await open();
  await one.save('one');
  await one.run({ type: 'syncNow' });
  expect(await readdir(path.join(one.stateFolder, 'sync'))).toHaveLength(1);
  await one.syncs.forget(one.projectId);
  expect(await readdir(path.join(one.stateFolder, 'sync'))).toEqual([]);
});
