import { expect, test } from 'vitest';
import { FakeHost } from '../fake/fake-host.ts';
import { runWord } from '../fake/run-word.ts';
import { projectId, projectOf, snapshotOf } from '../fake/snapshots.ts';

const hostOf = (): FakeHost => new FakeHost(snapshotOf({ projects: [projectOf('/home/me/acme')] }));

test('image use asks with what is written where, and writes it after a yes', async () => {
  const host = hostOf();
  const { io, code } = await runWord('image use a/b:2', [host], { isTty: true, answers: ['y'] });
  expect(code).toBe(0);
  expect(io.stderr).toContain('tazpod/base:local -> a/b:2');
  expect(io.stderr).toContain('/home/me/acme/.tazpod/config.yaml');
  expect(host.sent('changeImage')).toEqual([{ type: 'changeImage', projectId, image: 'a/b:2' }]);
});

test('image use changes nothing without a yes; --yes answers beforehand; a folder may be named', async () => {
  const host = hostOf();
  expect((await runWord('image use a/b:2', [host], { isTty: true, answers: ['n'] })).code).toBe(3);
  const silent = await runWord('image use a/b:2', [host]);
  expect(silent.code).toBe(3);
  expect(silent.io.stderr).toContain('--yes');
  expect(host.sent('changeImage')).toEqual([]);
  expect((await runWord('image use a/b:2 /home/me/acme --yes --json', [host])).code).toBe(0);
  expect(host.sent('changeImage')).toHaveLength(1);
  expect((await runWord('image use', [host])).code).toBe(2);
  expect((await runWord('image pull a b', [host])).code).toBe(2);
});
