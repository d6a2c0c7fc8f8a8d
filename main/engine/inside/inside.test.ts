import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EngineState } from '../../../preload/contract/snapshot.ts';
import { parseGitIdentity, readGitIdentity, toGitConfigText } from './git-identity.ts';
import { hideCredentials, hostLanguage, toProxies } from './host-environment.ts';
import { toPrivateResolvers } from './private-resolvers.ts';
import { accessProblem, lookAtSshFiles, toPortableConfig } from './ssh-files.ts';
import { findUserIds } from './user-ids.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tazpod-inside-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  return folder;
}

const engine = (part: object = {}): EngineState => ({
  status: 'ready',
  endpoint: 'unix:///x',
  source: 'x',
  name: 'x',
  version: '28',
  apiVersion: '1.48',
  operatingSystem: 'Debian',
  securityOptions: ['name=seccomp,profile=default'],
  rootless: false,
  ...part,
});

describe.runIf(process.platform === 'linux')('user ids', () => {
  it('are the folder’s owner’s, and left alone where the engine or the config has its own way', async () => {
    const folder = await temporaryFolder();
    if (process.getuid?.() === 0) await chown(folder, 1234, 1235);
    expect(await findUserIds(folder, 'tazpod', engine())).toEqual(
      process.getuid?.() === 0 ? { uid: 1234, gid: 1235 } : { uid: process.getuid?.(), gid: process.getgid?.() },
    );
    for (const user of ['root', '0', '1000:1000']) expect(await findUserIds(folder, user, engine())).toBeNull();
    for (const part of [
      { rootless: true },
      { operatingSystem: 'Docker Desktop' },
      { securityOptions: ['name=userns'] },
      { securityOptions: ['name=rootless'] },
    ]) {
      expect(await findUserIds(folder, 'tazpod', engine(part))).toBeNull();
    }
  });
});

describe('the git identity', () => {
  it('takes the last value, makes the project’s own paths inner ones, and drops line breaks', () => {
    const text = [
      'user.name\nOld',
      'user.name\nAda',
      'user.email\na@b\nx',
      'safe.directory\n/p/a',
      'safe.directory\n/p/a/sub',
      'safe.directory\n/p/ab',
      'safe.directory\n*',
      '',
    ].join('\0');
    expect(parseGitIdentity(text, '/p/a')).toEqual({
      name: 'Ada',
      email: null,
      safeFolders: ['/workspace', '/workspace/sub', '/p/ab', '*'],
    });
    expect(parseGitIdentity('', '/p/a')).toEqual({ name: null, email: null, safeFolders: ['/workspace'] });
  });

  it('follows includes of the global config, and asks no repository', async () => {
    const home = await temporaryFolder();
    await writeFile(path.join(home, '.gitconfig'), '[include]\n\tpath = work\n');
    await writeFile(path.join(home, 'work'), '[user]\n\tname = From work\n');
    expect(await readGitIdentity(home, process.env, '/p')).toMatchObject({ name: 'From work', email: null });
    expect(await readGitIdentity('/nonexistent', process.env, '/p')).toMatchObject({ name: null });
    expect(await readGitIdentity(home, { PATH: '/nonexistent' }, '/p')).toMatchObject({ name: null });
  });

  it('is quoted as git reads it', () => {
    const text = toGitConfigText({ name: 'A "b" \\ c', email: 'a@b', safeFolders: [] });
    expect(text).toBe('[user]\n\tname = "A \\"b\\" \\\\ c"\n\temail = "a@b"\n');
    expect(toGitConfigText({ name: null, email: null, safeFolders: [] })).toBe('');
  });
});

describe('ssh files', () => {
  const inside = { uid: 1234, gid: 1234 };
  it.each([
    ['own, 0600', 1234, 0o600, true, null],
    ['own, open', 1234, 0o644, true, /chmod 600/u],
    ['another’s, closed', 0, 0o600, true, /can't read/u],
    ['another’s, readable', 0, 0o644, true, null],
    ['config, own', 1234, 0o644, false, null],
    ['config, writable by others', 1234, 0o664, false, /write/u],
    ['config of root', 0, 0o644, false, null],
    ['config of somebody else', 1000, 0o644, false, /owner/u],
  ])('%s', (_what, uid, mode, isKey, expected) => {
    const problem = accessProblem('/k', { uid, gid: 999, mode: 0o100000 | mode }, inside, isKey);
    if (expected === null) expect(problem).toBeNull();
    else expect(`${problem?.what} ${problem?.nextStep}`).toMatch(expected);
  });

  it('keep the patterns that a config passes over already', () => {
    expect(toPortableConfig('UseKeychain yes\n')).toBe('IgnoreUnknown UseKeychain\nUseKeychain yes\n');
    expect(toPortableConfig('IgnoreUnknown Foo,Bar\n')).toMatch(/^IgnoreUnknown UseKeychain,Foo,Bar\n/u);
  });

  it('are left alone where nothing is wrong, and corrected for Apple’s options in included files too', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'config'), 'Host a\n  User b\n', { mode: 0o600 });
    expect(await lookAtSshFiles(folder, null)).toEqual({ config: null, problems: [] });
    await writeFile(path.join(folder, 'config'), 'Host a\n  usekeychain yes\n');
    await chmod(path.join(folder, 'config'), 0o600);
    expect((await lookAtSshFiles(folder, null)).config).toMatch(/^IgnoreUnknown UseKeychain\n/u);
  });
});

describe('the host’s environment', () => {
  it('takes the engine’s own proxies before the default, in both spellings', () => {
    const text = JSON.stringify({
      proxies: { default: { httpProxy: 'http://d' }, 'unix:///x': { httpsProxy: 'http://u:p@x:1', noProxy: 'a' } },
    });
    const own = toProxies(text, 'unix:///x');
    expect(own).toEqual({
      HTTPS_PROXY: 'http://u:p@x:1',
      https_proxy: 'http://u:p@x:1',
      NO_PROXY: 'a',
      no_proxy: 'a',
    });
    expect(hideCredentials(own)['HTTPS_PROXY']).toBe('http://…@x:1');
    expect(toProxies(text, 'unix:///y')).toEqual({ HTTP_PROXY: 'http://d', http_proxy: 'http://d' });
    expect(toProxies('not json', '')).toEqual({});
    expect(toProxies('{"proxies": 3}', '')).toEqual({});
  });

  it('takes a language that says something', () => {
    expect(hostLanguage({ LANG: 'de_DE.UTF-8' })).toBe('de_DE.UTF-8');
    for (const LANG of ['C', 'POSIX', 'C.UTF-8', '', '$(x)']) expect(hostLanguage({ LANG })).toBeNull();
  });

  it('tells private and VPN name servers from public ones', () => {
    const text =
      '# nameserver 10.9.9.9\nnameserver 10.0.0.2\nnameserver 100.100.100.100\nnameserver 1.1.1.1\nnameserver fe80::1%eth0\nnameserver 127.0.0.53\n';
    expect(toPrivateResolvers(text)).toEqual(['10.0.0.2', '100.100.100.100', 'fe80::1%eth0']);
  });
});
