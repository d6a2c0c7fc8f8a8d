import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';
import { startStranger } from './testing/stranger.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

/** A name no other test or person has. */
const unique = (prefix: string): string => `${prefix}-${process.pid}-${Date.now().toString(36)}`;

describe('a stranger’s container', () => {
  test('with the same name survives up, down, restart, rebuild and a refused adopt', async () => {
    const name = unique('taken');
    const stranger = await startStranger(fixture.client, name, null);
    try {
      const before = await stranger.identity();
      const folder = await fixture.folder('taken', `${baseConfig}container_name: ${name}\n`);
      const projectId = await fixture.trusted(folder);
      const refused = { ok: false, failure: { code: 'name-taken' } };
      const up = await fixture.run({ type: 'startProject', projectId });
      expect(up).toMatchObject(refused);
      expect(up.ok ? '' : up.failure.message).toContain(stranger.id.slice(0, 12));
      expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
      expect(await fixture.run({ type: 'restartProject', projectId })).toMatchObject(refused);
      expect(await fixture.run({ type: 'rebuildProject', projectId })).toMatchObject(refused);
      const adopt = { type: 'adoptContainer', projectId, containerId: stranger.id } as const;
      expect(await fixture.run(adopt)).toMatchObject({ ok: false, failure: { code: 'nothing-to-adopt' } });
      expect(await stranger.identity()).toBe(before);
      expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
    } finally {
      await stranger.remove();
    }
  });

  test('whose name contains ours, or is contained in it, is another container', async () => {
    const name = unique('part');
    const longer = await startStranger(fixture.client, `${name}-longer`, null);
    const shorter = await startStranger(fixture.client, name.slice(0, -1), null);
    try {
      const before = [await longer.identity(), await shorter.identity()];
      const projectId = await fixture.trusted(await fixture.folder('part', `${baseConfig}container_name: ${name}\n`));
      expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
      expect(await fixture.run({ type: 'restartProject', projectId })).toMatchObject({ ok: true });
      expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
      expect([await longer.identity(), await shorter.identity()]).toEqual(before);
    } finally {
      await Promise.all([longer.remove(), shorter.remove()]);
    }
  });

  test('that serves this very folder can be adopted, and then it is ours', async () => {
    const name = unique('adopt');
    const folder = await fixture.folder('adopted', `${baseConfig}container_name: ${name}\n`);
    const stranger = await startStranger(fixture.client, name, folder);
    const before = await stranger.identity();
    const projectId = await fixture.trusted(folder);
    await fixture.run({ type: 'refreshProjects' });
    expect(fixture.project(projectId).adoptable).toMatchObject({ id: stranger.id, name });
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ failure: { code: 'name-taken' } });

    const adopt = { type: 'adoptContainer', projectId, containerId: stranger.id } as const;
    expect(await fixture.run(adopt)).toMatchObject({ ok: true });
    expect(await stranger.identity()).toBe(before);
    expect(fixture.project(projectId).container).toMatchObject({ status: 'running', adopted: true, id: stranger.id });
    expect(fixture.project(projectId).adoptable).toBeNull();
    expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
    await expect(fixture.client.getContainer(stranger.id).inspect()).rejects.toMatchObject({ statusCode: 404 });
  });

  test('of another installation at the same engine is a stranger’s too', async () => {
    const other = await openEngineFixture();
    try {
      const name = unique('both');
      const config = `${baseConfig}container_name: ${name}\n`;
      const theirs = await other.trusted(await other.folder('both', config));
      expect(await other.run({ type: 'startProject', projectId: theirs })).toMatchObject({ ok: true });
      const ours = await fixture.trusted(await fixture.folder('both', config));
      expect(await fixture.run({ type: 'startProject', projectId: ours })).toMatchObject({
        failure: { code: 'name-taken' },
      });
      expect(await fixture.run({ type: 'stopProject', projectId: ours })).toMatchObject({ ok: true });
      expect(other.project(theirs).container.status).toBe('running');
    } finally {
      await other.close();
    }
  });
});

describe('two folders with the same name', () => {
  test('get containers of different names, and it is said', async () => {
    await mkdir(path.join(fixture.root, 'a'));
    await mkdir(path.join(fixture.root, 'b'));
    const name = unique('same');
    const config = `${baseConfig}container_name: ${name}\n`;
    const first = await fixture.trusted(await fixture.folder('a/same', config));
    const second = await fixture.trusted(await fixture.folder('b/same', config));
    expect(await fixture.run({ type: 'startProject', projectId: first })).toMatchObject({ ok: true });
    expect(await fixture.run({ type: 'startProject', projectId: second })).toMatchObject({ ok: true });
    const suffixed = `${name}-${second.slice(0, 4)}`;
    expect(fixture.project(second).container).toMatchObject({ name: suffixed });
    expect(
      fixture
        .project(second)
        .activity.map((entry) => entry.text)
        .join('\n'),
    ).toContain(suffixed);
    await fixture.run({ type: 'stopProject', projectId: first });
    expect(fixture.project(second).container.status).toBe('running');
    await fixture.run({ type: 'stopProject', projectId: second });
  });
});

describe('before it is trusted', () => {
  test('a folder causes no create and no exec at the engine, whatever is asked', async () => {
    const folder = await fixture.folder('untrusted', `${baseConfig}setup: touch /workspace/pwned\n`);
    await fixture.engine.execute({ type: 'registerProject', folder });
    const project = fixture.engine.snapshot().projects.find((one) => one.folder === folder);
    const projectId = project?.id ?? '';
    const since = Math.floor(Date.now() / 1000);
    for (const type of ['startProject', 'restartProject', 'rebuildProject'] as const) {
      expect(await fixture.run({ type, projectId })).toMatchObject({ ok: false, failure: { code: 'not-trusted' } });
    }
    const session = await fixture.engine.openSession(
      { kind: 'shell', projectId, size: { rows: 24, columns: 80 } },
      { onData: () => undefined, onEnd: () => undefined },
    );
    expect(session).toMatchObject({ ok: false, failure: { code: 'container-not-running' } });
    const rows = await fixture.client.listContainers({
      all: true,
      filters: { label: [`tazpod.project=${projectId}`] },
    });
    expect(rows).toEqual([]);
    expect(since).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual(['.tazpod']);
  });

  test('an answer for something else than what is there now is refused', async () => {
    const folder = await fixture.folder('changing', baseConfig);
    await fixture.engine.execute({ type: 'registerProject', folder });
    const project = fixture.engine.snapshot().projects.find((one) => one.folder === folder);
    if (project?.trust.status !== 'untrusted') throw new Error('expected an untrusted project');
    expect(JSON.parse(project.trust.createRequest)).toMatchObject({ HostConfig: { Init: true } });
    await fixture.folder('changing', `${baseConfig}env: { LD_PRELOAD: /workspace/x.so }\n`);
    expect(
      await fixture.run({ type: 'trustProject', projectId: project.id, trustHash: project.trust.trustHash }),
    ).toMatchObject({ ok: false, failure: { code: 'trust-changed' } });
  });
});

describe('a folder that changes under us', () => {
  test('.tazpod replaced by a symlink while up: start and rebuild refuse, stop works', async () => {
    const folder = await fixture.folder('swapped', baseConfig);
    const projectId = await fixture.trusted(folder);
    await fixture.run({ type: 'startProject', projectId });
    await rename(path.join(folder, '.tazpod'), path.join(fixture.root, 'moved-config'));
    await symlink(path.join(fixture.root, 'moved-config'), path.join(folder, '.tazpod'));
    const refused = { ok: false, failure: { code: 'config-symlink' } };
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject(refused);
    expect(await fixture.run({ type: 'rebuildProject', projectId })).toMatchObject(refused);
    expect(fixture.project(projectId).container.status).toBe('running');
    expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
  });

  test('deleted while up: the project says so, stop works, and it can be forgotten', async () => {
    const folder = await fixture.folder('deleted', baseConfig);
    const projectId = await fixture.trusted(folder);
    await fixture.run({ type: 'startProject', projectId });
    await rm(folder, { recursive: true });
    await fixture.run({ type: 'refreshProjects' });
    expect(fixture.project(projectId).folderStatus).toBe('missing');
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({
      failure: { code: 'folder-not-found' },
    });
    expect(await fixture.run({ type: 'forgetProject', projectId })).toMatchObject({
      failure: { code: 'container-exists' },
    });
    expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
    expect(await fixture.run({ type: 'forgetProject', projectId })).toEqual({ ok: true, text: '' });
  });
});
