import { chmod, readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

async function upWith(name: string, script: string, ready: RegExp) {
  const folder = await fixture.folder(name, baseConfig);
  // Whatever uid the tests run as, the container's user is to write here.
  await chmod(folder, 0o777);
  const projectId = await fixture.trusted(folder);
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  const shell = await fixture.openSession({
    kind: 'shell',
    projectId,
    size: { rows: 24, columns: 80 },
    command: ['bash', '-c', script],
  });
  await shell.printed(ready);
  return { folder, projectId };
}

test('stop gives programs their time to flush, 8 of 8', async () => {
  for (let round = 0; round < 8; round++) {
    const { folder, projectId } = await upWith(
      `flush-${round}`,
      // exec: perl would be no shell by name, and this must not be one either.
      `cp "$(command -v bash)" /tmp/worker; exec /tmp/worker -c 'trap "sleep 0.3; touch /workspace/flushed; exit" TERM; echo re""ady; while :; do sleep 0.05; done'`,
      /ready/u,
    );
    expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
    expect(await readdir(folder)).toContain('flushed');
  }
});

test('a program that traps only TERM is not ended by an early HUP', async () => {
  const { folder, projectId } = await upWith(
    'term-only',
    `cp "$(command -v bash)" /tmp/worker; /tmp/worker -c 'trap "sleep 0.2; touch /workspace/by-term; exit" TERM; echo re""ady; while :; do sleep 0.05; done'; true`,
    /ready/u,
  );
  await fixture.run({ type: 'stopProject', projectId });
  expect(await readdir(folder)).toContain('by-term');
});

test('a shell script gets HUP after the programs ended', async () => {
  const { folder, projectId } = await upWith(
    'shell-hup',
    `trap 'touch /workspace/by-hup; exit' HUP; echo ready; while :; do sleep 0.1; done`,
    /ready/u,
  );
  await fixture.run({ type: 'stopProject', projectId });
  expect(await readdir(folder)).toContain('by-hup');
});

test('a program that ignores every signal costs the polite wait and no more', async () => {
  const { projectId } = await upWith(
    'stubborn',
    `cp "$(command -v bash)" /tmp/worker; exec /tmp/worker -c 'trap "" TERM HUP INT; echo re""ady; while :; do sleep 0.05; done'`,
    /ready/u,
  );
  await fixture.run({ type: 'stopProject', projectId });
  const entry = fixture.project(projectId).activity.findLast((one) => one.kind === 'stop');
  expect(entry?.outcome).toBe('done');
  expect(entry?.durationMs).toBeGreaterThan(1_400);
  expect(entry?.durationMs).toBeLessThan(6_000);
});

test('a paused container is stopped too', async () => {
  const { projectId } = await upWith('paused', 'echo ready; sleep 1000', /ready/u);
  const { container } = fixture.project(projectId);
  if (container.status === 'missing') throw new Error('no container');
  await fixture.client.getContainer(container.id).pause();
  await fixture.waitFor((one) => one.projects.find((p) => p.id === projectId)?.container.status === 'paused', 'pause');
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({
    failure: { code: 'container-paused' },
  });
  expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
  expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
});
