import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openFakeObjectStore, type FakeConditions, type FakeObjectStore } from '../testing/fake-object-store.ts';
import { describeRemote, makeClock, makeVault, pushOver, signal } from '../testing/remote-cases.ts';
import { assertEndpoint, refuseMetadata } from './address.ts';
import { openBucket } from './s3-client.ts';
import { openS3Remote } from './s3.ts';
import type { Remote } from '../remote.ts';

const prefix = 'tazpod/projects/x';
function open(conditions: FakeConditions): { readonly store: FakeObjectStore; readonly remote: Remote } {
  const nowMs = makeClock();
  const store = openFakeObjectStore(conditions, nowMs);
  return { store, remote: openS3Remote(store, { shown: 's3://fake', prefix, nowMs }) };
}

for (const conditions of ['both', 'quoted', 'unquoted', 'ignored'] as const) {
  describeRemote(`S3 on an in-memory fake, If-Match: ${conditions}`, async () => open(conditions).remote);
}

describe('S3 on an in-memory fake', () => {
  test.each(['both', 'quoted', 'unquoted'] as const)(
    'one of 20 pushes at once wins, If-Match: %s',
    async (conditions) => {
      const { remote } = open(conditions);
      const etag = await pushOver(remote, makeVault());
      const pushes = Array.from(
        { length: 20 },
        async () => await remote.push(makeVault(), { kind: 'match', etag }, signal),
      );
      expect((await Promise.all(pushes)).filter((version) => version !== null)).toHaveLength(1);
      expect(await remote.byHandReason(signal)).toBe(null);
    },
  );

  test('a service that ignores the conditions is pushed to by hand only, and the reason says so', async () => {
    expect(await open('ignored').remote.byHandReason(signal)).toBe('the service ignores If-None-Match');
  });

  test('history comes before the latest, both are there, and the probe leaves nothing', async () => {
    const { store, remote } = open('both');
    await pushOver(remote, makeVault());
    const writes = store.requests.filter((line) => line.startsWith('PUT') && !line.includes('/probe-'));
    const copy = store.keys()[0] ?? '';
    expect(copy).toMatch(/^tazpod\/projects\/x\/history\/vault-20260102T0304\d\d\.tar\.aes$/);
    expect(writes).toEqual([`PUT ${copy}`, `PUT ${prefix}/vault.tar.aes`]);
    expect(store.keys()).toEqual([copy, `${prefix}/vault.tar.aes`]);
  });

  test('a look is one HEAD', async () => {
    const { store, remote } = open('both');
    await remote.head(signal);
    expect(store.requests).toEqual([`HEAD ${prefix}/vault.tar.aes`]);
  });

  test('a copy that did not arrive whole keeps the latest where it is', async () => {
    const { store, remote } = open('both');
    const vault = makeVault();
    await pushOver(remote, vault);
    store.damage('.tar.aes');
    await expect(pushOver(remote, makeVault())).rejects.toMatchObject({ failure: { code: 'sync-copy-damaged' } });
    expect((await remote.readLatest(signal))?.vault).toEqual(vault);
  });

  test('a push whose answer was lost, and which was sent again, is ours', async () => {
    const { store, remote } = open('both');
    await pushOver(remote, makeVault());
    const vault = makeVault();
    store.loseAnswerOf('/vault.tar.aes');
    await pushOver(remote, vault);
    expect((await remote.readLatest(signal))?.vault).toEqual(vault);
  });

  test('copies of one second have names of their own', async () => {
    const store = openFakeObjectStore('both', () => 0);
    const remote = openS3Remote(store, { shown: 's3://fake', prefix, nowMs: () => 0 });
    for (const vault of [makeVault(), makeVault(), makeVault()]) await remote.keep(vault, signal);
    const names = (await remote.listHistory(signal)).map(({ name }) => name);
    expect(names).toEqual(['vault-19700101T000000-3', 'vault-19700101T000000-2', 'vault-19700101T000000']);
  });
});

describe('addresses', () => {
  test.each([
    'http://169.254.169.254/',
    'http://0xa9fea9fe/',
    'http://[fe80::1]:9000',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]',
    'http://100.100.100.200',
    'http://metadata.google.internal',
    'file:///etc/passwd',
    'nonsense',
  ])('%s is refused', (endpoint) => {
    const place = { bucket: 'b', endpoint, region: null, profile: null, isPathStyle: true };
    expect(() => openBucket(place, null)).toThrow(
      expect.objectContaining({ failure: expect.objectContaining({ code: 'sync-endpoint-refused' }) }),
    );
  });

  test.each(['http://127.0.0.1:9000', 'https://minio.example:9000', 'http://[::1]:9000', 'http://192.168.1.2'])(
    '%s is allowed',
    (endpoint) => {
      expect(() => assertEndpoint(endpoint)).not.toThrow();
    },
  );

  test.each(['169.254.169.254', 'fe80::1', 'fd00:ec2::254', '::ffff:169.254.169.254', '100.100.100.200', '0.0.0.0'])(
    'a name that leads to %s is refused before anything is connected',
    async (address) => {
      const asked: string[] = [];
      const lookup = refuseMetadata((hostname, options, callback) => {
        asked.push(hostname);
        const family = address.includes(':') ? 6 : 4;
        // A name with one harmless address beside the other.
        if (options.all === true)
          callback(null, [
            { address: '127.0.0.1', family: 4 },
            { address, family },
          ]);
        else callback(null, address, family);
      });
      const place = {
        bucket: 'b',
        endpoint: 'http://s3.evil.example:9',
        region: null,
        profile: null,
        isPathStyle: true,
      };
      const store = openBucket(place, { accessKeyId: 'a', secretAccessKey: 'b' }, lookup);
      await expect(store.head('x', signal)).rejects.toMatchObject({
        failure: { code: 'sync-endpoint-refused', message: expect.stringContaining('s3.evil.example') },
      });
      expect(asked).toEqual(['s3.evil.example']);
    },
  );

  test('a harmless name is looked up as Node does, and connected', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const place = { bucket: 'b', endpoint: `http://localhost:${port}`, region: null, profile: null, isPathStyle: true };
    const store = openBucket(place, { accessKeyId: 'a', secretAccessKey: 'b' });
    expect(await store.head('x', signal)).toBe(null);
    server.close();
  });

  test('what a service says of our keys is not repeated', async () => {
    const keys = { accessKeyId: 'AKIACANARY', secretAccessKey: 'canary-secret', sessionToken: 'canary-token' };
    const message = `no: ${Object.values(keys).join(' ')}`;
    const server = createServer((_request, response) => {
      response.writeHead(400).end(`<Error><Code>Odd</Code><Message>${message}</Message></Error>`);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const place = { bucket: 'b', endpoint: `http://localhost:${port}`, region: null, profile: null, isPathStyle: true };
    const store = openBucket(place, keys);
    await expect(store.get('x', signal)).rejects.toMatchObject({
      failure: { code: 'sync-refused', message: expect.stringContaining('no: *** *** ***') },
    });
    server.close();
  });
});
