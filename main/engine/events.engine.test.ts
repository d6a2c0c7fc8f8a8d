import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

const running = async (name: string, config = baseConfig) => {
  const projectId = await fixture.trusted(await fixture.folder(name, config));
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  const { container } = fixture.project(projectId);
  if (container.status === 'missing') throw new Error('no container');
  return { projectId, container: fixture.client.getContainer(container.id) };
};

async function untilStatus(projectId: string, status: string): Promise<void> {
  await fixture.waitFor((one) => one.projects.find((p) => p.id === projectId)?.container.status === status, status);
}

describe('what other tools do to a container shows', () => {
  test('stop, start, pause, unpause, rename, kill and remove', async () => {
    const { projectId, container } = await running('outside');
    await container.pause();
    await untilStatus(projectId, 'paused');
    await container.unpause();
    await untilStatus(projectId, 'running');
    await container.stop({ t: 0 });
    await untilStatus(projectId, 'stopped');
    await container.start();
    await untilStatus(projectId, 'running');
    const name = `renamed-${process.pid}`;
    await container.rename({ name });
    await fixture.waitFor(
      (one) => one.projects.some((p) => p.container.status === 'running' && p.container.name === name),
      'the new name',
    );
    await container.kill();
    await untilStatus(projectId, 'stopped');
    expect(fixture.project(projectId).container).toMatchObject({ exitCode: 137 });
    await container.remove();
    await untilStatus(projectId, 'missing');
    expect(
      fixture
        .project(projectId)
        .activity.map((one) => one.text)
        .join('\n'),
    ).toContain('not by TazPod');
  });

  test('and a core that starts later sees the same state', async () => {
    const { projectId } = await running('later');
    const later = await openEngineFixture({ stateFolder: fixture.stateFolder });
    try {
      await later.waitFor((one) => one.engine.status === 'ready', 'the engine');
      const seen = { ...later.project(projectId).container, startedAtMs: null };
      expect(seen).toEqual({ ...fixture.project(projectId).container, startedAtMs: null });
      expect(later.project(projectId).drift).toEqual([]);
    } finally {
      await later.leave();
    }
    await fixture.run({ type: 'stopProject', projectId });
  });
});

describe('an MTU that fell', () => {
  test('is a warning with a fix that needs no new container and keeps the ports', async () => {
    const { projectId, container } = await running('mtu', `${baseConfig}network: { mtu: 1400 }\nports: ["18081:80"]\n`);
    const before = await container.inspect();
    const folder = fixture.project(projectId).folder;
    await fixture.folder('mtu', `${baseConfig}network: { mtu: 1280 }\nports: ["18081:80"]\n`);
    await fixture.trusted(folder);
    expect(fixture.project(projectId).network).toEqual({ mtu: 1400, wantedMtu: 1280, tooLarge: true });

    expect(await fixture.run({ type: 'reconnectNetwork', projectId })).toMatchObject({ ok: true });
    expect(fixture.project(projectId).network).toEqual({ mtu: 1280, wantedMtu: 1280, tooLarge: false });
    const after = await container.inspect();
    expect(after.State.StartedAt).toBe(before.State.StartedAt);
    expect(after.NetworkSettings.Ports).toEqual({ '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '18081' }] });
    const shell = await fixture.openSession({
      kind: 'shell',
      projectId,
      size: { rows: 24, columns: 80 },
      command: ['sh', '-c', 'cat /sys/class/net/eth*/mtu'],
    });
    await shell.ended;
    expect(shell.text()).toBe('1280\r\n');
    await fixture.run({ type: 'stopProject', projectId });
  });
});
