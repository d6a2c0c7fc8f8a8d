import type { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DoctorRow } from '../../preload/contract/doctor.ts';
import { baseImage } from './docker/base-image.ts';
import { readProgress } from './docker/json-lines.ts';
import { labels } from './docker/labels.ts';
import { historyFolder } from './docker/volumes.ts';
import { openEngineFixture, removeOwn, type EngineFixture } from './testing/engine-fixture.ts';
import { canRunPodman, startPodman, type PodmanService } from './testing/podman.ts';

describe.skipIf(!canRunPodman)('Podman 4 behind the Docker API (needs podman, runc or crun, and root)', () => {
  let podman: PodmanService;
  let fixture: EngineFixture;
  beforeAll(async () => {
    podman = await startPodman();
    fixture = await openEngineFixture({ environment: { ...process.env, DOCKER_HOST: podman.dockerHost } });
    const loading = await podman.client.loadImage(await fixture.client.getImage(baseImage).get());
    expect(await readProgress(loading as Readable, () => undefined)).toBeNull();
    await fixture.waitFor(({ images }) => images.length > 0, 'the image');
  });
  afterAll(async () => {
    await fixture.engine.close();
    await removeOwn(podman.client, fixture.engine.snapshot().host.installId);
    await fixture.close();
    await podman.close();
  });

  test('up with the local image, its MTU, a command inside, stats, and down without a rest', async () => {
    const { engine } = fixture.engine.snapshot();
    expect(engine).toMatchObject({ status: 'ready' });
    const projectId = await fixture.trusted(
      await fixture.folder('pod', `image: ${baseImage}\nnetwork: { mtu: 1380 }\n`),
    );
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
    expect(fixture.project(projectId)).toMatchObject({
      container: { status: 'running' },
      drift: [],
      network: { mtu: 1380, tooLarge: false },
    });

    const size = { rows: 24, columns: 80 };
    const command = ['sh', '-c', 'pwd; exit 7'];
    const shell = await fixture.openSession({ kind: 'shell', projectId, size, terminal: false, command });
    expect(await shell.ended).toMatchObject({ reason: 'exited', exitCode: 7 });
    expect(shell.text()).toBe('/workspace\n');

    await fixture.waitFor(() => fixture.project(projectId).volumes.length === 1, 'the volume of the history');
    expect(fixture.project(projectId)).toMatchObject({
      imageChange: null,
      volumes: [{ kind: 'history', path: historyFolder, inConfig: true }],
    });
    const ports = await fixture.openSession({ kind: 'ports', projectId, follow: false });
    expect(await ports.ended).toMatchObject({ reason: 'exited' });
    expect(ports.text()).toBe('[]\n');
    const doctor = await fixture.openSession({ kind: 'doctor', projectId });
    expect(await doctor.ended).toMatchObject({ reason: 'exited' });
    const rows = doctor
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as DoctorRow);
    expect(rows.find(({ id }) => id === 'engine-isolation')).toMatchObject({ result: 'warning' });
    expect(rows.find(({ id }) => id === 'image')).toMatchObject({ result: 'ok' });

    const stats = await fixture.openSession({ kind: 'stats', projectId, follow: true });
    await stats.printed(/"memoryBytes":[1-9]/u);
    expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
    expect(await stats.ended).toEqual({ reason: 'container-stopped' });
    expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
    const filters = { label: [`${labels.install}=${fixture.engine.snapshot().host.installId}`] };
    expect(await podman.client.listContainers({ all: true, filters })).toEqual([]);
    expect(await podman.client.listNetworks({ filters })).toEqual([]);
    // Kept until it is forgotten, and found again by its labels.
    expect((await podman.client.listVolumes({ filters })).Volumes).toHaveLength(1);
    expect(await fixture.run({ type: 'forgetProject', projectId, caches: true })).toMatchObject({ ok: true });
    expect((await podman.client.listVolumes({ filters })).Volumes).toEqual([]);
  });
});
