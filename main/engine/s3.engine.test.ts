import { createHash, randomBytes } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createBucket, openBucket, type S3Place, type StaticKeys } from './sync/remotes/s3-client.ts';
import { openS3Remote } from './sync/remotes/s3.ts';
import { expectNothingLost, makeMachine } from './sync/testing/two-machines.ts';
import { watchStore } from './sync/testing/watched-store.ts';
import { openInstallation, type Installation } from './syncs/testing/installation.ts';
import { newTestKey } from './syncs/testing/test-vault.ts';
import { describeRemote, makeClock, makeVault, pushOver, signal } from './sync/testing/remote-cases.ts';
import { runPush } from './sync/run.ts';
import type { Remote } from './sync/remote.ts';
import { needsRadosgw, startRadosgw, type TestRadosgw } from './testing/radosgw.ts';

const bucket = 'vaults';
/** Slow here: some 15 requests each. `TAZPOD_SYNC_RUNS=20` makes it 2,000, as the models in memory and in a folder do. */
const randomRuns = Number(process.env['TAZPOD_SYNC_RUNS'] ?? 1);
let folder: string;
let service: TestRadosgw;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tazpod-s3-'));
  if (needsRadosgw !== '') return;
  service = await startRadosgw();
  const client = new S3Client({
    endpoint: service.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: service.keys,
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  if (needsRadosgw === '') await service.close();
});

function open(
  place: Partial<S3Place> = {},
  keys: StaticKeys = service.keys,
  onRequest: (line: string) => void | Promise<void> = () => undefined,
): Remote {
  const whole = { bucket, endpoint: service.endpoint, region: null, profile: null, isPathStyle: true, ...place };
  const prefix = `tazpod/projects/${createHash('md5').update(randomBytes(8)).digest('hex')}`;
  return openS3Remote(watchStore(openBucket(whole, keys), onRequest), {
    shown: `s3://${bucket}`,
    prefix,
    nowMs: makeClock(),
  });
}

describe.skipIf(needsRadosgw !== '')(`S3 on a real radosgw${needsRadosgw}`, () => {
  describeRemote('its remote', async () => open());

  test('one of 20 pushes at once wins, and conditions hold', async () => {
    const remote = open();
    const etag = await pushOver(remote, makeVault());
    const pushes = Array.from(
      { length: 20 },
      async () => await remote.push(makeVault(), { kind: 'match', etag }, signal),
    );
    expect((await Promise.all(pushes)).filter((version) => version !== null)).toHaveLength(1);
    expect(await remote.byHandReason(signal)).toBe(null);
  });

  test('wrong keys are told as refused', async () => {
    const remote = open({}, { ...service.keys, secretAccessKey: 'wrong' });
    await expect(pushOver(remote, makeVault())).rejects.toMatchObject({ failure: { code: 'sync-refused' } });
  });

  test('a bucket that is not there is told as missing', async () => {
    const remote = open({ bucket: 'nowhere' });
    await expect(pushOver(remote, makeVault())).rejects.toMatchObject({ failure: { code: 'sync-bucket-missing' } });
  });

  test('a bucket is made where a person asks for it, and is fine where it is ours already', async () => {
    const place = { bucket: 'made-by-us', endpoint: service.endpoint, region: null, profile: null, isPathStyle: true };
    const remote = open({ bucket: place.bucket });
    await expect(pushOver(remote, makeVault())).rejects.toMatchObject({ failure: { code: 'sync-bucket-missing' } });
    await createBucket(place, service.keys, signal);
    await createBucket(place, service.keys, signal);
    await pushOver(remote, makeVault());
    const wrong = createBucket(place, { ...service.keys, secretAccessKey: 'wrong' }, signal);
    await expect(wrong).rejects.toMatchObject({ failure: { code: 'sync-refused' } });
  });

  test('a call that is cancelled says so', async () => {
    await expect(open().head(AbortSignal.abort())).rejects.toMatchObject({ failure: { code: 'cancelled' } });
  });

  test('a service that stopped is told as unreachable, and all is there when it is back', async () => {
    const remote = open();
    const vault = makeVault();
    await pushOver(remote, vault);
    await service.stop();
    try {
      await expect(pushOver(remote, makeVault())).rejects.toMatchObject({ failure: { code: 'sync-unreachable' } });
    } finally {
      await service.start();
    }
    expect((await remote.readLatest(signal))?.vault).toEqual(vault);
    await pushOver(remote, makeVault());
  });

  test(
    `${randomRuns}00 random operations of two machines: nothing unseen is replaced, no version is lost`,
    {
      timeout: randomRuns * 120_000,
    },
    async () => {
      await expectNothingLost(folder, async () => open(), randomRuns);
    },
  );

  test(
    'a service that stops before any request of a push leaves the old version or the new one, and the next push works',
    {
      timeout: 240_000,
    },
    async () => {
      let at = Infinity;
      let lines: string[] = [];
      const remote = open({}, service.keys, async (line) => {
        lines.push(line.replace(/ .*\/(?=vault|history)/u, ' ').replace(/history\/.*/u, 'history/*'));
        if (lines.length === at) await service.stop();
      });
      const machine = makeMachine(folder, remote);
      machine.edit();
      await runPush(machine.ports, 'loop', signal);
      lines = [];
      machine.edit();
      await runPush(machine.ports, 'loop', signal);
      const steps = lines;
      expect(steps).toEqual([
        'HEAD vault.tar.aes',
        'HEAD vault.tar.aes',
        expect.stringMatching(/^PUT vault-.*tar\.aes$/u),
        expect.stringMatching(/^GET vault-.*tar\.aes$/u),
        'PUT vault.tar.aes',
        expect.stringMatching(/^LIST /u),
      ]);
      for (let step = 1; step <= steps.length; step += 1) {
        const before = machine.content();
        machine.edit();
        const after = machine.content();
        [lines, at] = [[], step];
        await expect(runPush(machine.ports, 'loop', signal)).rejects.toMatchObject({
          failure: { code: 'sync-unreachable' },
        });
        at = Infinity;
        await service.start();
        const latest = await remote.readLatest(signal);
        expect(latest?.vault.contentHash, `stopped before ${steps[step - 1]}`).toBe(
          step === steps.length ? after : before,
        );
        expect(latest?.vault.bytes).toHaveLength(1000);
        expect((await runPush(machine.ports, 'loop', signal)).type).toBe(step === steps.length ? 'agreed' : 'pushed');
        expect((await remote.readLatest(signal))?.vault.contentHash).toBe(after);
      }
    },
  );

  describe('a project with a vault', () => {
    const requests: string[] = [];
    let keys: StaticKeys;
    let one: Installation;
    beforeAll(async () => {
      ({ keys } = service);
      const prefix = `tazpod/projects/${randomBytes(4).toString('hex')}`;
      one = await openInstallation(folder, `sync: { remote: { type: s3, bucket: ${bucket} } }\n`, newTestKey(), {
        open: async ({ shown }) => {
          const place = { bucket, endpoint: service.endpoint, region: null, profile: null, isPathStyle: true };
          const store = watchStore(
            openBucket(place, keys),
            (line) => void requests.push(line.replace(`${prefix}/`, '')),
          );
          return openS3Remote(store, { shown, prefix, nowMs: makeClock() });
        },
      });
    });
    afterAll(async () => await one.syncs.stop());

    test('unchanged it is one HEAD; changed, the history comes before the latest', async () => {
      await one.save('one');
      expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
      requests.length = 0;
      await one.run({ type: 'syncNow' });
      expect(requests).toEqual(['HEAD vault.tar.aes']);
      await one.save('two');
      requests.length = 0;
      await one.run({ type: 'syncNow' });
      const writes = requests.filter((line) => line.startsWith('PUT'));
      expect(writes).toEqual([expect.stringMatching(/^PUT history\/vault-/u), 'PUT vault.tar.aes']);
    });

    test('any version is brought back as it was', async () => {
      for (const content of ['three', 'four', 'five']) {
        await one.save(content);
        await one.run({ type: 'syncNow' });
      }
      await one.run({ type: 'listHistory' });
      const found: (string | null)[] = [];
      for (const { name } of one.project().sync.history?.versions ?? []) {
        expect((await one.run({ type: 'restoreVersion', name })).outcome).toBe('done');
        found.push(await one.content());
      }
      expect(found).toEqual(['five', 'four', 'three', 'two', 'one']);
      expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
    });

    test('while the service is away saves go on, and it is pushed when the service is back', async () => {
      await service.stop();
      try {
        await one.save('while away');
        expect((await one.run({ type: 'syncNow' })).failure?.code).toBe('sync-unreachable');
        expect(await one.content()).toBe('while away');
      } finally {
        await service.start();
      }
      expect((await one.run({ type: 'syncNow' })).outcome).toBe('done');
      expect(one.project().sync.failure).toBe(null);
    });
  });
});
