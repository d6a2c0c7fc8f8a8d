import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSshFolder, toContainerFacts } from './container-facts.ts';
import type { ValidConfig } from './core.ts';
import type { EnginePorts } from './ports.ts';
import { createStore } from './state/store.ts';

let home: string;
beforeEach(async () => {
  home = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-facts-')));
});
afterEach(async () => rm(home, { recursive: true, force: true }));

describe('~/.ssh', () => {
  it('is found by its canonical path', async () => {
    await mkdir(path.join(home, 'keys'));
    await symlink('keys', path.join(home, '.ssh'));
    expect(await findSshFolder(home)).toBe(path.join(home, 'keys'));
  });

  it('is null where it is not, and is never made', async () => {
    expect(await findSshFolder(home)).toBeNull();
    expect(await findSshFolder(home)).toBeNull();
    await symlink('nowhere', path.join(home, '.ssh'));
    expect(await findSshFolder(home)).toBeNull();
    await writeFile(path.join(home, 'file'), '');
    expect(await findSshFolder(path.join(home, 'file'))).toBeNull();
  });
});

describe('the facts of a container', () => {
  const read = {
    status: 'valid',
    config: { ssh: 'read-only' },
    driftHash: 'hash',
    driftFields: { image: 'x' },
  } as unknown as ValidConfig;

  async function factsOf(securityOptions: readonly string[], folder = '/p/a'): Promise<unknown> {
    const store = createStore({
      kind: 'agent',
      version: '1.2.3',
      runtime: 'Node',
      processId: 1,
      installId: 'me',
      startedAtMs: 0,
    });
    store.dispatch({
      type: 'engineChanged',
      engine: {
        status: 'ready',
        endpoint: 'unix:///x',
        source: 'x',
        name: 'x',
        version: '28',
        apiVersion: '1.48',
        operatingSystem: 'x',
        securityOptions,
        rootless: false,
      },
    });
    const ports = { homeFolder: home, environment: { TZ: 'Asia/Tokyo' } } as unknown as EnginePorts;
    return toContainerFacts({ store, ports }, 'p', folder, read, { containerName: 'a-lab', networkName: 'n' });
  }

  it('tell what engine and host have', async () => {
    expect(await factsOf(['name=seccomp,profile=builtin', 'name=cgroupns'])).toEqual({
      installId: 'me',
      version: '1.2.3',
      projectId: 'p',
      folder: '/p/a',
      sshFolder: null,
      environment: { TZ: 'Asia/Tokyo' },
      agentSocket: null,
      appArmor: false,
      selinux: false,
      driftHash: 'hash',
      driftFields: { image: 'x' },
      containerName: 'a-lab',
      networkName: 'n',
    });
    expect(await factsOf(['name=apparmor'])).toMatchObject({ appArmor: true, selinux: false });
    expect(await factsOf(['name=selinux'])).toMatchObject({ appArmor: false, selinux: true });
  });

  it('refuse a folder with a colon on an SELinux engine alone', async () => {
    await expect(factsOf(['name=selinux'], '/p/a:b')).rejects.toMatchObject({ failure: { code: 'folder-refused' } });
    expect(await factsOf([], '/p/a:b')).toMatchObject({ folder: '/p/a:b' });
  });
});
