import { expect, test } from 'vitest';
import { FakeHost } from '../fake/fake-host.ts';
import { runWord } from '../fake/run-word.ts';
import { projectOf, snapshotOf, untrusted } from '../fake/snapshots.ts';

test.each([
  [
    'Every name goes to these servers. Your machine resolves through 10.0.0.1; names known only there need "dns: host".',
    true,
  ],
  ['Every name goes to these servers.', false],
])('init suggests "dns: host" where the trust question would: %s', async (meaning, isSuggested) => {
  const dns = { key: 'dns', label: 'DNS', value: '1.1.1.1', meaning };
  const project = projectOf('/home/me/acme', { trust: { ...untrusted, grants: [dns] } });
  const host = new FakeHost(snapshotOf({ projects: [project] })).on('initProject', () => ({ accepted: true }));
  const { io, code } = await runWord('init', [host]);
  expect(code).toBe(0);
  expect(io.stderr.includes(meaning)).toBe(isSuggested);
});
