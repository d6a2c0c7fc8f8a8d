import { chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { baseImage } from './docker/base-image.ts';
import { buildImage } from './docker/build-image.ts';
import { historyFolder } from './docker/volumes.ts';
import { openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

const tag = `tazpod-test/moves-${process.pid}:latest`;
const other = `tazpod-test/other-${process.pid}:latest`;

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
  await build(tag, 1);
  await build(other, 2);
});
afterAll(async () => {
  await fixture.close();
  for (const one of [tag, other]) await fixture.client.getImage(one).remove({ force: true });
});

async function build(name: string, number: number): Promise<void> {
  const context = await mkdtemp(path.join(tmpdir(), 'tazpod-moves-'));
  await writeFile(path.join(context, 'Dockerfile'), `FROM ${baseImage}\nENV NUMBER=${number}\n`);
  const request = { dockerfile: 'Dockerfile', context: '.' };
  const work = { signal: new AbortController().signal, progress: () => undefined };
  await buildImage(fixture.client, { folder: context, build: request, tag: name, pull: false }, work);
  await rm(context, { recursive: true });
}

test('a tag that names another image is told, also by the next host process, until a rebuild uses it', async () => {
  const projectId = await fixture.trusted(await fixture.folder('moves', `image: ${tag}\ncaches: [~/.npm]\n`));
  onTestFinished(async () => fixture.down(projectId));
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  expect(fixture.project(projectId).imageChange).toBeNull();
  const change = () => fixture.project(projectId).imageChange;

  await build(tag, 3);
  await fixture.waitFor(() => change() !== null, 'the word that the tag names another image');
  expect(change()).toMatchObject({ image: tag });
  expect(change()?.before).not.toBe(change()?.after);
  expect(fixture.project(projectId)).toMatchObject({ drift: [], container: { image: tag } });

  const next = await openEngineFixture({ stateFolder: fixture.stateFolder });
  onTestFinished(async () => next.leave());
  await next.waitFor(() => next.project(projectId).imageChange !== null, 'the same from a list alone');
  expect(next.project(projectId)).toMatchObject({ imageChange: change(), container: { image: tag } });

  expect(await fixture.run({ type: 'rebuildProject', projectId })).toMatchObject({ ok: true });
  await fixture.waitFor(() => change() === null, 'the end of the notice');
  expect(await fixture.inside(projectId, 'echo $NUMBER')).toBe('0 3');
});

test('volumes show while they are there, whoever removes them, and what the config no longer names', async () => {
  const folder = await fixture.folder('keeps', `image: ${tag}\ncaches: [~/.npm]\n`);
  const projectId = await fixture.trusted(folder);
  const volumes = () => fixture.project(projectId).volumes;
  expect(volumes()).toEqual([]);
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  await fixture.waitFor(() => volumes().length === 2, 'history and cache');
  expect(volumes().map(({ path: inner, kind, inConfig }) => [inner, kind, inConfig])).toEqual(
    expect.arrayContaining([
      [historyFolder, 'history', true],
      ['/home/tazpod/.npm', 'cache', true],
    ]),
  );
  await fixture.down(projectId);
  expect(volumes()).toHaveLength(2);
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), `image: ${tag}\n`);
  await fixture.run({ type: 'refreshProjects' });
  const left = volumes().find(({ inConfig }) => !inConfig);
  expect(left).toMatchObject({ kind: 'cache', path: '/home/tazpod/.npm' });
  await fixture.client.getVolume(left?.name ?? '').remove();
  await fixture.waitFor(() => volumes().length === 1, 'the end of the volume');
});

test('another image is written into the config, its owner and all else kept, and asks for trust again', async () => {
  const text = `# what this is made from\nimage: ${tag} # today's\nports: []\n`;
  const folder = await fixture.folder('changes', text);
  const file = path.join(folder, '.tazpod', 'config.yaml');
  if (process.getuid?.() === 0) await chown(file, 1234, 1234);
  const { uid, mode } = await stat(file);
  const projectId = await fixture.trusted(folder);
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  onTestFinished(async () => fixture.down(projectId));
  expect(await fixture.run({ type: 'changeImage', projectId, image: other })).toMatchObject({ ok: true });
  expect(await readFile(file, 'utf8')).toBe(text.replace(tag, other));
  expect(await stat(file)).toMatchObject({ uid, mode });
  expect(fixture.project(projectId)).toMatchObject({
    config: { image: other },
    container: { status: 'running', image: tag },
    trust: { status: 'untrusted', trustedBefore: true },
    drift: [{ key: 'image', before: tag, after: other }],
  });
  expect(await fixture.run({ type: 'changeImage', projectId, image: 'No Image' })).toMatchObject({
    ok: false,
    failure: { code: 'invalid-command' },
  });
});

test('a config that builds its image refuses another name for it', async () => {
  const text = `image: ${other}\nbuild: { dockerfile: Dockerfile, context: . }\n`;
  const folder = await fixture.folder('builds', text);
  const projectId = await fixture.trusted(folder);
  const outcome = await fixture.run({ type: 'changeImage', projectId, image: baseImage });
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'image-is-built' } });
  expect(await readFile(path.join(folder, '.tazpod', 'config.yaml'), 'utf8')).toBe(text);
});
