import { execFileSync } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ActivityEntry } from '../../../preload/contract/snapshot.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from '../testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

/** A trusted folder of another owner, its container up. */
async function up(name: string, config: string): Promise<string> {
  const folder = await fixture.folder(name, baseConfig + config);
  if (process.getuid?.() === 0) execFileSync('chown', ['-R', '1234:1234', folder]);
  const projectId = await fixture.trusted(folder);
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  return projectId;
}

const setupsOf = (projectId: string): readonly ActivityEntry[] =>
  fixture.project(projectId).activity.filter(({ kind }) => kind === 'setup');

/** The ending of the project's setup of that count. */
async function ended(projectId: string, count: number): Promise<ActivityEntry | undefined> {
  await fixture.waitFor(() => setupsOf(projectId).length === count, `the end of setup ${count}`);
  return setupsOf(projectId).at(-1);
}

const idle = async (projectId: string): Promise<unknown> =>
  fixture.waitFor(() => fixture.project(projectId).operations.length === 0, 'the end of what runs');

describe('setup', () => {
  test('runs once per container, as the user, in the workspace, with env; its output is kept', async () => {
    const projectId = await up(
      'set-up',
      'env: { WHO: me }\nsetup: |\n  whoami >> ran\n  echo "$WHO $PWD" | tee -a ran\n',
    );
    onTestFinished(async () => fixture.down(projectId));
    expect(await ended(projectId, 1)).toMatchObject({
      outcome: 'done',
      output: { text: 'me /workspace\n', length: 14 },
    });
    await fixture.run({ type: 'startProject', projectId });
    await fixture.run({ type: 'restartProject', projectId });
    await idle(projectId);
    expect(await fixture.inside(projectId, 'cat ran')).toBe('0 tazpod\nme /workspace');
    await fixture.run({ type: 'rebuildProject', projectId });
    expect(await ended(projectId, 2)).toMatchObject({ outcome: 'done' });
    expect(await fixture.inside(projectId, 'grep -c me ran')).toBe('0 2');
  });

  test('another host process does not run it again, unless the first was killed before it began', async () => {
    const projectId = await up('other-host', 'setup: echo once >> ran\n');
    onTestFinished(async () => fixture.down(projectId));
    await ended(projectId, 1);
    const openNext = async (): Promise<EngineFixture> => {
      const next = await openEngineFixture({ stateFolder: fixture.stateFolder });
      onTestFinished(async () => next.leave());
      expect(await next.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
      await next.waitFor(() => next.project(projectId).operations.length === 0, 'the end of what runs');
      return next;
    };
    await openNext();
    expect(await fixture.inside(projectId, 'cat ran')).toBe('0 once');
    await rm(path.join(fixture.stateFolder, 'setups.json'));
    const later = await openNext();
    expect(later.project(projectId).activity).toContainEqual(expect.objectContaining({ kind: 'setup' }));
    expect(await fixture.inside(projectId, 'cat ran')).toBe('0 once\nonce');
  });

  test('fails with its words, leaves the container up, and runs again', async () => {
    const projectId = await up('set-up-fails', 'setup: echo looked; test -e here && echo found\n');
    onTestFinished(async () => fixture.down(projectId));
    const failed = await ended(projectId, 1);
    expect(failed).toMatchObject({ outcome: 'failed', failure: { code: 'setup-failed', details: 'looked' } });
    expect(fixture.project(projectId)).toMatchObject({ container: { status: 'running' }, failure: failed?.failure });
    await fixture.inside(projectId, 'touch here');
    expect(await fixture.run({ type: 'retrySetup', projectId })).toMatchObject({ ok: true });
    expect(fixture.project(projectId).failure).toBeNull();
  });

  test('keeps the end of a long output', async () => {
    const projectId = await up('set-up-loud', 'setup: seq 1 200000; echo the end; exit 3\n');
    onTestFinished(async () => fixture.down(projectId));
    const failed = await ended(projectId, 1);
    expect(failed?.failure?.message).toContain('code 3');
    expect(failed?.output?.text).toMatch(/\n199999\n200000\nthe end\n$/u);
    expect(failed?.output?.text).toHaveLength(4_000);
    expect(failed?.output?.length).toBe(1_288_895 + 'the end\n'.length);
  });

  test('shows its output while it runs; cancel ends its processes and leaves the container up', async () => {
    const projectId = await up('set-up-long', 'setup: echo begun; sleep 1000 & sleep 1000\n');
    onTestFinished(async () => fixture.down(projectId));
    await fixture.waitFor(() => fixture.project(projectId).operations[0]?.output?.text === 'begun\n', 'its output');
    const operationId = fixture.project(projectId).operations[0]?.id ?? '';
    await fixture.run({ type: 'cancelOperation', operationId });
    expect(await ended(projectId, 1)).toMatchObject({ outcome: 'cancelled', output: { text: 'begun\n' } });
    expect(fixture.project(projectId).container.status).toBe('running');
    expect(await fixture.inside(projectId, 'pgrep -ax sleep')).toMatch(/^0 \d+ sleep infinity$/u);
  });

  test('stopping does not wait for it', async () => {
    const projectId = await up('set-up-stopped', 'setup: echo begun; sleep 1000\n');
    await fixture.waitFor(() => fixture.project(projectId).operations[0]?.output !== undefined, 'its output');
    await fixture.down(projectId);
    expect(await ended(projectId, 1)).toMatchObject({ outcome: 'cancelled' });
    expect(fixture.project(projectId)).toMatchObject({ container: { status: 'missing' }, failure: null });
  });
});
