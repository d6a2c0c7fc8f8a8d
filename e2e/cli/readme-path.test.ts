import { chmod, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCliProfile, upWords, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';
import { listTree } from '../fixtures/tree-hash.ts';

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile();
});
afterAll(async () => profile.close());

/** A folder such as people have: modes, old times, links, empty folders, odd names. */
async function makeProject(): Promise<string> {
  const folder = await profile.folder('acme api');
  await mkdir(path.join(folder, 'src', 'empty'), { recursive: true });
  await writeFile(path.join(folder, 'src', 'main.c'), 'int main;\n');
  await writeFile(path.join(folder, 'run.sh'), '#!/bin/sh\n');
  await writeFile(path.join(folder, 'blob'), Buffer.from([0, 255, 10, 13]));
  await chmod(path.join(folder, 'run.sh'), 0o750);
  await chmod(path.join(folder, 'blob'), 0o400);
  await symlink('src/main.c', path.join(folder, 'link'));
  await symlink('/nowhere', path.join(folder, 'dangling'));
  for (const name of ['run.sh', 'blob', 'src/empty', 'src']) await utimes(path.join(folder, name), 1e9, 1e9);
  return folder;
}

test('up, enter, down: the container comes and goes, the folder stays byte for byte as it was', async () => {
  const folder = await makeProject();
  const before = await listTree(folder);

  const up = await profile.run(upWords(folder));
  expect(up.stderr).toContain('acme api: starting the container\n');
  expect(up).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Started acme api \(container acme-api-lab\)\./u),
  });
  const [container] = await profile.containers();
  expect(container).toMatchObject({ State: 'running', Names: ['/acme-api-lab'] });

  const inside = await profile.run(['enter', folder, '--', 'sh', '-c', 'pwd; cat src/main.c; exit 7']);
  expectCode(inside, 7);
  expect(inside.stdout).toMatch(/^\/workspace\r?\nint main;\r?\n$/u);

  const down = await profile.run(['down', folder]);
  expect(down).toMatchObject({ code: 0, stdout: 'Stopped and removed the container of acme api.\n' });
  expect(down.durationMs).toBeLessThan(2000);
  expect(await profile.containers()).toEqual([]);
  expect(await profile.networks()).toEqual([]);
  expect(await listTree(folder)).toEqual(before);
});

test('a second down is done already, a folder without a config needs a decision', async () => {
  const folder = await profile.folder('again');
  expect(await profile.run(['up', folder])).toMatchObject({ code: 3, stdout: '' });
  expectCode(await profile.run(['init', folder]), 0);
  expectCode(await profile.run(['up', folder]), 3);
  expectCode(await profile.run(['down', folder]), 0);
  expect(await profile.containers()).toEqual([]);
});
