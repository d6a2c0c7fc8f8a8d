import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Operation, Snapshot } from '../../preload/contract/snapshot.ts';
import { baseImage } from './docker/base-image.ts';
import { buildImage } from './docker/build-image.ts';
import { readProgress } from './docker/json-lines.ts';
import { openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';
import { needsRegistry, startRegistry, type TestRegistry } from './testing/registry.ts';

const login = { user: 'mira', password: 'correct horse' };
const layers = 4;
const layerBytes = 2 * 1024 * 1024;

let fixture: EngineFixture;
let dockerConfig: string;
let plain: TestRegistry;
let guarded: TestRegistry;
const tags = new Set<string>();

beforeAll(async () => {
  if (needsRegistry !== '') return;
  dockerConfig = await mkdtemp(path.join(tmpdir(), 'tazpod-docker-config-'));
  fixture = await openEngineFixture({ environment: { ...process.env, DOCKER_CONFIG: dockerConfig } });
  plain = await startRegistry(null);
  guarded = await startRegistry(login);
  await push(plain, 'team/app', {});
  await push(guarded, 'team/app', { username: login.user, password: login.password });
});
afterAll(async () => {
  if (needsRegistry !== '') return;
  for (const tag of tags)
    await fixture.client
      .getImage(tag)
      .remove({ force: true })
      .catch(() => undefined);
  await fixture.close();
  await plain.close();
  await guarded.close();
  await rm(dockerConfig, { recursive: true });
});

/** Puts an image of several layers that nothing can shrink into a registry, and takes it from the engine. */
async function push(registry: TestRegistry, name: string, authconfig: object): Promise<void> {
  const context = await mkdtemp(path.join(tmpdir(), 'tazpod-push-'));
  const files = Array.from({ length: layers }, (_, at) => `layer-${at}`);
  for (const file of files) await writeFile(path.join(context, file), randomBytes(layerBytes));
  const lines = files.map((file) => `COPY ${file} /${file}`);
  await writeFile(path.join(context, 'Dockerfile'), ['FROM scratch', ...lines, 'LABEL tazpod-test=1', ''].join('\n'));
  const tag = `${registry.directHost}/${name}:1`;
  const build = { dockerfile: 'Dockerfile', context: '.' };
  const work = { signal: new AbortController().signal, progress: () => undefined };
  await buildImage(fixture.client, { folder: context, build, tag, pull: false }, work);
  const stream = (await fixture.client.getImage(tag).push({ authconfig })) as Readable;
  expect(await readProgress(stream, () => undefined)).toBe(null);
  await fixture.client.getImage(tag).remove({ force: true });
  await rm(context, { recursive: true });
}

const pullOf = ({ operations }: Snapshot): Operation | undefined =>
  operations.find(({ kind }) => kind === 'pull-image');

async function hasImage(tag: string): Promise<boolean> {
  const images = await fixture.client.listImages();
  return images.some(({ RepoTags }) => RepoTags?.includes(tag) === true);
}

/** No container, no half image under the name, no operation left; and the next pull works. */
async function expectNothingLeft(tag: string): Promise<void> {
  expect(fixture.engine.snapshot().operations).toEqual([]);
  expect(await hasImage(tag)).toBe(false);
  expect(await fixture.client.listContainers({ all: true, filters: { ancestor: [tag] } })).toEqual([]);
}

async function pullAndRemove(tag: string): Promise<void> {
  tags.add(tag);
  expect(await fixture.run({ type: 'pullImage', image: tag })).toMatchObject({ ok: true });
  expect(await hasImage(tag)).toBe(true);
  await fixture.client.getImage(tag).remove({ force: true });
}

describe.skipIf(needsRegistry !== '')(`a pull from a real registry${needsRegistry}`, () => {
  test('tells layers and bytes while it runs, and ends with the image', async () => {
    plain.setBytesPerSecond(4 * layerBytes);
    const seen: Operation[] = [];
    const stop = fixture.engine.subscribe((snapshot) => {
      const pull = pullOf(snapshot);
      if (pull !== undefined) seen.push(pull);
    });
    await pullAndRemove(`${plain.host}/team/app:1`);
    stop();
    plain.setBytesPerSecond(Infinity);
    const progress = seen.flatMap((one) => (one.progress === null ? [] : [one.progress]));
    expect(progress.some(({ detail }) => /^\d of 4 layers$/u.test(detail))).toBe(true);
    const bytes = progress.map(({ doneBytes }) => doneBytes);
    expect(bytes.some((one) => one > 0 && one < layers * layerBytes)).toBe(true);
    expect(bytes.every((one) => one <= layers * (layerBytes + 4096))).toBe(true);
  });

  test('of a tag that is not there says so', async () => {
    const tag = `${plain.host}/team/app:2`;
    const outcome = await fixture.run({ type: 'pullImage', image: tag });
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'image-missing' } });
    expect(outcome.ok ? '' : outcome.failure.message).toContain('manifest');
    await expectNothingLeft(tag);
  });

  test.for([0, 0.1, 0.5, 0.9])(
    'cancelled after %f of its bytes leaves nothing, and the next one works',
    async (share) => {
      const tag = `${plain.host}/team/app:1`;
      plain.setBytesPerSecond(layerBytes);
      const ending = fixture.run({ type: 'pullImage', image: tag });
      const reached = await fixture.waitFor((snapshot) => {
        const pull = pullOf(snapshot);
        if (pull?.cancellable !== true) return false;
        return share === 0 || (pull.progress?.doneBytes ?? 0) >= share * layers * layerBytes;
      }, `${share} of the pull`);
      await fixture.run({ type: 'cancelOperation', operationId: pullOf(reached)?.id ?? '' });
      expect(await ending).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
      await expectNothingLeft(tag);
      plain.setBytesPerSecond(Infinity);
      await pullAndRemove(tag);
    },
  );

  test('whose registry goes away in the middle can be cancelled, and works once it is back', async () => {
    const tag = `${plain.host}/team/app:1`;
    plain.setBytesPerSecond(layerBytes);
    const ending = fixture.run({ type: 'pullImage', image: tag });
    await fixture.waitFor((one) => (pullOf(one)?.progress?.doneBytes ?? 0) > layerBytes / 2, 'the first bytes');
    plain.shut();
    const waiting = await fixture.waitFor(
      (one) => pullOf(one)?.progress?.detail.includes('trying again') === true,
      'the word that the engine tries again',
    );
    await fixture.run({ type: 'cancelOperation', operationId: pullOf(waiting)?.id ?? '' });
    expect(await ending).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    await expectNothingLeft(tag);
    plain.open();
    plain.setBytesPerSecond(Infinity);
    await pullAndRemove(tag);
  });

  test('that is cancelled in the middle of a start leaves no container', async () => {
    const tag = `${plain.host}/team/app:1`;
    const projectId = await fixture.trusted(await fixture.folder('pulls', `image: ${tag}\n`));
    plain.setBytesPerSecond(layerBytes);
    const ending = fixture.run({ type: 'startProject', projectId });
    await fixture.waitFor(
      () => (fixture.project(projectId).operations[0]?.progress?.doneBytes ?? 0) > 0,
      'the first bytes',
    );
    const [operation] = fixture.project(projectId).operations;
    await fixture.run({ type: 'cancelOperation', operationId: operation?.id ?? '' });
    expect(await ending).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    plain.setBytesPerSecond(Infinity);
    expect(fixture.project(projectId)).toMatchObject({ operations: [], container: { status: 'missing' } });
    await expectNothingLeft(tag);
  });
});

describe.skipIf(needsRegistry !== '')(`a private registry${needsRegistry}`, () => {
  const auth = (password: string) => ({
    auths: { [guarded.host]: { auth: Buffer.from(`${login.user}:${password}`).toString('base64') } },
  });
  const writeConfig = async (config: object): Promise<void> =>
    writeFile(path.join(dockerConfig, 'config.json'), JSON.stringify(config));

  test.for(['none', 'wrong'])('refuses with the way to log in: login %s', async (kind) => {
    await writeConfig(kind === 'none' ? {} : auth('wrong horse'));
    const tag = `${guarded.host}/team/app:1`;
    const outcome = await fixture.run({ type: 'pullImage', image: tag });
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'registry-refused' } });
    expect(outcome.ok ? '' : outcome.failure.nextStep).toContain(`docker login ${guarded.host}`);
    await expectNothingLeft(tag);
  });

  test('gives the image to the login that docker keeps, which shows nowhere', async () => {
    await writeConfig(auth(login.password));
    await pullAndRemove(`${guarded.host}/team/app:1`);
    const told = JSON.stringify([fixture.engine.snapshot(), fixture.logLines]);
    expect(told).not.toContain(login.password);
    expect(told).not.toContain(Buffer.from(`${login.user}:${login.password}`).toString('base64'));
  });

  test('gives the image to the login of a credential helper', async () => {
    const bin = path.join(dockerConfig, 'bin');
    await mkdir(bin);
    const answer = JSON.stringify({ ServerURL: guarded.host, Username: login.user, Secret: login.password });
    const script = `#!/bin/sh\n[ "$(cat)" = "${guarded.host}" ] && echo '${answer}'\n`;
    await writeFile(path.join(bin, 'docker-credential-test'), script, { mode: 0o755 });
    await writeConfig({ credHelpers: { [guarded.host]: 'test' } });
    const environment = { ...process.env, DOCKER_CONFIG: dockerConfig, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const other = await openEngineFixture({ environment });
    try {
      const tag = `${guarded.host}/team/app:1`;
      expect(await other.run({ type: 'pullImage', image: tag })).toMatchObject({ ok: true });
      await other.client.getImage(tag).remove({ force: true });
    } finally {
      await other.close();
    }
  });
});

describe.skipIf(needsRegistry !== '')(`a build from a base image in a private registry${needsRegistry}`, () => {
  const auths = (password: string) => ({
    [guarded.host]: { auth: Buffer.from(`${login.user}:${password}`).toString('base64') },
    'other.example.com': { auth: Buffer.from('other:never').toString('base64') },
  });
  let count = 0;

  /** Builds a project's image through a start; the image has no shell, so no container stays. */
  async function build(of: EngineFixture, first: string): Promise<{ readonly code: string; readonly tag: string }> {
    count += 1;
    const tag = `tazpod-test/built-${process.pid}-${count}:latest`;
    tags.add(tag);
    const folder = await of.folder(`built-${count}`, `image: ${tag}\nbuild: { dockerfile: Dockerfile, context: . }\n`);
    await writeFile(path.join(folder, 'Dockerfile'), `${first}\nLABEL built=${count}\n`);
    const projectId = await of.trusted(folder);
    const outcome = await of.run({ type: 'startProject', projectId });
    return { code: outcome.ok ? 'ok' : outcome.failure.code, tag };
  }
  const from = (): string => `ARG REGISTRY=${guarded.host}\nFROM \${REGISTRY}/team/app:1`;
  afterEach(async () => {
    await fixture.client
      .getImage(`${guarded.host}/team/app:1`)
      .remove({ force: true })
      .catch(() => undefined);
  });

  test.for(['none', 'wrong'])('is refused with the way to log in: login %s', async (kind) => {
    const config = kind === 'none' ? {} : { auths: auths('wrong horse') };
    await writeFile(path.join(dockerConfig, 'config.json'), JSON.stringify(config));
    const { code, tag } = await build(fixture, from());
    expect(code).toBe('registry-refused');
    expect(await hasImage(tag)).toBe(false);
  });

  test('gets it with the login that docker keeps, which shows nowhere', async () => {
    await writeFile(path.join(dockerConfig, 'config.json'), JSON.stringify({ auths: auths(login.password) }));
    const { code, tag } = await build(fixture, from());
    // Built; what it lacks is a shell.
    expect(code).toBe('image-unsuitable');
    expect(await hasImage(tag)).toBe(true);
    const told = JSON.stringify([fixture.engine.snapshot(), fixture.logLines]);
    expect(told).not.toContain(login.password);
    expect(told).not.toContain(auths(login.password)[guarded.host]?.auth ?? login.password);
  });

  test('gets it with the login of a credential helper, which is asked for that registry alone', async () => {
    const bin = await mkdtemp(path.join(tmpdir(), 'tazpod-helper-'));
    const asked = path.join(bin, 'asked');
    const answer = JSON.stringify({ ServerURL: guarded.host, Username: login.user, Secret: login.password });
    const script = `#!/bin/sh\ntee -a ${asked} >/dev/null; echo >> ${asked}; echo '${answer}'\n`;
    await writeFile(path.join(bin, 'docker-credential-build'), script, { mode: 0o755 });
    const config = { credHelpers: { [guarded.host]: 'build', 'other.example.com': 'build' } };
    await writeFile(path.join(dockerConfig, 'config.json'), JSON.stringify(config));
    const environment = { ...process.env, DOCKER_CONFIG: dockerConfig, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    const other = await openEngineFixture({ environment });
    try {
      const { code, tag } = await build(other, `${from()} AS one\nFROM one\nCOPY --from=one /layer-0 /again`);
      expect(code).toBe('image-unsuitable');
      expect(await hasImage(tag)).toBe(true);
      expect((await readFile(asked, 'utf8')).trim()).toBe(guarded.host);
    } finally {
      await other.close();
      await rm(bin, { recursive: true });
    }
  });
});

test('rebuild without --pull builds from the local base, with it asks for a newer one', async () => {
  const own = await openEngineFixture();
  const tag = `tazpod-test/rebuilt-${process.pid}:latest`;
  try {
    const folder = await own.folder('rebuilt', `image: ${tag}\nbuild: { dockerfile: Dockerfile, context: . }\n`);
    await writeFile(path.join(folder, 'Dockerfile'), `FROM ${baseImage}\nENV BUILT=1\n`);
    const projectId = await own.trusted(folder);
    expect(await own.run({ type: 'rebuildProject', projectId })).toMatchObject({ ok: true });
    // The base image is on no registry: looking for a newer one fails, and the container stays.
    expect(await own.run({ type: 'rebuildProject', projectId, pull: true })).toMatchObject({
      ok: false,
      failure: { code: 'image-build-failed' },
    });
    expect(own.project(projectId).container).toMatchObject({ status: 'running' });
  } finally {
    await own.run({ type: 'stopProject', projectId: own.engine.snapshot().projects[0]?.id ?? '' });
    await own.client.getImage(tag).remove({ force: true });
    await own.close();
  }
});
