import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runInContainer } from './docker/exec.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';
import { createVaultExec } from './vault-exec.ts';
import { createTmpfsSession, type TmpfsSession } from './vault/session/session.ts';

let fixture: EngineFixture;
let projectId: string;
let containerId: string;
let session: TmpfsSession;
let tar: Buffer;
const secrets = '/home/tazpod/secrets';

beforeAll(async () => {
  fixture = await openEngineFixture();
  projectId = await fixture.trusted(await fixture.folder('vault', baseConfig));
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  const { container } = fixture.project(projectId);
  if (container.status === 'missing') throw new Error('no container');
  containerId = container.id;
  session = sessionOf(containerId);
  const folder = await mkdtemp(path.join(tmpdir(), 'tazpod-tar-'));
  await writeFile(path.join(folder, 'token'), 'canary-bytes\n', { mode: 0o600 });
  const made = await promisify(execFile)('tar', ['-cf', '-', '-C', folder, '.'], { encoding: 'buffer' });
  tar = made.stdout;
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await session.endHolders(await session.holders());
  await session.close();
});
afterAll(async () => fixture.close());

function sessionOf(id: string, profile: 'standard' | 'hardened' = 'standard'): TmpfsSession {
  return createTmpfsSession({ exec: createVaultExec(fixture.client, id), folder: '/f', image: 'the-image', profile });
}
const inside = async (script: string, user = 'tazpod') =>
  runInContainer(fixture.client, containerId, ['/bin/sh', '-c', script], user);

async function openShellInVault() {
  const size = { rows: 24, columns: 80 };
  const opened = await fixture.openSession({ kind: 'shell', projectId, size, command: ['/bin/sh'] });
  await opened.session.write(Buffer.from(`cd ${secrets} && echo in''side\n`));
  await opened.printed(/inside/u);
  return opened;
}

describe('an open vault', () => {
  test('belongs to the user, holds the bytes, and reaches .aws; close leaves nothing', async () => {
    expect(await session.isOpen()).toBe(false);
    // The image's user has the ids of the folder's owner, whoever runs the tests.
    const owner = (await inside('echo $(id -u):$(id -g)')).output.trim();
    expect(await session.open('tazpod', [tar])).toEqual({ owner });
    expect(await session.isOpen()).toBe(true);
    const seen = await inside(`stat -c '%a %u:%g' ${secrets} ${secrets}/token; cat ${secrets}/token`);
    expect(seen.output).toBe(`700 ${owner}\n600 ${owner}\ncanary-bytes\n`);
    expect((await inside(`touch ~/.aws/credentials && ls ${secrets}/.aws`)).output).toBe('credentials\n');
    await session.close();
    expect(await session.isOpen()).toBe(false);
    expect((await inside(`cat ${secrets}/token ~/.aws/credentials; ls -A ${secrets}`, 'root')).output).not.toContain(
      'canary',
    );
  });

  test('belongs to 1000:1000 where the user is unknown', async () => {
    expect(await session.open('nobody-of-this-name', [tar])).toEqual({ owner: '1000:1000' });
  });

  test('shows another user nothing', async () => {
    await session.open('tazpod', [tar]);
    for (const script of [`ls ${secrets}`, `cat ${secrets}/token`, 'ls /home/tazpod/.aws/', `cd ${secrets}`]) {
      const tried = await inside(script, '1001:1001');
      expect(tried.exitCode).not.toBe(0);
      expect(tried.output).toMatch(/permission denied|can't cd/iu);
    }
  });

  test('takes 64 MiB and no more', async () => {
    await session.open('tazpod', [tar]);
    const full = await inside(`exec 2>&1; head -c 70000000 /dev/zero > ${secrets}/big; wc -c < ${secrets}/big`);
    expect(full.output).toMatch(/no space left/iu);
    expect(Number(/\d+\s*$/u.exec(full.output)?.[0])).toBeLessThanOrEqual(64 * 1024 * 1024);
  });

  test('is packed as it is, and packing a locked one is refused', async () => {
    await expect(session.pack()).rejects.toMatchObject({ failure: { code: 'vault-not-unlocked' } });
    await session.open('tazpod', [tar]);
    const bytes = Buffer.concat(await session.pack());
    expect(bytes.toString('latin1')).toContain('canary-bytes');
    expect(bytes.length % 512).toBe(0);
  });

  test('is not opened twice, and a tar that is cut off leaves nothing mounted', async () => {
    await expect(session.open('tazpod', [tar.subarray(0, 1500)])).rejects.toMatchObject({
      failure: { code: 'vault-mount-failed' },
    });
    expect(await session.isOpen()).toBe(false);
    await session.open('tazpod', [tar]);
    expect(await session.open('tazpod', [tar])).toBeNull();
  });
});

describe('a shell that stands in it', () => {
  test('is named, and the vault is gone once it was ended', async () => {
    await session.open('tazpod', [tar]);
    const shell = await openShellInVault();
    const holders = await session.holders();
    expect(holders).toMatchObject([{ name: 'sh' }]);
    await session.endHolders(holders);
    await shell.ended;
    expect(await session.holders()).toEqual([]);
    await session.close();
    expect(await session.isOpen()).toBe(false);
  });

  test('keeps it mounted but empty where nobody ends it, and that is said', async () => {
    await session.open('tazpod', [tar]);
    const shell = await openShellInVault();
    await expect(session.close()).rejects.toMatchObject({ failure: { code: 'vault-not-emptied' } });
    expect((await inside(`ls -A ${secrets}`)).output).toBe('');
    await shell.session.end();
  });
});

test('an image without tar or mount is named with what it lacks', async () => {
  expect((await inside('mv /bin/tar /bin/tar.away && mv /bin/mount /bin/mount.away', 'root')).exitCode).toBe(0);
  try {
    await expect(session.open('tazpod', [tar])).rejects.toMatchObject({
      failure: { code: 'vault-tools-missing', message: expect.stringContaining('tar, mount') },
    });
  } finally {
    await inside('mv /bin/tar.away /bin/tar && mv /bin/mount.away /bin/mount', 'root');
  }
});

test("a hardened container keeps the engine's tmpfs: opened in place, emptied at close, .aws by environment", async () => {
  const hardFolder = await fixture.folder('hard', `${baseConfig}profile: hardened\n`);
  // The image's user gets the ids of the folder's owner; as root it could not be kept out of a closed vault.
  if (process.getuid?.() === 0) await chown(hardFolder, 1000, 1000);
  const hardenedId = await fixture.trusted(hardFolder);
  expect(await fixture.run({ type: 'startProject', projectId: hardenedId })).toMatchObject({ ok: true });
  const { container } = fixture.project(hardenedId);
  if (container.status === 'missing') throw new Error('no container');
  const hardened = sessionOf(container.id, 'hardened');
  const look = async (script: string) =>
    runInContainer(fixture.client, container.id, ['/bin/sh', '-c', script], 'tazpod');
  const asRoot = async (script: string) =>
    (await runInContainer(fixture.client, container.id, ['/bin/sh', '-c', script], 'root')).output;
  expect(await hardened.isOpen()).toBe(false);
  expect((await look(`ls ${secrets}; echo x > ${secrets}/early`)).output).toMatch(/denied.*denied/isu);
  const owner = (await look('echo $(id -u):$(id -g)')).output.trim();
  expect(await hardened.open('tazpod', [tar])).toEqual({ owner });
  expect(await hardened.isOpen()).toBe(true);
  expect((await look(`cat ${secrets}/token; echo "$AWS_CONFIG_FILE $AWS_SHARED_CREDENTIALS_FILE"`)).output).toBe(
    `canary-bytes\n${secrets}/.aws/config ${secrets}/.aws/credentials\n`,
  );
  expect(await hardened.open('tazpod', [tar])).toBeNull();
  expect(Buffer.concat(await hardened.pack()).toString('latin1')).toContain('canary-bytes');
  await look(`rm -rf ${secrets}/.aws`);
  expect(await hardened.isOpen()).toBe(true);
  await hardened.close();
  expect(await hardened.isOpen()).toBe(false);
  expect(await asRoot(`ls -A ${secrets}; grep -c ' ${secrets} tmpfs' /proc/self/mounts`)).toBe('1\n');
  await expect(hardened.open('tazpod', [tar.subarray(0, 1500)])).rejects.toThrow();
  expect(await asRoot(`ls -A ${secrets}`)).toBe('');
  expect(await hardened.isOpen()).toBe(false);
  await fixture.run({ type: 'stopProject', projectId: hardenedId });
});
