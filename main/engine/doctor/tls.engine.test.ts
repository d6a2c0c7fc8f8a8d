import { spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from '../testing/engine-fixture.ts';
import { inNetworkOf, loseLargePackets, loseNoMore } from '../testing/network-of.ts';
import { startTlsServer, type TestTlsServer } from '../testing/tls-server.ts';

let fixture: EngineFixture;
let server: TestTlsServer;
beforeAll(async () => {
  server = await startTlsServer();
  fixture = await openEngineFixture();
});
afterAll(async () => {
  await fixture.close();
  await server.close();
});

const configFor = (port: number, more = ''): string =>
  `${baseConfig}${more}sync: { remote: { type: s3, bucket: some-bucket, endpoint: "https://${server.address}:${port}" } }\n`;

async function lookAtTls(projectId: string): Promise<DoctorRow> {
  const report = await fixture.openSession({ kind: 'doctor', projectId });
  expect(await report.ended).toEqual({ reason: 'exited', exitCode: 0 });
  const rows = report.text().trim().split('\n');
  const found = rows.map((line) => JSON.parse(line) as DoctorRow).filter(({ id }) => id === 'tls');
  expect(found).toHaveLength(1);
  return found[0] as DoctorRow;
}

async function startProject(name: string, config: string): Promise<{ projectId: string; containerId: string }> {
  const projectId = await fixture.trusted(await fixture.folder(name, config));
  await fixture.run({ type: 'startProject', projectId });
  const { container } = fixture.project(projectId);
  if (container.status !== 'running') throw new Error(JSON.stringify(fixture.project(projectId).failure));
  return { projectId, containerId: container.id };
}

const processes = async (projectId: string): Promise<string> =>
  fixture.inside(projectId, 'ls /proc | grep -c "^[0-9]"');

test('nothing is asked of a host before its config is allowed, nor before the container runs', async () => {
  const folder = await fixture.folder('asks', configFor(server.port));
  await fixture.run({ type: 'registerProject', folder });
  const projectId = fixture.engine.snapshot().projects.find((one) => one.folder === folder)?.id ?? '';
  const before = server.connections();
  expect(await lookAtTls(projectId)).toMatchObject({ result: 'unknown' });
  expect((await lookAtTls(projectId)).detail).toContain('before you allow');
  await fixture.trusted(folder);
  expect((await lookAtTls(projectId)).detail).toContain('does not run');
  expect(server.connections()).toBe(before);
});

test('the same handshake works on both ways, and leaves nothing inside', async () => {
  const { projectId } = await startProject('works', configFor(server.port));
  const before = await processes(projectId);
  const connections = server.connections();
  const row = await lookAtTls(projectId);
  expect(row).toMatchObject({ area: 'project', result: 'ok', nextStep: '' });
  expect(row.detail).toMatch(/this machine in \d+ ms, and with the container in \d+ ms/u);
  expect(server.connections()).toBe(connections + 2);
  await expect.poll(async () => processes(projectId)).toBe(before);
});

test('what refuses both is not compared, and an image that came from no registry is not asked after', async () => {
  const closed = createServer().listen(0, '0.0.0.0');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  closed.close();
  const { projectId } = await startProject('refused', configFor(port));
  expect(await lookAtTls(projectId)).toMatchObject({
    result: 'unknown',
    detail: expect.stringContaining('ECONNREFUSED'),
  });
  const plain = await startProject('plain', baseConfig);
  expect((await lookAtTls(plain.projectId)).detail).toContain('came from no registry');
});

test('a host that answers nobody is told of this machine, not of the container', async () => {
  const silent = createServer(() => undefined).listen(0, '0.0.0.0');
  await new Promise((resolve) => silent.once('listening', resolve));
  const sockets = new Set<{ destroy(): void }>();
  silent.on('connection', (socket) => sockets.add(socket));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const { projectId } = await startProject('silent', configFor((silent.address() as AddressInfo).port));
  const row = await lookAtTls(projectId);
  expect(row).toMatchObject({ result: 'unknown' });
  expect(row.detail).toContain('this machine itself gets no TLS handshake');
  expect(row.detail).toContain('none of the answer came within 5 s');
});

const canFilter = process.getuid?.() === 0 && spawnSync('iptables', ['--version']).status === 0;
const why = canFilter ? '' : ' (skipped: needs root and iptables)';
describe.skipIf(!canFilter)(`in a container's own network${why}`, () => {
  test('a path MTU below the network’s is found, named with its next step, and told no more once it is gone', async () => {
    const { projectId, containerId } = await startProject('hole', configFor(server.port, 'network: { mtu: 1500 }\n'));
    const before = await processes(projectId);
    await loseLargePackets(fixture.client, containerId, 1400);
    const row = await lookAtTls(projectId);
    expect(row).toMatchObject({ result: 'problem' });
    expect(row.detail).toMatch(
      /TCP connects, the hello is sent, and (?:none|only \d+ bytes) of the answer came within 5 s/u,
    );
    expect(row.detail).toContain('of 1500 bytes');
    expect(row.nextStep).toContain('network: { mtu: 1280 }');
    await expect.poll(async () => processes(projectId), { timeout: 15_000 }).toBe(before);

    await loseNoMore(fixture.client, containerId, 1400);
    expect(await lookAtTls(projectId)).toMatchObject({ result: 'ok' });
  });

  test('a container without a way out is told apart from one that loses packets', async () => {
    const { projectId, containerId } = await startProject('cut', configFor(server.port));
    await inNetworkOf(fixture.client, containerId, ['ip', 'route', 'add', 'unreachable', `${server.address}/32`]);
    const row = await lookAtTls(projectId);
    expect(row).toMatchObject({ result: 'warning', nextStep: expect.stringContaining('firewall') });
    expect(row.detail).toMatch(/not with the container: .*(?:unreachable|No route)/iu);
  });
});
