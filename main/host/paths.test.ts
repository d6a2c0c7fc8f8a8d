import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSocketPathTooLong, toHostKey, toPipeName, toRuntimeFolders, toSocketPath, toStateFolder } from './paths.ts';
import { readHostRecord, writeHostRecord } from './host-record.ts';
import { chooseSocketPath, findFolderFault, findSocketPaths } from './runtime-folder.ts';
import type { HostSurroundings } from './surroundings.ts';
import { makeTestPlace } from './test-place.ts';

const linux: HostSurroundings = {
  platform: 'linux',
  environment: {},
  userId: 1000,
  homeFolder: '/home/ada',
  temporaryFolder: '/tmp',
};

describe('state folder', () => {
  it.each([
    ['linux', linux, '/home/ada/.local/state/tazpod'],
    ['XDG_STATE_HOME', { ...linux, environment: { XDG_STATE_HOME: '/x' } }, '/x/tazpod'],
    ['a relative XDG_STATE_HOME', { ...linux, environment: { XDG_STATE_HOME: 'x' } }, '/home/ada/.local/state/tazpod'],
    ['an isolated profile', { ...linux, environment: { TAZPOD_STATE_DIR: '/p', XDG_STATE_HOME: '/x' } }, '/p'],
    ['an empty override', { ...linux, environment: { TAZPOD_STATE_DIR: '' } }, '/home/ada/.local/state/tazpod'],
    ['macOS', { ...linux, platform: 'darwin' }, '/home/ada/Library/Application Support/TazPod'],
    [
      'Windows',
      { ...linux, platform: 'win32', environment: { LOCALAPPDATA: 'C:\\U\\L' }, homeFolder: 'C:\\U' },
      'C:\\U\\L\\TazPod',
    ],
    [
      'Windows without LOCALAPPDATA',
      { ...linux, platform: 'win32', homeFolder: 'C:\\U' },
      'C:\\U\\AppData\\Local\\TazPod',
    ],
  ] satisfies [string, HostSurroundings, string][])('%s', (_name, surroundings, expected) => {
    expect(toStateFolder(surroundings)).toBe(expected);
  });
});

describe('socket place', () => {
  it('prefers XDG_RUNTIME_DIR and falls back to temporary folders of the user', () => {
    const environment = { XDG_RUNTIME_DIR: '/run/user/1000' };
    const folders = toRuntimeFolders({ ...linux, environment, temporaryFolder: '/var/tmp' });
    expect(folders.map(({ folder }) => folder)).toEqual([
      '/run/user/1000/tazpod',
      '/var/tmp/tazpod-1000',
      '/tmp/tazpod-1000',
    ]);
    expect(toRuntimeFolders(linux).map(({ folder }) => folder)).toEqual(['/tmp/tazpod-1000']);
  });

  it('is keyed by user and state folder', () => {
    const keys = [toHostKey(1, '/a'), toHostKey(2, '/a'), toHostKey(1, '/b')];
    expect(new Set(keys).size).toBe(3);
    expect(toHostKey(1, '/a')).toBe(toHostKey(1, '/a'));
    expect(keys[0]).toMatch(/^[0-9a-f]{16}$/u);
    expect(toPipeName('ab')).toBe('\\\\.\\pipe\\tazpod-ab');
  });

  it('counts the bytes of a path, not its characters', () => {
    expect(isSocketPathTooLong('/'.padEnd(99, 'x'))).toBe(false);
    expect(isSocketPathTooLong('/'.padEnd(100, 'x'))).toBe(true);
    expect(isSocketPathTooLong('/'.padEnd(60, 'é'))).toBe(true);
  });
});

describe('choosing the socket', () => {
  it('makes a private folder under XDG_RUNTIME_DIR', async () => {
    const { folder, surroundings, stateFolder } = await makeTestPlace();
    const expected = toSocketPath(path.join(folder, 'tazpod'), toHostKey(surroundings.userId, stateFolder));
    expect(await chooseSocketPath(surroundings, stateFolder)).toEqual({ ok: true, value: expected });
    expect(await findFolderFault(path.join(folder, 'tazpod'), surroundings.userId)).toBeNull();
    expect(await findSocketPaths(surroundings, stateFolder, null)).toContain(expected);
  });

  it.each([
    ['a symbolic link', (at: string) => symlink('/tmp', at)],
    ['a file', (at: string) => writeFile(at, '')],
    ['open to others', (at: string) => mkdir(at).then(() => chmod(at, 0o755))],
  ])('passes over a runtime folder that is %s', async (_name, occupy) => {
    const { folder, surroundings, stateFolder } = await makeTestPlace();
    const other = path.join(folder, 'other');
    await mkdir(other);
    await occupy(path.join(folder, 'tazpod'));
    const chosen = await chooseSocketPath({ ...surroundings, temporaryFolder: other }, stateFolder);
    expect(chosen.ok && chosen.value.startsWith(path.join(other, `tazpod-${surroundings.userId}`))).toBe(true);
    expect(await findSocketPaths(surroundings, stateFolder, path.join(folder, 'tazpod', 'x.sock'))).not.toContain(
      path.join(folder, 'tazpod', 'x.sock'),
    );
  });

  it('passes over folders of another user and paths that are too long', async () => {
    const { folder, surroundings, stateFolder } = await makeTestPlace();
    const long = path.join(folder, 'l'.repeat(90));
    await mkdir(long);
    const chosen = await chooseSocketPath(
      { ...surroundings, environment: { XDG_RUNTIME_DIR: long }, temporaryFolder: folder },
      stateFolder,
    );
    expect(chosen.ok && path.dirname(chosen.value)).toBe(path.join(folder, `tazpod-${surroundings.userId}`));
    expect(await findFolderFault(folder, surroundings.userId + 1)).toContain('belongs to user');
  });

  it('says what is wrong with the folder wanted most when none will do', async () => {
    const { folder, surroundings, stateFolder } = await makeTestPlace();
    // A user who owns none of these folders.
    const stranger = { ...surroundings, userId: 54_321, temporaryFolder: path.join(folder, 'missing') };
    const chosen = await chooseSocketPath(stranger, stateFolder);
    if (process.getuid?.() === 0)
      expect(chosen).toMatchObject({ ok: false, failure: { code: 'runtime-folder-unusable' } });
    const long = { ...stranger, environment: { XDG_RUNTIME_DIR: path.join('/tmp', 'l'.repeat(100)) } };
    expect(await chooseSocketPath(long, stateFolder)).toMatchObject({
      ok: false,
      failure: { code: 'socket-path-too-long' },
    });
  });

  it('finds an owner with another environment by its record', async () => {
    const { folder, surroundings, stateFolder } = await makeTestPlace();
    const socketPath = path.join(folder, 'tazpod', 'x.sock');
    await mkdir(path.dirname(socketPath), { mode: 0o700 });
    expect(await readHostRecord(stateFolder)).toBeNull();
    await writeHostRecord(stateFolder, { socketPath, processId: 7 });
    expect(await readHostRecord(stateFolder)).toEqual({ socketPath, processId: 7 });
    const cron = { ...surroundings, environment: {} };
    expect((await findSocketPaths(cron, stateFolder, socketPath))[0]).toBe(socketPath);
    await writeFile(path.join(stateFolder, 'host.json'), '{"socketPath": 3}');
    expect(await readHostRecord(stateFolder)).toBeNull();
  });
});
