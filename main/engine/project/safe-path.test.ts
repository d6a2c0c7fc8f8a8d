import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import { openProjectFolder, readProjectFile } from './safe-path.ts';

let folder = '';

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-safe-')));
  await mkdir(path.join(folder, '.tazpod'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (...parts: string[]): string => path.join(folder, ...parts);
const read = (maxBytes = 100) => readProjectFile(folder, ['.tazpod', 'config.yaml'], maxBytes);
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => failureOf(error).code,
  );

test('reads a regular file, and one byte more than allowed at most', async () => {
  await writeFile(at('.tazpod', 'config.yaml'), 'x'.repeat(50));
  expect(await read()).toHaveLength(50);
  expect(await read(20)).toHaveLength(21);
});

describe('refuses', () => {
  test('what is not there', async () => {
    expect(await codeOf(read())).toBe('config-missing');
    await rm(folder, { recursive: true });
    expect(await codeOf(read())).toBe('folder-not-found');
  });

  test('a symlink in place of the file, also one that leads nowhere', async () => {
    await symlink('/etc/hostname', at('.tazpod', 'config.yaml'));
    expect(await codeOf(read())).toBe('config-symlink');
    await rm(at('.tazpod', 'config.yaml'));
    await symlink('/nowhere', at('.tazpod', 'config.yaml'));
    expect(await codeOf(read())).toBe('config-symlink');
  });

  test('a symlink in place of .tazpod, even one to a folder beside it', async () => {
    await rename(at('.tazpod'), at('real'));
    await writeFile(at('real', 'config.yaml'), 'image: a');
    await symlink('real', at('.tazpod'));
    expect(await codeOf(read())).toBe('config-symlink');
    expect(await codeOf(openProjectFolder(folder, ['.tazpod', 'vault'], { create: true }))).toBe('config-symlink');
  });

  test('a project folder that became a symlink', async () => {
    await writeFile(at('.tazpod', 'config.yaml'), 'image: a');
    await rename(folder, `${folder}.moved`);
    await symlink(`${folder}.moved`, folder);
    expect(await codeOf(read())).toBe('config-symlink');
    await rm(`${folder}.moved`, { recursive: true });
  });

  test('a FIFO, at once', async () => {
    execFileSync('mkfifo', [at('.tazpod', 'config.yaml')]);
    expect(await codeOf(read())).toBe('config-symlink');
  });

  test('a socket', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(at('.tazpod', 'config.yaml'), resolve);
    });
    expect(await codeOf(read())).toBe('config-symlink');
    server.close();
  });

  test('a folder, and a file in place of .tazpod', async () => {
    await mkdir(at('.tazpod', 'config.yaml'));
    expect(await codeOf(read())).toBe('config-symlink');
    await rm(at('.tazpod'), { recursive: true });
    await writeFile(at('.tazpod'), '');
    expect(await codeOf(read())).toBe('config-symlink');
  });
});

test('a folder that is swapped while it is held leads nowhere else', async () => {
  const held = await openProjectFolder(folder, ['.tazpod']);
  await rename(at('.tazpod'), at('old'));
  await symlink('/etc', at('.tazpod'));
  if (process.platform === 'linux') {
    await writeFile(held.pathOf('mine'), 'x');
    expect(await readProjectFile(folder, ['old', 'mine'], 10)).toHaveLength(1);
  } else {
    await expect(held.assertUnchanged()).rejects.toThrow('symbolic link');
  }
  await held.close();
});

test('a container that swaps .tazpod all the time is never followed', async () => {
  const outside = `${folder}.outside`;
  await mkdir(outside);
  await writeFile(path.join(outside, 'config.yaml'), 'image: stolen');
  await writeFile(at('.tazpod', 'config.yaml'), 'image: ours');
  await symlink(outside, at('link'));
  const stop = new AbortController();
  const swap = async () => {
    while (!stop.signal.aborted) {
      await rename(at('.tazpod'), at('aside'));
      await rename(at('link'), at('.tazpod'));
      await rename(at('.tazpod'), at('link'));
      await rename(at('aside'), at('.tazpod'));
    }
  };
  const swapping = swap();
  const seen = new Set<string>();
  for (let i = 0; i < 500; i += 1) {
    seen.add(
      await read().then(
        (bytes) => Buffer.from(bytes).toString(),
        (error: unknown) => failureOf(error).code,
      ),
    );
  }
  stop.abort();
  await swapping;
  await rm(outside, { recursive: true });
  expect([...seen].filter((text) => !['image: ours', 'config-missing', 'config-symlink'].includes(text))).toEqual([]);
});

test('names with anything in them work', async () => {
  for (const name of ['with space', 'a,b:c', '"q"\'', '$(id)', 'line\nbreak', 'x'.repeat(200), '日本 ñ']) {
    const odd = at(name);
    await mkdir(path.join(odd, '.tazpod'), { recursive: true });
    await writeFile(path.join(odd, '.tazpod', 'config.yaml'), 'image: a');
    expect(await readProjectFile(odd, ['.tazpod', 'config.yaml'], 10)).toHaveLength(8);
  }
});
