import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { baseImage } from './docker/base-image.ts';
import { labels } from './docker/labels.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from './testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

async function inspect(projectId: string) {
  const { container } = fixture.project(projectId);
  if (container.status === 'missing') throw new Error('no container');
  return fixture.client.getContainer(container.id).inspect();
}

describe('a created container', () => {
  test('is exactly what the spec says, field by field', async () => {
    const folder = await fixture.folder('golden', `${baseConfig}env: { GREETING: hello }\nports: ["18080:80"]\n`);
    const projectId = await fixture.trusted(folder);
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });

    const info = await inspect(projectId);
    const { engine, host } = fixture.engine.snapshot();
    const appArmor = engine.status === 'ready' && engine.securityOptions.some((one) => one.includes('name=apparmor'));
    expect(info.Name).toBe('/golden-lab');
    expect(info.Config).toMatchObject({ Image: baseImage, Cmd: ['sleep', 'infinity'], WorkingDir: '/workspace' });
    expect(info.Config.Entrypoint).toBeNull();
    expect(info.Config.Env).toContain(`HOST_CWD=${folder}`);
    expect(info.Config.Env).toContain('GREETING=hello');
    expect(info.HostConfig).toMatchObject({
      Init: true,
      CapAdd: ['SYS_ADMIN'],
      Dns: ['1.1.1.1', '1.0.0.1'],
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '18080' }] },
      Binds: null,
      Privileged: false,
      PidMode: '',
      NetworkMode: expect.stringMatching(/^tazpod-[0-9a-f]{8}-mtu\d+$/u),
      AutoRemove: false,
      PublishAllPorts: false,
    });
    // Empty or null, as the engine's version has it.
    expect(info.HostConfig.CapDrop ?? []).toEqual([]);
    expect(info.HostConfig.Devices ?? []).toEqual([]);
    expect(info.HostConfig.ExtraHosts ?? []).toEqual([]);
    expect(info.HostConfig.SecurityOpt ?? []).toEqual(appArmor ? ['apparmor=unconfined'] : []);
    expect(info.HostConfig.IpcMode).not.toBe('host');
    // The engine gives them in no order.
    expect(info.Mounts.toSorted((one, other) => one.Type.localeCompare(other.Type))).toEqual([
      expect.objectContaining({ Type: 'bind', Source: folder, Destination: '/workspace', RW: true }),
      expect.objectContaining({ Type: 'volume', Destination: '/var/lib/tazpod/history', RW: true }),
    ]);
    expect(info.Config.Labels).toEqual({
      [labels.app]: 'tazpod-desktop',
      [labels.version]: '0.0.0-test',
      [labels.install]: host.installId,
      [labels.project]: projectId,
      [labels.configHash]: expect.stringMatching(/^[0-9a-f]{64}$/u),
      [labels.config]: expect.stringContaining(baseImage),
    });
    expect(Object.keys(info.NetworkSettings.Networks)).toEqual([info.HostConfig.NetworkMode]);
    await fixture.run({ type: 'stopProject', projectId });
  });

  test('mounts ~/.ssh read-only where it exists and never creates it', async () => {
    const home = fixture.homeFolder;
    const { mkdir, readdir, rm } = await import('node:fs/promises');
    const folder = await fixture.folder('with-keys', baseConfig);
    const projectId = await fixture.trusted(folder);
    await fixture.run({ type: 'startProject', projectId });
    expect((await inspect(projectId)).Mounts).toHaveLength(2);
    expect(await readdir(home)).toEqual([]);

    await mkdir(path.join(home, '.ssh'));
    await fixture.run({ type: 'rebuildProject', projectId });
    expect((await inspect(projectId)).Mounts).toContainEqual(
      expect.objectContaining({ Source: path.join(home, '.ssh'), Destination: '/home/tazpod/.ssh', RW: false }),
    );
    await fixture.run({ type: 'stopProject', projectId });
    await rm(path.join(home, '.ssh'), { recursive: true });
  });

  test('has one bridge network per MTU, without traffic between containers', async () => {
    const one = await fixture.trusted(await fixture.folder('net-one', `${baseConfig}network: { mtu: 1380 }\n`));
    const two = await fixture.trusted(await fixture.folder('net-two', `${baseConfig}network: { mtu: 1380 }\n`));
    await Promise.all([one, two].map(async (projectId) => fixture.run({ type: 'startProject', projectId })));
    const [first, second] = [await inspect(one), await inspect(two)];
    expect(first.HostConfig.NetworkMode).toBe(second.HostConfig.NetworkMode);
    const network = await fixture.client.getNetwork(first.HostConfig.NetworkMode ?? '').inspect();
    expect(network.Options).toEqual({
      'com.docker.network.driver.mtu': '1380',
      'com.docker.network.bridge.enable_icc': 'false',
    });
    expect(fixture.project(one).network).toEqual({ mtu: 1380, wantedMtu: 1380, tooLarge: false });
    const opened = await fixture.openSession({
      kind: 'shell',
      projectId: one,
      size: { rows: 24, columns: 80 },
    });
    await opened.session.write(Buffer.from('cat /sys/class/net/eth0/mtu\n'));
    await opened.printed(/^1380\r$/mu);
    await opened.session.end();
    await Promise.all([one, two].map(async (projectId) => fixture.run({ type: 'stopProject', projectId })));
  });

  test('resolves with the engine’s own servers where the config says dns: host', async () => {
    const projectId = await fixture.trusted(await fixture.folder('dns-host', `${baseConfig}dns: host\n`));
    await fixture.run({ type: 'startProject', projectId });
    expect((await inspect(projectId)).HostConfig.Dns ?? []).toEqual([]);
    await fixture.run({ type: 'stopProject', projectId });
  });

  test('hardened: no SYS_ADMIN, no unconfined AppArmor, a tmpfs made at creation', async () => {
    const projectId = await fixture.trusted(await fixture.folder('hardened', `${baseConfig}profile: hardened\n`));
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
    const { HostConfig: host, Config: made } = await inspect(projectId);
    expect(made.Env).toContain('AWS_CONFIG_FILE=/home/tazpod/secrets/.aws/config');
    expect(host.CapAdd ?? []).toEqual([]);
    expect(host.SecurityOpt ?? []).toEqual([]);
    expect(Object.keys(host.Tmpfs ?? {})).toEqual(['/home/tazpod/secrets']);
    await fixture.run({ type: 'stopProject', projectId });
  });
});

describe('the state machine', () => {
  test('missing, running, stopped, running, missing; a second up changes nothing', async () => {
    const folder = await fixture.folder('states', baseConfig);
    const before = await readFile(path.join(folder, '.tazpod', 'config.yaml'), 'utf8');
    const projectId = await fixture.trusted(folder);
    expect(fixture.project(projectId).container).toEqual({ status: 'missing' });

    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
    const first = await inspect(projectId);
    expect(first.State.Running).toBe(true);
    expect(await fixture.run({ type: 'startProject', projectId })).toEqual({
      ok: true,
      text: 'states-lab is running.',
    });
    expect((await inspect(projectId)).State.StartedAt).toBe(first.State.StartedAt);

    await fixture.client.getContainer(first.Id).stop({ t: 0 });
    await fixture.waitFor(
      (one) => one.projects.find((p) => p.id === projectId)?.container.status === 'stopped',
      'stop',
    );
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
    const second = await inspect(projectId);
    expect(second.Id).toBe(first.Id);
    expect(second.State.Running).toBe(true);

    expect(await fixture.run({ type: 'restartProject', projectId })).toMatchObject({ ok: true });
    const third = await inspect(projectId);
    expect(third.Id).toBe(first.Id);
    expect(third.State.StartedAt).not.toBe(second.State.StartedAt);

    expect(await fixture.run({ type: 'rebuildProject', projectId })).toMatchObject({ ok: true });
    expect((await inspect(projectId)).Id).not.toBe(first.Id);

    expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
    expect(fixture.project(projectId).container).toEqual({ status: 'missing' });
    expect(await fixture.run({ type: 'stopProject', projectId })).toEqual({
      ok: true,
      text: 'states has no container.',
    });
    expect(await readFile(path.join(folder, '.tazpod', 'config.yaml'), 'utf8')).toBe(before);
  });

  test('a second start while one runs joins it; different projects run side by side', async () => {
    const projectId = await fixture.trusted(await fixture.folder('twice', baseConfig));
    const [first, second] = await Promise.all([
      fixture.engine.execute({ type: 'startProject', projectId }),
      fixture.engine.execute({ type: 'startProject', projectId }),
    ]);
    expect(first).toEqual(second);
    expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
  });

  test('a changed config shows its differences, and a rebuild applies them', async () => {
    const folder = await fixture.folder('drift', baseConfig);
    const projectId = await fixture.trusted(folder);
    await fixture.run({ type: 'startProject', projectId });
    expect(fixture.project(projectId).drift).toEqual([]);

    await fixture.folder('drift', `${baseConfig}env: { A: "1" }\n`);
    await fixture.run({ type: 'refreshProjects' });
    expect(fixture.project(projectId).drift).toEqual([{ key: 'env.A', before: null, after: '1' }]);
    expect(fixture.project(projectId).trust.status).toBe('untrusted');
    expect(await fixture.run({ type: 'rebuildProject', projectId })).toMatchObject({
      failure: { code: 'not-trusted' },
    });

    await fixture.trusted(folder);
    expect(await fixture.run({ type: 'rebuildProject', projectId })).toMatchObject({ ok: true });
    expect(fixture.project(projectId).drift).toEqual([]);
    await fixture.run({ type: 'stopProject', projectId });
  });

  test('the network goes with its last container', async () => {
    const networks = await fixture.client.listNetworks({
      filters: { label: [`${labels.install}=${fixture.engine.snapshot().host.installId}`] },
    });
    expect(networks).toEqual([]);
  });
});
