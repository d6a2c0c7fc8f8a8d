import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { describeRemote, makeClock, makeVault, pushOver, signal } from '../testing/remote-cases.ts';
import { openFolderRemote } from './folder.ts';
import type { Remote } from '../remote.ts';

const made: string[] = [];
afterEach(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true });
});

async function makePlace(): Promise<string> {
  made.push(await mkdtemp(path.join(tmpdir(), 'tazpod-folder-remote-')));
  return made.at(-1) ?? '';
}
const openAt = (place: string, nowMs = makeClock()): Remote =>
  openFolderRemote({ path: place, prefix: 'tazpod/projects/x', nowMs });
const fileOf = (place: string, name = 'vault.tar.aes'): string => path.join(place, 'tazpod/projects/x', name);

describeRemote('a folder', async () => openAt(await makePlace()));

test('vault.tar.aes is the head', async () => {
  const place = await makePlace();
  await pushOver(openAt(place), makeVault());
  const vault = makeVault();
  await pushOver(openAt(place), vault);
  expect(Uint8Array.from(await readFile(fileOf(place)))).toEqual(vault.bytes);
});

test('two versions that did not see each other are two heads; a push over both makes them one', async () => {
  const [place, elsewhere] = [await makePlace(), await makePlace()];
  const [mine, theirs] = [makeVault(), makeVault()];
  await pushOver(openAt(place), mine);
  await pushOver(openAt(elsewhere), theirs);
  // As a program does that carries folders between machines.
  for (const { name } of await openAt(elsewhere).listHistory(signal)) {
    for (const end of ['.tar.aes', '.json']) {
      await writeFile(
        fileOf(place, `history/${name}${end}`),
        await readFile(fileOf(elsewhere, `history/${name}${end}`)),
      );
    }
  }
  const remote = openAt(place);
  expect(await remote.head(signal)).toMatchObject({ isForked: true });
  await pushOver(remote, mine);
  expect(await remote.head(signal)).toMatchObject({ isForked: false, contentHash: mine.contentHash });
  const copies = await Promise.all(
    (await remote.listHistory(signal)).map(({ name }) => remote.readHistory(name, signal)),
  );
  expect(copies).toContainEqual(theirs);
});

test('pushes at the same time lose nothing: each one is in the history', async () => {
  const remote = openAt(await makePlace());
  await pushOver(remote, makeVault());
  const condition = { kind: 'match' as const, etag: (await remote.head(signal))?.etag ?? '' };
  const vaults = Array.from({ length: 8 }, makeVault);
  const results = await Promise.all(vaults.map(async (vault) => await remote.push(vault, condition, signal)));
  const kept = await Promise.all(
    (await remote.listHistory(signal)).map(async ({ name }) => await remote.readHistory(name, signal)),
  );
  for (const [at, result] of results.entries()) if (result !== null) expect(kept).toContainEqual(vaults[at]);
  const head = await remote.head(signal);
  expect(head?.isForked === true || results.filter((result) => result !== null).length === 1).toBe(true);
});

test('a version of a machine whose clock is behind is still the newest', async () => {
  const place = await makePlace();
  await pushOver(openAt(place), makeVault());
  const vault = makeVault();
  await pushOver(
    openAt(place, () => 0),
    vault,
  );
  const remote = openAt(place);
  const [newest] = await remote.listHistory(signal);
  expect(await remote.readHistory(newest?.name ?? '', signal)).toEqual(vault);
});

test('a head is never removed', async () => {
  const remote = openAt(await makePlace());
  const etag = await pushOver(remote, makeVault());
  await remote.removeHistory([etag], signal);
  expect((await remote.head(signal))?.etag).toBe(etag);
});

test('a vault.tar.aes of another tool is a version without an id, and is kept when it is replaced', async () => {
  const place = await makePlace();
  await mkdir(path.dirname(fileOf(place)), { recursive: true });
  await writeFile(fileOf(place), 'theirs');
  const remote = openAt(place);
  expect(await remote.head(signal)).toMatchObject({ vaultId: null, contentHash: null, sizeBytes: 6 });
  await pushOver(remote, makeVault());
  await writeFile(fileOf(place), 'theirs again');
  await pushOver(remote, makeVault());
  const copies = await Promise.all(
    (await remote.listHistory(signal)).map(({ name }) => remote.readHistory(name, signal)),
  );
  const texts = copies.map(({ bytes }) => Buffer.from(bytes).toString());
  expect(texts).toEqual(expect.arrayContaining(['theirs', 'theirs again']));
});

test('a version that arrived without its file is not there, a changed one is refused', async () => {
  const place = await makePlace();
  const first = await pushOver(openAt(place), makeVault());
  const second = await pushOver(openAt(place), makeVault());
  await rm(fileOf(place, `history/${second}.tar.aes`));
  expect((await openAt(place).head(signal))?.etag).toBe(first);
  await writeFile(fileOf(place, `history/${first}.tar.aes`), Buffer.alloc(1000));
  await expect(openAt(place).readLatest(signal)).rejects.toMatchObject({ failure: { code: 'sync-copy-damaged' } });
});

test('a folder that is not there is not made, and a link is not followed', async () => {
  const place = await makePlace();
  const missing = openAt(path.join(place, 'disk'));
  await expect(missing.head(signal)).rejects.toMatchObject({ failure: { code: 'sync-folder-missing' } });
  await symlink(await makePlace(), path.join(place, 'tazpod'));
  await expect(openAt(place).head(signal)).rejects.toMatchObject({ failure: { code: 'config-symlink' } });
});

test('a cancelled call does nothing', async () => {
  const call = openAt(await makePlace()).head(AbortSignal.abort());
  await expect(call).rejects.toMatchObject({ failure: { code: 'cancelled' } });
});
