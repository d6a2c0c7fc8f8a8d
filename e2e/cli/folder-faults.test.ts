import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCliProfile, upWords, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';
import { needsRoot } from '../fixtures/processes.ts';

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile();
});
afterAll(async () => profile.close());

describe('a folder that goes while its container is up', () => {
  test.each(['moved', 'deleted'] as const)('%s: status says so, down still works', async (fate) => {
    const folder = await profile.folder(`to be ${fate}`);
    await profile.up(folder);
    if (fate === 'moved') await rename(folder, `${folder} elsewhere`);
    else await rm(folder, { recursive: true });

    expect((await profile.status(folder)).folderStatus).toBe('missing');
    const screen = await profile.run(['status', folder]);
    expectCode(screen, 0);
    expect(screen.stdout).toMatch(/missing|gone|not there|does not exist/iu);
    const up = await profile.run(['up', folder]);
    expectCode(up, 1);
    expect(up.stderr).toContain('does not exist');
    expectCode(await profile.run(['rebuild', folder]), 1);
    // What runs is not touched by what failed.
    expect((await profile.containers()).map((one) => one.State)).toEqual(['running']);
    expectCode(await profile.run(['down', folder]), 0);
    expect(await profile.containers()).toEqual([]);
    expectCode(await profile.run(['forget', folder]), 0);
  });
});

test('a symbolic link to a folder is refused by name of its target; a link on the way is not', async () => {
  const folder = await profile.folder('target');
  const link = path.join(profile.root, 'link');
  await symlink(folder, link);
  const end = await profile.run(upWords(link));
  expectCode(end, 1);
  expect(end.stderr).toContain(folder);
  expect(end.stderr).toContain('symbolic link');
  expect(await readdir(folder)).toEqual([]);

  const parent = path.join(profile.root, 'parent');
  await symlink(path.dirname(folder), parent);
  await profile.up(path.join(parent, 'target'));
  expect((await profile.status(folder)).container.status).toBe('running');
  expectCode(await profile.run(['down', path.join(parent, 'target')]), 0);
});

test('.tazpod replaced by a symbolic link while up: up and rebuild refuse, down works', async () => {
  const folder = await profile.folder('swapped');
  await profile.up(folder);
  const [before] = await profile.containers();
  const evil = path.join(profile.root, 'evil');
  await rename(path.join(folder, '.tazpod'), evil);
  await symlink(evil, path.join(folder, '.tazpod'));
  for (const word of ['up', 'rebuild']) {
    const end = await profile.run([word, '--trust', '--json', folder]);
    expectCode(end, 1);
    expect(JSON.parse(end.stdout)).toMatchObject({ failure: { code: 'config-symlink' } });
  }
  const [after] = await profile.containers();
  expect(after?.Id).toBe(before?.Id);
  expectCode(await profile.run(['down', folder]), 0);
  expect(await profile.containers()).toEqual([]);
});

test('a config that is a FIFO, a folder or a symbolic link is refused at once', async () => {
  const kinds = {
    fifo: (file: string) => Promise.resolve(execFileSync('mkfifo', [file])),
    folder: async (file: string) => mkdir(file),
    link: async (file: string) => symlink('/etc/hostname', file),
  };
  for (const [kind, make] of Object.entries(kinds)) {
    const folder = await profile.folder(`config ${kind}`);
    await mkdir(path.join(folder, '.tazpod'));
    await make(path.join(folder, '.tazpod', 'config.yaml'));
    const end = await profile.run(['up', '--init', '--trust', folder]);
    expectCode(end, 1);
    expect(end.stderr).toContain('config.yaml');
    expect(end.durationMs).toBeLessThan(5_000);
    expect((await profile.status(folder)).config.status).toBe('invalid');
  }
  expect(await profile.containers()).toEqual([]);
});

test('a path that is no folder, and folders that are nobody’s project', async () => {
  const file = path.join(profile.root, 'file');
  await writeFile(file, '');
  for (const [target, word] of [
    [file, 'is not a folder'],
    [path.join(profile.root, 'nowhere'), 'does not exist'],
    ['/', 'root of the file system'],
    [path.join(profile.root, 'home'), 'your home folder'],
    ['/etc', 'belongs to the system'],
  ] as const) {
    const end = await profile.run(upWords(target));
    expectCode(end, 1);
    expect(end.stderr).toContain(word);
  }
});

describe.skipIf(needsRoot !== '')(`as a user without permission${needsRoot}`, () => {
  const nobody = 65_534;

  test('init where nothing can be written says so and leaves nothing', async () => {
    const other = await openCliProfile({ userId: nobody });
    try {
      const folder = await other.folder('not mine');
      const end = await other.run(['init', folder]);
      expectCode(end, 1);
      expect(end.stderr).toContain(`You have no permission to write in ${folder}`);
      expect(await readdir(folder)).toEqual([]);

      const own = await other.folder('mine');
      await chown(own, nobody, nobody);
      expectCode(await other.run(['init', own]), 0);
      await chmod(own, 0o500);
      await rm(path.join(own, '.tazpod'), { recursive: true });
      expectCode(await other.run(['init', own]), 1);
    } finally {
      await other.close();
    }
  });
});
