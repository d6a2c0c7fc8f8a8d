import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { lstat, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { acquireOwnership, type Ownership, type OwnershipPlace } from './ownership.ts';
import { makeTestPlace } from './test-place.ts';

async function makePlace(): Promise<OwnershipPlace> {
  const { folder, surroundings, stateFolder } = await makeTestPlace();
  const { platform, userId } = surroundings;
  return { platform, userId, stateFolder, socketPath: path.join(folder, 'x.sock') };
}

async function own(place: OwnershipPlace): Promise<Ownership> {
  const outcome = await acquireOwnership(place);
  if (outcome.taken) throw new Error('it is taken');
  onTestFinished(() => outcome.release());
  return outcome;
}

async function startOwner(place: OwnershipPlace): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const entry = path.join(import.meta.dirname, 'fake-owner.ts');
  const child = spawn(process.execPath, [entry, place.stateFolder, place.socketPath], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { promise, resolve } = Promise.withResolvers<string>();
  child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
  child.once('exit', () => resolve('nothing'));
  return { child, said: await promise };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

describe('ownership', { timeout: 60_000 }, () => {
  it(
    'goes to exactly one of 10 processes, and to the next at once when that is killed',
    { timeout: 60_000 },
    async () => {
      const place = await makePlace();
      const all = await Promise.all(Array.from({ length: 10 }, () => startOwner(place)));
      expect(all.map(({ said }) => said).toSorted()).toEqual(['owner', ...Array<string>(9).fill('taken')]);
      const owner = all.find(({ said }) => said === 'owner');
      expect((await acquireOwnership(place)).taken).toBe(true);
      if (owner !== undefined) await kill(owner.child);
      expect(existsSync(place.socketPath)).toBe(true);
      await own(place);
    },
  );

  it('tells whoever waits that the owner was killed', async () => {
    const place = await makePlace();
    const { child } = await startOwner(place);
    const outcome = await acquireOwnership(place);
    if (!outcome.taken) throw new Error('it was free');
    const free = outcome.free(AbortSignal.timeout(20_000));
    await kill(child);
    await free;
    await own(place);
  });

  it('makes a private socket, and takes it away with the lock', async () => {
    const place = await makePlace();
    const owner = await own(place);
    expect((await stat(place.socketPath)).mode & 0o777).toBe(0o600);
    owner.stopListening();
    expect(existsSync(place.socketPath)).toBe(false);
    expect((await acquireOwnership(place)).taken).toBe(true);
    await owner.release();
    await owner.release();
    await own(place);
  });

  it('yields to an owner that holds another lock, as one in another network namespace does', async () => {
    const place = await makePlace();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(place.socketPath, resolve));
    expect((await acquireOwnership(place)).taken).toBe(true);
    await new Promise((resolve) => other.close(resolve));
    await own(place);
  });

  it.each([
    ['a file', (at: string) => writeFile(at, 'precious')],
    ['a folder', (at: string) => mkdir(at)],
    ['a dangling symbolic link', (at: string) => symlink('/nowhere', at)],
  ])('removes nothing that is not a socket: %s', async (_name, occupy) => {
    const place = await makePlace();
    await occupy(place.socketPath);
    const before = await lstat(place.socketPath);
    await expect(acquireOwnership(place)).rejects.toMatchObject({ failure: { code: 'runtime-folder-unusable' } });
    expect((await lstat(place.socketPath)).ino).toBe(before.ino);
  });

  it('says so when the state folder can not be written', async () => {
    const place = await makePlace();
    const broken = { ...place, stateFolder: path.join(place.stateFolder, 'missing') };
    await expect(acquireOwnership(broken)).rejects.toMatchObject({ failure: { code: 'state-write-failed' } });
  });
});
