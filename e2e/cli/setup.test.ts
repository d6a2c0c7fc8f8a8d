import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile();
});
afterAll(async () => profile.close());

async function folderWith(name: string, config: string): Promise<string> {
  const folder = await profile.folder(name);
  await mkdir(path.join(folder, '.tazpod'));
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), `image: ${baseImage}\n${config}`);
  return folder;
}

test('the setup command: printed by up, not run again by the next host process, run again by setup', async () => {
  const folder = await folderWith('set-up', 'setup: echo "in $PWD" | tee -a ran; test -e allowed\n');
  const failed = await profile.run(['up', '--trust', folder]);
  expectCode(failed, 1);
  expect(failed.stderr).toContain('in /workspace\n');
  expect(failed.stderr).toContain('tazpod setup');
  expect((await profile.status(folder)).container.status).toBe('running');

  await profile.killAgent();
  expectCode(await profile.run(['up', folder]), 0);
  expect((await profile.run(['enter', folder, '--', 'cat', 'ran'])).stdout).toBe('in /workspace\n');

  await writeFile(path.join(folder, 'allowed'), '');
  const again = await profile.run(['setup', folder]);
  expectCode(again, 0);
  expect(again.stderr).toContain('in /workspace\n');
  expect(again.stdout).toBe('Set up set-up.\n');
});

test('forget --caches removes the volumes, plain forget keeps them', async () => {
  const folder = await folderWith('caches', 'caches: [~/.cache/tool]\n');
  const volumes = async (): Promise<number> => {
    const { id } = await profile.status(folder);
    return (await profile.client.listVolumes({ filters: { label: [`tazpod.project=${id}`] } })).Volumes.length;
  };
  expectCode(await profile.run(['up', '--trust', folder]), 0);
  expectCode(await profile.run(['enter', folder, '--', 'sh', '-c', 'echo kept > ~/.cache/tool/a']), 0);
  const refused = await profile.run(['forget', '--caches', folder]);
  expectCode(refused, 1);
  expectCode(await profile.run(['down', folder]), 0);
  expectCode(await profile.run(['forget', folder]), 0);
  expectCode(await profile.run(['up', '--trust', folder]), 0);
  expect((await profile.run(['enter', folder, '--', 'sh', '-c', 'cat ~/.cache/tool/a'])).stdout).toBe('kept\n');
  expect(await volumes()).toBe(2);
  expectCode(await profile.run(['down', folder]), 0);
  const { id } = await profile.status(folder);
  expectCode(await profile.run(['forget', '--caches', folder]), 0);
  const left = await profile.client.listVolumes({ filters: { label: [`tazpod.project=${id}`] } });
  expect(left.Volumes).toEqual([]);
});
