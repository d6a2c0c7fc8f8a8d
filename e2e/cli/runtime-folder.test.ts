import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';

let profile: CliProfile;
beforeEach(async () => {
  profile = await openCliProfile();
});
afterEach(async () => profile.close());

const socketOfHost = async (): Promise<string> =>
  (JSON.parse(await readFile(path.join(profile.stateFolder, 'host.json'), 'utf8')) as { socketPath: string })
    .socketPath;

describe('a runtime folder that is of no use', () => {
  test.each([
    ['is 200 characters long', async () => makeFolder('r'.repeat(200))],
    ['does not exist', async () => Promise.resolve(path.join(profile.root, 'no', 'such'))],
    ['is open to everyone', async () => openFolder()],
    ['leads through a symbolic link of a stranger', async () => linkedFolder()],
    ['is a relative path', async () => Promise.resolve('run')],
  ])('%s: the command line works through another one', async (_what, make) => {
    const runtime = await make();
    const environment = { XDG_RUNTIME_DIR: runtime };
    const folder = await profile.folder('project');
    const init = await profile.run(['init', folder], { environment });
    expectCode(init, 0);
    const socket = await socketOfHost();
    expect(socket.startsWith(runtime)).toBe(false);
    expect(Buffer.byteLength(socket)).toBeLessThan(100);
    expectCode(await profile.run(['list'], { environment }), 0);
    // One host, also for a client whose own runtime folder is fine.
    expectCode(await profile.run(['list']), 0);
    expect(await profile.agents()).toHaveLength(1);
    expectCode(await profile.run(['quit'], { environment }), 0);
  });

  test('an agent with a good one is found by a client without any', async () => {
    expectCode(await profile.run(['list']), 0);
    expect(await socketOfHost()).toContain(path.join(profile.root, 'run'));
    expectCode(await profile.run(['list'], { environment: { XDG_RUNTIME_DIR: '' } }), 0);
    expect(await profile.agents()).toHaveLength(1);
  });
});

test('a state folder that can’t be made is said in words', async () => {
  const stateFolder = path.join(profile.root, 'file', 'state');
  await writeFile(path.dirname(stateFolder), '');
  const environment = { TAZPOD_STATE_DIR: stateFolder };
  const end = await profile.run(['list'], { environment });
  expectCode(end, 1);
  expect(end.stderr).toContain(stateFolder);
  expect(end.stderr).toMatch(/^Next: /mu);
});

async function makeFolder(name: string): Promise<string> {
  const folder = path.join(profile.root, name);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

async function openFolder(): Promise<string> {
  const folder = await makeFolder('open');
  const inner = path.join(folder, 'tazpod');
  await mkdir(inner);
  await chmod(inner, 0o777);
  return folder;
}

async function linkedFolder(): Promise<string> {
  const folder = await makeFolder('linked');
  await symlink('/tmp', path.join(folder, 'tazpod'));
  return folder;
}
