import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseImage } from '../../main/engine/docker/base-image.ts';
import type { ObjectStore } from '../../main/engine/sync/remotes/object-store.ts';
import { createBucket, openBucket } from '../../main/engine/sync/remotes/s3-client.ts';
import { hasPython, pythonMember, runPythonVault, whyNoPython } from '../../main/engine/testing/python-vault.ts';
import { needsRadosgw, startRadosgw, type TestRadosgw } from '../../main/engine/testing/radosgw.ts';
import type { CliEnd } from '../fixtures/cli-process.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';

/** The Go tool's place, config and file, with its S3 service a real one and its vault of another implementation. */
const passphrase = 'a passphrase of two tools';
const key = 'tazpod/vault/vault.tar.aes';
const never = new AbortController().signal;

describe.skipIf(needsRadosgw !== '' || !hasPython)(`the place of the Go tool${needsRadosgw}${whyNoPython}`, () => {
  let service: TestRadosgw;
  let store: ObjectStore;
  let profile: CliProfile;
  let folder: string;

  beforeAll(async () => {
    service = await startRadosgw();
    const { endpoint, keys } = service;
    const bucket = { bucket: 'vaults', endpoint, region: null, profile: null, isPathStyle: true };
    await createBucket(bucket, keys, never);
    store = openBucket(bucket, keys);
    profile = await openCliProfile({
      environment: {
        // That tool's config can name no endpoint.
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      },
    });
    folder = await profile.folder('shared');
    await mkdir(path.join(folder, '.tazpod'));
    const config = `image: ${baseImage}\naws_sso: { bucket: vaults, region: us-east-1 }\nsync: { prefix: tazpod/vault }\n`;
    await writeFile(path.join(folder, '.tazpod/config.yaml'), config);
  });
  afterAll(async () => {
    await profile.close();
    await service.close();
  });

  const run = async (...words: readonly string[]): Promise<CliEnd> => {
    const end = await profile.run([...words, folder], { input: `${passphrase}\n` });
    expectCode(end, 0);
    return end;
  };
  const inside = async (script: string): Promise<string> => {
    const end = await profile.run(['enter', folder, '--', 'sh', '-c', script]);
    expectCode(end, 0);
    return end.stdout;
  };

  test('a vault is pulled from there, unlocked, and pushed back in the same layout', async () => {
    const file = path.join(profile.root, 'vault.tar.aes');
    runPythonVault('make', file, passphrase);
    await store.put(key, { bytes: await readFile(file), metadata: {} }, { kind: 'none' }, never);

    await run('up', '--trust');
    await run('pull');
    expect(await readFile(path.join(folder, '.tazpod/vault/vault.tar.aes'))).toEqual(await readFile(file));
    await run('unlock', '--passphrase-stdin');
    expect(await inside(`cat ~/secrets/${pythonMember.path}`)).toBe(pythonMember.text);
    await inside('umask 077; printf %s "from here" > ~/secrets/note');
    await run('push');

    const objects = (await store.list('', never)).map((object) => object.key).toSorted();
    expect(objects).toEqual([
      expect.stringMatching(/^tazpod\/vault\/history\/vault-\d{8}T\d{6}(?:-\d+)?\.tar\.aes$/u),
      key,
    ]);
    for (const one of objects) {
      const found = await store.get(one, never);
      expect(found?.object.metadata).toMatchObject({
        'content-sha256': expect.stringMatching(/^[0-9a-f]{64}$/u),
        'vault-id': expect.any(String),
      });
      await writeFile(file, found?.bytes ?? '');
      const held = runPythonVault('open', file, passphrase);
      expect(held).toContain(pythonMember.text);
      expect(held).toMatch(/note 0o600 from here/u);
    }
    await run('lock', '--end-holders');
    await run('down');
  });
});
