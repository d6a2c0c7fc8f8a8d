import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { failureOf } from '../failure.ts';
import { assertFolderWritable, checkFolder, resolveProjectFolder } from './folder.ts';
import { refusalOf } from './refused-folders.ts';

let base = '';

beforeEach(async () => {
  base = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-folder-')));
});

afterEach(() => rm(base, { recursive: true, force: true }));

const facts = { homeFolder: '/home/ada', platform: 'linux' } as const;
const resolve = (input: string) => resolveProjectFolder(input, facts);
const failureFor = (promise: Promise<unknown>) => promise.then(() => null, failureOf);

describe('a project folder', () => {
  test.each(['with space', 'a,b:c', '"q"\'', '$(id)', 'line\nbreak', 'x'.repeat(200), '日本 ñ', '-rf', '~'])(
    'may be called %j',
    async (name) => {
      const folder = path.join(base, name);
      await mkdir(folder);
      expect(await resolve(folder)).toBe(folder);
      expect(await resolve(`${folder}/`)).toBe(folder);
      expect(await checkFolder(folder)).toBe('present');
      await assertFolderWritable(folder);
    },
  );

  test('is known by its canonical path: symlinks in parents are resolved without a word', async () => {
    await mkdir(path.join(base, 'real', 'p'), { recursive: true });
    await symlink('real', path.join(base, 'link'));
    expect(await resolve(path.join(base, 'link', 'p'))).toBe(path.join(base, 'real', 'p'));
    expect(await resolve(path.join(base, 'real', '.', 'p', '..', 'p'))).toBe(path.join(base, 'real', 'p'));
  });

  test('is not a symlink, with or without a slash: its target is named', async () => {
    await mkdir(path.join(base, 'real'));
    await symlink('real', path.join(base, 'link'));
    for (const input of [path.join(base, 'link'), `${base}/link/`, `${base}/link/.`]) {
      const failure = await failureFor(resolve(input));
      expect(failure?.code).toBe('folder-is-symlink');
      expect(failure?.nextStep).toContain(path.join(base, 'real'));
    }
  });

  test('is there, is a folder, and is named absolutely', async () => {
    await writeFile(path.join(base, 'file'), '');
    await symlink('nowhere', path.join(base, 'dangling'));
    await symlink('loop', path.join(base, 'loop'));
    expect(await failureFor(resolve(path.join(base, 'gone')))).toMatchObject({ code: 'folder-not-found' });
    expect(await failureFor(resolve(path.join(base, 'file', 'x')))).toMatchObject({ code: 'folder-not-found' });
    expect(await failureFor(resolve(path.join(base, 'dangling')))).toMatchObject({ code: 'folder-not-found' });
    expect(await failureFor(resolve(path.join(base, 'loop')))).toMatchObject({ code: 'folder-unreadable' });
    expect(await failureFor(resolve(path.join(base, 'file')))).toMatchObject({ code: 'folder-not-directory' });
    expect(await failureFor(resolve('x'.repeat(300)))).toMatchObject({ code: 'folder-refused' });
    expect(await failureFor(resolve(`/${'x'.repeat(300)}`))).toMatchObject({ code: 'folder-unreadable' });
    expect(await failureFor(resolve(''))).toMatchObject({ code: 'folder-refused' });
  });

  test('is not a system folder, not even by way of a symlink in its parents', async () => {
    await symlink('/', path.join(base, 'root'));
    expect(await failureFor(resolve(path.join(base, 'root', 'etc')))).toMatchObject({ code: 'folder-refused' });
    expect(await failureFor(resolve('/'))).toMatchObject({ code: 'folder-refused' });
    const home = { homeFolder: base, platform: 'linux' } as const;
    expect(await failureFor(resolveProjectFolder(base, home))).toMatchObject({ code: 'folder-refused' });
  });
});

describe('refused folders', () => {
  const refused = `/ /home /home/ada /etc /etc/x /usr /usr/local/src /bin /sbin /lib /lib64 /boot /dev /dev/shm/x /proc
    /proc/1 /sys /run /run/user/1000 /run/media /run/media/ada /var /var/lib /var/lib/docker/x /var/log /var/tmp /opt
    /root /tmp /mnt /srv`;
  test.each(refused.split(/\s+/))('%s', (folder) => {
    expect(refusalOf(folder, facts)).not.toBeNull();
  });

  const fine = `/home/ada/p /home/adam /home/ada2/x /tmp/x /var/tmp/x /var/www/site /opt/x /root/x /mnt/d /srv/x /work
    /etcetera /usrx /run/media/ada/disk/p /run/media/ada/disk /data /homework`;
  test.each(fine.split(/\s+/))('%s is fine', (folder) => {
    expect(refusalOf(folder, facts)).toBeNull();
  });

  test('a home inside a system tree is still a home', () => {
    const home = { homeFolder: '/var/lib/ada', platform: 'linux' } as const;
    expect(refusalOf('/var/lib/ada/p', home)).toBeNull();
    expect(refusalOf('/var/lib/ada', home)).not.toBeNull();
    expect(refusalOf('/var/lib', home)).not.toBeNull();
  });

  test('macOS', () => {
    const mac = { homeFolder: '/Users/ada', platform: 'darwin' } as const;
    for (const folder of [
      '/',
      '/System',
      '/system/x',
      '/Library',
      '/Applications/X',
      '/Users',
      '/users/Ada',
      '/private/tmp',
    ]) {
      expect(refusalOf(folder, mac), folder).not.toBeNull();
    }
    for (const folder of ['/Users/ada/p', '/private/tmp/x', '/private/var/folders/a/b', '/Volumes/Disk']) {
      expect(refusalOf(folder, mac), folder).toBeNull();
    }
  });

  test('Windows', () => {
    const windows = { homeFolder: 'C:\\Users\\Ada', platform: 'win32' } as const;
    const system = [
      'C:\\',
      'D:\\',
      'C:\\Windows',
      'c:\\windows\\System32',
      'C:\\Program Files\\X',
      'C:\\Users',
      'C:\\users\\ada',
    ];
    for (const folder of system) expect(refusalOf(folder, windows), folder).not.toBeNull();
    expect(refusalOf('\\\\server\\share\\', windows)).not.toBeNull();
    for (const folder of ['C:\\Users\\Ada\\p', 'D:\\work', '\\\\server\\share\\p', 'C:\\WindowsX']) {
      expect(refusalOf(folder, windows), folder).toBeNull();
    }
  });
});

describe('a registered folder', () => {
  test('is missing when it is gone, became a file, or leads elsewhere', async () => {
    const folder = path.join(base, 'p');
    await mkdir(folder);
    await rename(folder, `${folder}2`);
    expect(await checkFolder(folder)).toBe('missing');
    await symlink(`${folder}2`, folder);
    expect(await checkFolder(folder)).toBe('missing');
    await rm(folder);
    await writeFile(folder, '');
    expect(await checkFolder(folder)).toBe('missing');
  });

  test('is unreadable, or not writable, for a person without permission', async () => {
    const folder = path.join(base, 'p');
    await mkdir(folder);
    await chmod(base, 0o755);
    const look = async (mode: number): Promise<string> => {
      await chmod(folder, mode);
      const script = `
        const { checkFolder, assertFolderWritable } = await import(${JSON.stringify(new URL('folder.ts', import.meta.url).href)});
        const writable = await assertFolderWritable(process.argv[1]).then(() => 'writable', (error) => error.failure.code);
        process.stdout.write((await checkFolder(process.argv[1])) + ' ' + writable);`;
      const ids = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      return execFileSync(process.execPath, ['--input-type=module', '-e', script, folder], {
        encoding: 'utf8',
        ...ids,
      });
    };
    expect(await look(0o700 & ~0o700)).toBe('unreadable folder-not-writable');
    expect(await look(0o555)).toBe('present folder-not-writable');
    await expect(assertFolderWritable(path.join(base, 'gone'))).rejects.toThrow('does not exist');
  });
});
