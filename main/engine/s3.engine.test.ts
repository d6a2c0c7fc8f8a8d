import { createHash, randomBytes } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBucket, type S3Place, type StaticKeys } from './sync/remotes/s3-client.ts';
import { openS3Remote } from './sync/remotes/s3.ts';
import { describeRemote, makeClock, makeVault, pushOver, signal } from './sync/testing/remote-cases.ts';
import type { Remote } from './sync/remote.ts';
import { needsRadosgw, startRadosgw, type TestRadosgw } from './testing/radosgw.ts';

const bucket = 'vaults';
let service: TestRadosgw;

beforeAll(async () => {
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
  if (needsRadosgw === '') await service.close();
});

function open(place: Partial<S3Place> = {}, keys: StaticKeys = service.keys): Remote {
  const whole = { bucket, endpoint: service.endpoint, region: null, profile: null, isPathStyle: true, ...place };
  const prefix = `tazpod/projects/${createHash('md5').update(randomBytes(8)).digest('hex')}`;
  return openS3Remote(openBucket(whole, keys), { shown: `s3://${bucket}`, prefix, nowMs: makeClock() });
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
});
