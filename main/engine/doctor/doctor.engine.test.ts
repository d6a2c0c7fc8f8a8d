import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from '../testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
});
afterAll(async () => fixture.close());

async function look(projectId: string | null): Promise<readonly DoctorRow[]> {
  const report = await fixture.openSession({ kind: 'doctor', projectId });
  expect(await report.ended).toEqual({ reason: 'exited', exitCode: 0 });
  return report
    .text()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as DoctorRow);
}
const of = (rows: readonly DoctorRow[], id: string): readonly DoctorRow[] => rows.filter((row) => row.id === id);

async function register(name: string, config: string): Promise<{ projectId: string; folder: string }> {
  const folder = await fixture.folder(name, config);
  await fixture.run({ type: 'registerProject', folder });
  const projectId = fixture.engine.snapshot().projects.find((one) => one.folder === folder)?.id ?? '';
  return { projectId, folder };
}

test('doctor without a project tells of app, engine and machine, and opens nothing that shows', async () => {
  const before = await fixture.waitFor(({ engine }) => engine.status === 'ready', 'the engine');
  const rows = await look(null);
  expect(new Set(rows.map(({ area }) => area))).toEqual(new Set(['app', 'engine', 'machine']));
  expect(of(rows, 'engine')).toMatchObject([{ result: 'ok' }]);
  expect(of(rows, 'engine-runtime')).toMatchObject([{ result: 'ok' }]);
  expect(of(rows, 'disk').length).toBeGreaterThan(0);
  // The fixture's home has no git config.
  expect(of(rows, 'git')).toMatchObject([{ result: 'warning' }]);
  expect(fixture.engine.snapshot().revision).toBe(before.revision);
  const unknown = await fixture.engine.openSession(
    { kind: 'doctor', projectId: 'f'.repeat(16) },
    { onData: () => undefined, onEnd: () => undefined },
  );
  expect(unknown).toMatchObject({ ok: false, failure: { code: 'project-unknown' } });
});

test('a config with a bad value is a row with file, line and column', async () => {
  const { projectId, folder } = await register('bad', `${baseConfig}ports: [80-90]\n`);
  const rows = await look(projectId);
  expect(of(rows, 'config')).toMatchObject([{ result: 'problem' }]);
  expect(of(rows, 'config')[0]?.detail).toContain(`${path.join(folder, '.tazpod', 'config.yaml')}:2:9: ports[0]`);
});

test('a port that something else has is told with what has it, before the start fails on it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { projectId } = await register('taken', `${baseConfig}ports: [${port}]\n`);
  const [ports] = of(await look(projectId), 'ports');
  expect(ports).toMatchObject({ result: 'warning' });
  expect(ports?.detail).toContain(`(process ${process.pid})`);
});

describe.runIf(process.getuid?.() === 0)('ssh keys (needs root: they have several owners)', () => {
  test.each([
    ['own, closed', 1234, 0o600, []],
    ['own, open to others', 1234, 0o644, [/others read it/u]],
    ['of somebody else', 0, 0o600, [/belongs to uid 0/u]],
  ])('%s', async (name, uid, mode, expected) => {
    const sshFolder = path.join(fixture.homeFolder, '.ssh');
    await mkdir(sshFolder, { recursive: true });
    const key = path.join(sshFolder, 'id_ed25519');
    onTestFinished(() => void execFileSync('rm', ['-r', sshFolder]));
    await writeFile(key, '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n');
    await chmod(key, mode);
    await chown(key, uid, uid);
    const { projectId, folder } = await register(`keys ${name}`, baseConfig);
    execFileSync('chown', ['-R', '1234:1234', folder]);
    const keys = of(await look(projectId), 'ssh-key');
    expect(keys.map(({ result }) => result)).toEqual(expected.map(() => 'warning'));
    for (const [at, pattern] of expected.entries()) expect(keys[at]?.detail).toMatch(pattern);
    expect(keys.every(({ nextStep }) => nextStep !== '')).toBe(true);
  });
});
