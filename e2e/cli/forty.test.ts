import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectState } from '../../preload/contract/snapshot.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';

const count = 40;
const batch = 8;

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile();
});
afterAll(async () => profile.close());

/** A few at a time: two cores would only wait for each other. */
async function inBatches<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const workers = Array.from({ length: batch }, async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  });
  await Promise.all(workers);
}

test('40 projects are up at once on one network, then all are down', { timeout: 120_000 }, async () => {
  const folders = await Promise.all(
    Array.from({ length: count }, async (_, index) => profile.folder(`project ${index}`)),
  );
  await inBatches(folders, async (folder) => void (await profile.up(folder)));

  const containers = await profile.containers();
  expect(containers).toHaveLength(count);
  expect(containers.filter((one) => one.State !== 'running')).toEqual([]);
  expect(new Set(containers.flatMap((one) => Object.keys(one.NetworkSettings.Networks))).size).toBe(1);
  expect(await profile.networks()).toHaveLength(1);
  const list = await profile.run(['list', '--json']);
  const { projects } = JSON.parse(list.stdout) as { projects: readonly ProjectState[] };
  expect(projects.filter((one) => one.container.status === 'running')).toHaveLength(count);
  expect(await profile.agents()).toHaveLength(1);

  await inBatches(folders, async (folder) => expectCode(await profile.run(['down', folder]), 0));
  expect(await profile.containers()).toEqual([]);
  expect(await profile.networks()).toEqual([]);
});
