import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseImage } from './docker/base-image.ts';
import { buildImage } from './docker/build-image.ts';
import { openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
const made: string[] = [];
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => {
  for (const tag of made) await fixture.client.getImage(tag).remove({ force: true });
  await fixture.close();
});

async function makeImage(name: string, dockerfile: string): Promise<string> {
  const tag = `tazpod-test/${name}-${process.pid}:latest`;
  const context = await mkdtemp(path.join(tmpdir(), 'tazpod-image-'));
  await writeFile(path.join(context, 'Dockerfile'), dockerfile);
  const build = { dockerfile: 'Dockerfile', context: '.' };
  await buildImage(
    fixture.client,
    { folder: context, build, tag, pull: false },
    { signal: new AbortController().signal, progress: () => undefined },
  );
  await rm(context, { recursive: true });
  made.push(tag);
  return tag;
}

async function up(name: string, image: string, more = '') {
  const projectId = await fixture.trusted(await fixture.folder(name, `image: ${image}\n${more}`));
  return { projectId, outcome: await fixture.run({ type: 'startProject', projectId }) };
}

describe('an image', () => {
  test('that is missing and can’t be pulled is an error that lists the local ones', async () => {
    const { projectId, outcome } = await up('no-image', '127.0.0.1:9/not/there:1');
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'image-missing' } });
    expect(outcome.ok ? '' : outcome.failure.nextStep).toContain(baseImage);
    expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
    expect(fixture.project(projectId).operations).toEqual([]);
  });

  test('whose entrypoint exits is an error with its last words, and leaves no container', async () => {
    const image = await makeImage(
      'exits',
      `FROM ${baseImage}\nENTRYPOINT ["sh","-c","echo no licence found; exit 41"]\n`,
    );
    const { projectId, outcome } = await up('exits', image);
    expect(outcome).toMatchObject({
      ok: false,
      failure: { code: 'container-exited', details: 'no licence found' },
    });
    expect(outcome.ok ? '' : outcome.failure.message).toContain('41');
    expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
  });

  test('whose entrypoint fails after a while tells so in the project’s failure', async () => {
    const image = await makeImage(
      'late',
      `FROM ${baseImage}\nENTRYPOINT ["sh","-c","sleep 1; echo too late; exit 42"]\n`,
    );
    const { projectId, outcome } = await up('late', image);
    expect(outcome).toMatchObject({ ok: true });
    await fixture.waitFor(
      (one) => one.projects.find((project) => project.id === projectId)?.failure !== null,
      'the late failure',
    );
    expect(fixture.project(projectId).failure).toMatchObject({ code: 'container-exited', details: 'too late' });
    await fixture.run({ type: 'stopProject', projectId });
  });

  test('whose entrypoint wraps the command is kept', async () => {
    const image = await makeImage('wraps', `FROM ${baseImage}\nENTRYPOINT ["sh","-c","exec \\"$0\\" \\"$@\\""]\n`);
    const { projectId, outcome } = await up('wraps', image);
    expect(outcome).toMatchObject({ ok: true });
    await fixture.run({ type: 'stopProject', projectId });
  });

  test('without sleep and sh says what is missing', async () => {
    const bare = await makeImage('bare', `FROM scratch\nLABEL bare=1\n`);
    const first = await up('bare', bare);
    expect(first.outcome).toMatchObject({ ok: false, failure: { code: 'image-unsuitable' } });
    expect(fixture.project(first.projectId).container).toEqual({ status: 'missing' });
  });

  test('with sleep but without sh says that sh is missing', async () => {
    const image = await makeImage(
      'no-sh',
      `FROM ${baseImage} AS base
RUN mkdir /tmp/out && cp -L --parents /bin/sleep $(ldd /bin/sleep | grep -o "/[^ ]*") /tmp/out
FROM scratch
COPY --from=base /tmp/out /
`,
    );
    const { projectId, outcome } = await up('no-sh', image);
    expect(outcome).toMatchObject({ ok: false, failure: { code: 'image-unsuitable' } });
    expect(outcome.ok ? '' : outcome.failure.message).toContain('/bin/sh');
    expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
  });

  test('without the config’s user gives a notice and a shell as the image’s own user', async () => {
    const { projectId, outcome } = await up('no-user', baseImage, 'user: nobodyhere\n');
    expect(outcome).toMatchObject({ ok: true });
    expect(
      fixture
        .project(projectId)
        .activity.map((entry) => entry.text)
        .join('\n'),
    ).toContain('nobodyhere');
    const shell = await fixture.openSession({
      kind: 'shell',
      projectId,
      size: { rows: 24, columns: 80 },
      command: ['id', '-un'],
    });
    expect(await shell.ended).toEqual({ reason: 'exited', exitCode: 0 });
    expect(shell.text()).toBe('tazpod\r\n');
    await fixture.run({ type: 'stopProject', projectId });
  });
});

describe('a build of the config', () => {
  test('is made, tagged as the image, and used', async () => {
    const tag = `tazpod-test/built-${process.pid}:latest`;
    const folder = await fixture.folder('built', `image: ${tag}\nbuild: { dockerfile: Dockerfile, context: . }\n`);
    await writeFile(path.join(folder, 'Dockerfile'), `FROM ${baseImage}\nENV BUILT=yes\n`);
    const projectId = await fixture.trusted(folder);
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
    made.push(tag);
    const shell = await fixture.openSession({
      kind: 'shell',
      projectId,
      size: { rows: 24, columns: 80 },
      command: ['sh', '-c', 'echo $BUILT'],
    });
    await shell.printed(/yes/u);
    await fixture.run({ type: 'stopProject', projectId });
  });

  test('that fails says why and leaves neither image nor container', async () => {
    const tag = `tazpod-test/broken-${process.pid}:latest`;
    const folder = await fixture.folder('broken', `image: ${tag}\nbuild: { dockerfile: Dockerfile, context: . }\n`);
    await writeFile(path.join(folder, 'Dockerfile'), `FROM ${baseImage}\nRUN echo before && exit 9\n`);
    const projectId = await fixture.trusted(folder);
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({
      ok: false,
      failure: { code: 'image-build-failed' },
    });
    expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
    await expect(fixture.client.getImage(tag).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  test('can be cancelled: no image of that name, no container, nothing under way', async () => {
    const tag = `tazpod-test/slow-${process.pid}:latest`;
    const folder = await fixture.folder('slow', `image: ${tag}\nbuild: { dockerfile: Dockerfile, context: . }\n`);
    await writeFile(path.join(folder, 'Dockerfile'), `FROM ${baseImage}\nRUN sleep 300\n`);
    const projectId = await fixture.trusted(folder);
    const ending = fixture.run({ type: 'startProject', projectId });
    const snapshot = await fixture.waitFor(
      (one) => one.projects.find((p) => p.id === projectId)?.operations[0]?.progress?.detail.includes('RUN') === true,
      'the build’s slow step',
    );
    const operationId = snapshot.projects.find((p) => p.id === projectId)?.operations[0]?.id ?? '';
    expect(await fixture.run({ type: 'cancelOperation', operationId })).toEqual({ ok: true, text: '' });
    expect(await ending).toMatchObject({ ok: false, failure: { code: 'cancelled' } });
    expect(fixture.project(projectId).operations).toEqual([]);
    expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
    await expect(fixture.client.getImage(tag).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });
});
