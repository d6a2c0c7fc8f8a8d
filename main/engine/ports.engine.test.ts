import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseImage } from './docker/base-image.ts';
import { openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

/** A port that this process holds until it is let go. */
async function holdPort(): Promise<{ readonly port: number; letGo(): Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: address.port, letGo: async () => new Promise((resolve) => server.close(() => resolve())) };
}

async function project(name: string, port: number): Promise<string> {
  return fixture.trusted(await fixture.folder(name, `image: ${baseImage}\nports: ['${port}:80']\n`));
}

test('a port that a program has is told with its name and process, and leaves no container; freed, it is published', async () => {
  const held = await holdPort();
  const projectId = await project('taken', held.port);
  const outcome = await fixture.run({ type: 'startProject', projectId });
  expect(outcome).toMatchObject({ ok: false, failure: { code: 'port-taken' } });
  const message = outcome.ok ? '' : outcome.failure.message;
  expect(message).toContain(`Port ${held.port}`);
  if (process.platform === 'linux') expect(message).toContain(`(process ${process.pid})`);
  expect(fixture.project(projectId)).toMatchObject({ container: { status: 'missing' }, ports: [] });

  await held.letGo();
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  expect(fixture.project(projectId).ports).toEqual([{ hostPort: held.port, containerPort: 80 }]);

  const second = await project('second', held.port);
  const refused = await fixture.run({ type: 'startProject', projectId: second });
  expect(refused).toMatchObject({ ok: false, failure: { code: 'port-taken' } });
  expect(refused.ok ? '' : refused.failure.message).toContain('the container taken-lab');

  await fixture.run({ type: 'stopProject', projectId });
  expect(fixture.project(projectId).ports).toEqual([]);
});
