import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseImage } from './docker/base-image.ts';
import { buildImage } from './docker/build-image.ts';
import { readProgress } from './docker/json-lines.ts';
import { openEngineFixture, type EngineFixture, type Outcome } from './testing/engine-fixture.ts';
import { needsRegistry, startRegistry, type TestRegistry } from './testing/registry.ts';

/** Random moments per kind of work, spread over how long it takes undisturbed. */
const moments = 16;
/** A build with its start takes seconds. */
const buildMoments = 10;
const label = `tazpod-cancel=${process.pid}`;
const tag = `tazpod-test/cancelled-${process.pid}:latest`;

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => {
  await fixture.close();
  // What the engine's builder kept of cancelled builds for the next one, under no name.
  await fixture.client.pruneImages({ filters: { label: [label], dangling: ['true'] } });
});

/** How long work takes when nobody disturbs it, in milliseconds. */
async function lengthOf(work: () => Promise<unknown>): Promise<number> {
  const beganAt = performance.now();
  await work();
  return performance.now() - beganAt;
}

const operations = () => {
  const { projects, operations: global } = fixture.engine.snapshot();
  return [...global, ...projects.flatMap((project) => project.operations)];
};

/** Begins the work, cancels it at a random moment of its length, and gives how it ended. */
async function cancelAtRandom(begin: () => Promise<Outcome>, lengthMs: number): Promise<Outcome> {
  const ending = begin();
  // A moment is what this is about: there is no event that marks it.
  await delay(Math.random() * lengthMs);
  const [operation] = operations();
  // Refused where it has just ended, or is past the point of return: then it ends by itself.
  if (operation !== undefined) await fixture.run({ type: 'cancelOperation', operationId: operation.id });
  return ending;
}

/** Layers of the image with a name; 0 where there is none. */
async function layersOf(name: string): Promise<number> {
  const images = await fixture.client.listImages();
  const found = images.find(({ RepoTags }) => RepoTags?.includes(name) === true);
  if (found === undefined) return 0;
  const { RootFS: root } = await fixture.client.getImage(found.Id).inspect();
  return root.Layers?.length ?? 0;
}

/** Containers of the engine's builder have the labels of the image so far; it removes them a moment after the cancelled request. */
async function expectNoContainers(): Promise<void> {
  const deadlineMs = Date.now() + 15_000;
  for (;;) {
    const left = await fixture.client.listContainers({ all: true, filters: { label: [label] } });
    if (left.length === 0) return;
    if (Date.now() > deadlineMs) expect(left.map(({ Command, State }) => [Command, State])).toEqual([]);
    await delay(50);
  }
}

test(`a build with its start, cancelled at ${buildMoments} random moments, leaves no container, no half image and nothing under way`, async () => {
  const folder = await fixture.folder('built', `image: ${tag}\nbuild: { dockerfile: Dockerfile, context: . }\n`);
  const projectId = await fixture.trusted(folder);
  const write = async (): Promise<void> => {
    const steps = Array.from(
      { length: 4 },
      (_, at) => `RUN sleep 0.1; echo ${randomBytes(8).toString('hex')} > /tmp/step-${at}`,
    );
    await writeFile(path.join(folder, 'Dockerfile'), [`FROM ${baseImage}`, `LABEL ${label}`, ...steps, ''].join('\n'));
  };
  const begin = async (): Promise<Outcome> => fixture.run({ type: 'startProject', projectId });
  const clean = async (): Promise<void> => {
    await fixture.run({ type: 'stopProject', projectId });
    if ((await layersOf(tag)) > 0) await fixture.client.getImage(tag).remove({ force: true });
    await write();
  };
  await clean();
  const lengthMs = await lengthOf(async () => expect(await begin()).toMatchObject({ ok: true }));
  const whole = await layersOf(tag);
  let cancelled = 0;
  for (let moment = 0; moment < buildMoments; moment++) {
    await clean();
    const outcome = await cancelAtRandom(begin, lengthMs);
    expect(operations()).toEqual([]);
    if (outcome.ok) {
      expect(fixture.project(projectId).container.status).toBe('running');
      continue;
    }
    expect(outcome.failure.code).toBe('cancelled');
    cancelled += 1;
    expect(fixture.project(projectId)).toMatchObject({ container: { status: 'missing' }, failure: null });
    await expectNoContainers();
    // Built whole, and cancelled on the way to the container, or not at all.
    expect([0, whole]).toContain(await layersOf(tag));
  }
  expect(cancelled).toBeGreaterThan(buildMoments / 3);
  await clean();
  expect(await begin()).toMatchObject({ ok: true });
  await clean();
}, 240_000);

describe.skipIf(needsRegistry !== '')(`a pull${needsRegistry}`, () => {
  let registry: TestRegistry;
  let image: string;
  beforeAll(async () => {
    registry = await startRegistry(null);
    image = `${registry.host}/team/cancelled:1`;
    const direct = `${registry.directHost}/team/cancelled:1`;
    const context = await mkdtemp(path.join(tmpdir(), 'tazpod-cancel-'));
    for (const name of ['a', 'b', 'c']) await writeFile(path.join(context, name), randomBytes(1024 * 1024));
    await writeFile(path.join(context, 'Dockerfile'), `FROM scratch\nCOPY a /\nCOPY b /\nCOPY c /\nLABEL ${label}\n`);
    const build = { dockerfile: 'Dockerfile', context: '.' };
    const work = { signal: new AbortController().signal, progress: () => undefined };
    await buildImage(fixture.client, { folder: context, build, tag: direct, pull: false }, work);
    expect(
      await readProgress((await fixture.client.getImage(direct).push({ authconfig: {} })) as Readable, () => undefined),
    ).toBeNull();
    await fixture.client.getImage(direct).remove({ force: true });
    await rm(context, { recursive: true });
  });
  afterAll(async () => registry.close());

  test(`cancelled at ${moments} random moments leaves no half image under its name and nothing under way; the next one works`, async () => {
    registry.setBytesPerSecond(4 * 1024 * 1024);
    const begin = async (): Promise<Outcome> => fixture.run({ type: 'pullImage', image });
    const remove = async (): Promise<void> => {
      if ((await layersOf(image)) > 0) await fixture.client.getImage(image).remove({ force: true });
    };
    const lengthMs = await lengthOf(async () => expect(await begin()).toMatchObject({ ok: true }));
    const whole = await layersOf(image);
    expect(whole).toBe(3);
    let cancelled = 0;
    for (let moment = 0; moment < moments; moment++) {
      await remove();
      const outcome = await cancelAtRandom(begin, lengthMs);
      expect(operations()).toEqual([]);
      if (!outcome.ok) expect(outcome.failure.code).toBe('cancelled');
      cancelled += outcome.ok ? 0 : 1;
      // The engine names it once it is whole: one cancelled in that very moment may be there.
      expect(outcome.ok ? [whole] : [0, whole]).toContain(await layersOf(image));
      await expectNoContainers();
    }
    expect(cancelled).toBeGreaterThan(moments / 3);
    await remove();
    expect(await begin()).toMatchObject({ ok: true });
    await remove();
  }, 120_000);
});
