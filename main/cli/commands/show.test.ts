import { expect, test } from 'vitest';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { ListeningPort } from '../../../preload/contract/listening.ts';
import { toFailure } from '../../../preload/contract/errors.ts';
import type { ProjectState } from '../../../preload/contract/snapshot.ts';
import { FakeHost } from '../fake/fake-host.ts';
import { runWord } from '../fake/run-word.ts';
import { projectId, projectOf, runningContainer, snapshotOf, untrusted } from '../fake/snapshots.ts';
import { displayWidth } from '../text/width.ts';

const folder = '/home/me/acme';
const away = toFailure('engine-unreachable', { tried: ['/run/docker.sock'] });

const hostOf = (...projects: ProjectState[]): FakeHost => new FakeHost(snapshotOf({ projects }));

test('status reads the folder anew and shows everything on one screen', async () => {
  const host = hostOf(
    projectOf(folder, {
      container: { ...runningContainer, adopted: true },
      drift: [{ key: 'dns', before: '1.1.1.1', after: 'host' }],
      network: { mtu: 1500, wantedMtu: 1280, tooLarge: true },
      imageChange: { image: 'a/b:1', before: `sha256:${'1'.repeat(64)}`, after: `sha256:${'2'.repeat(64)}` },
      volumes: [
        { name: 'h', kind: 'history', path: '/var/lib/tazpod/history', inConfig: true },
        { name: 'c', kind: 'cache', path: '/home/tazpod/.npm', inConfig: true },
        { name: 'old', kind: 'cache', path: null, inConfig: false },
      ],
      sessions: [{ id: 's', kind: 'shell', title: 'bash', kept: false, openedAtMs: 0 }],
    }),
  );
  const { io, code } = await runWord('status', [host]);
  expect(code).toBe(0);
  expect(host.sent('refreshProjects')).toHaveLength(1);
  for (const part of [
    'running 2 h',
    'acme-lab (cccccccccccc)',
    'adopted',
    '1 shell',
    'dns: 1.1.1.1 -> host',
    '1280',
    '222222222222',
    'shell history, /home/tazpod/.npm, old (no',
  ]) {
    expect(io.stdout).toContain(part);
  }
  expect(io.stdout).toContain('"tazpod rebuild" applies it');
  expect(io.stdout.split('\n').length).toBeLessThan(24);
  expect(JSON.parse((await runWord('status --json', [host])).io.stdout)).toEqual(host.state.projects[0]);
});

test('status --ports: what listens inside once, and the line that publishes the rest', async () => {
  const host = hostOf(projectOf(folder, { container: runningContainer }));
  const ports: readonly ListeningPort[] = [
    { port: 3000, program: 'node', reachable: true, hostPort: 3001, configLine: null },
    { port: 5173, program: 'vi\u001bte', reachable: false, hostPort: null, configLine: 'ports: ["3001:3000", 5173]' },
  ];
  host.onSession = (session) => {
    void session.print(`${JSON.stringify(ports)}\n`);
    session.end({ reason: 'exited', exitCode: 0 });
  };
  const { io, code } = await runWord('status --ports', [host]);
  expect(code).toBe(0);
  expect(host.sessions[0]?.request).toEqual({ kind: 'ports', projectId, follow: false });
  expect(io.stdout).toMatch(/^3000 +node +http:\/\/localhost:3001$/mu);
  expect(io.stdout).toMatch(/^5173 .*not published; on 127\.0\.0\.1 inside only/mu);
  expect(io.stdout).toContain('ports: ["3001:3000", 5173]');
  expect(io.stdout).not.toContain('\u001b');
  expect(JSON.parse((await runWord('status --ports --json', [host])).io.stdout)).toEqual(ports);
});

test('status names file, line and column of each config problem, and a container to adopt', async () => {
  const file = `${folder}/.tazpod/config.yaml`;
  const problems = [{ line: 3, column: 7, key: 'dns', found: '5', allowed: 'addresses' }];
  const failure = toFailure('config-invalid', { file, problems });
  const host = hostOf(
    projectOf(folder, {
      config: { status: 'invalid', file, failure, problems },
      trust: { status: 'unknown' },
      adoptable: { id: 'd'.repeat(64), name: 'old', image: 'x:y', status: 'running' },
    }),
  );
  const { io } = await runWord('status', [host]);
  expect(io.stdout).toContain(`${file}:3:7: dns: found 5; allowed: addresses`);
  expect(io.stdout).toContain('tazpod adopt');
});

test('list: one sentence where there is nothing', async () => {
  const { io, code } = await runWord('list', [hostOf()]);
  expect(code).toBe(0);
  expect(io.stdout).toContain('tazpod init');
});

test('list: needs me, running, rest; aligned; hostile names do no harm; 200 projects fit 80 columns', async () => {
  const names = ['zeta', '日本語', 'evil\u001b[2J\nname', 'x'.repeat(200)];
  const projects = Array.from({ length: 200 }, (_, index) => {
    const name = names[index] ?? `p${index}`;
    return projectOf(`/home/me/${name}`, {
      id: index.toString(16).padStart(16, '0'),
      name,
      ...(index % 3 === 1 ? { container: runningContainer } : {}),
      ...(index % 50 === 2 ? { trust: untrusted } : {}),
    });
  });
  const { io } = await runWord('list', [hostOf(...projects)], { isTty: true, environment: { NO_COLOR: '1' } });
  const lines = io.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(201);
  expect(io.stdout).not.toContain('\u001b');
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  const marks = lines.slice(1).map((line) => line[0]);
  expect(marks.join('')).toMatch(/^!+●+○+$/u);
  const columns = lines.map((line) => displayWidth(line.slice(0, line.search(/FOLDER|~/u))));
  expect(new Set(columns).size).toBe(1);
});

test('list --json: the three parts, whatever the engine does', async () => {
  const host = hostOf(projectOf(folder));
  const { io, code } = await runWord('list --json', [host]);
  expect(code).toBe(0);
  const { engine, host: process, projects } = host.state;
  expect(JSON.parse(io.stdout)).toEqual({ engine, host: process, projects });
  host.publish({ engine: { status: 'away', failure: away } });
  const gone = await runWord('list --json', [host]);
  expect(gone.code).toBe(4);
  expect(JSON.parse(gone.io.stdout)).toMatchObject({ engine: { status: 'away' } });
  expect((await runWord('list', [host])).code).toBe(4);
});

const row = (id: string, part: Partial<DoctorRow> = {}): DoctorRow => ({
  id,
  area: 'engine',
  title: id,
  result: 'ok',
  detail: 'fine',
  nextStep: '',
  ...part,
});

/** Answers a doctor session with rows. */
function tellRows(host: FakeHost, ...rows: readonly DoctorRow[]): FakeHost {
  host.onSession = (session) => {
    for (const one of rows) void session.print(`${JSON.stringify(one)}\n`);
    session.end({ reason: 'exited', exitCode: 0 });
  };
  return host;
}

test('doctor: the host process’s rows and its own; exit 0 without a problem, 4 without an engine, 1 else', async () => {
  const host = tellRows(hostOf(projectOf(folder)), row('host', { area: 'app' }), row('engine'), row('ssh-key'));
  const fine = await runWord('doctor --json', [host]);
  expect(fine.code).toBe(0);
  expect(host.sessions[0]?.request).toEqual({ kind: 'doctor', projectId });
  const rows = JSON.parse(fine.io.stdout) as DoctorRow[];
  expect(rows.map(({ id }) => id)).toEqual(['host', 'runtime-folder', 'engine', 'ssh-key']);

  const warning = { result: 'warning', detail: 'open to others', nextStep: 'chmod 600 it' } as const;
  const warned = await runWord('doctor', [tellRows(host, row('ssh-key', warning))]);
  expect(warned.code).toBe(0);
  expect(warned.io.stdout).toMatch(/warning +ssh-key +open to others\n +Next: chmod 600 it/u);
  expect(warned.io.stdout).toContain('0 to solve, 1 to look at.');

  expect((await runWord('doctor', [tellRows(host, row('engine', { result: 'problem' }))])).code).toBe(4);
  expect((await runWord('doctor', [tellRows(host, row('config', { result: 'problem' }))])).code).toBe(1);
  const other = tellRows(new FakeHost(snapshotOf({ host: { ...host.state.host, version: '0.0.9' } })), row('host'));
  const old = await runWord('doctor', [other]);
  expect(old.io.stdout).toMatch(/warning +host +fine; this is 0\.1\.0/u);
  expect(old.io.stdout).toContain('is not registered');
  const none = await runWord('doctor', []);
  expect(none.code).toBe(1);
  expect(none.io.stdout).toContain('could not be started');
});

test('doctor: a report that breaks off is a failure of the host’s row, not an empty list', async () => {
  const host = hostOf(projectOf(folder));
  host.onSession = (session) => session.end({ reason: 'engine-lost' });
  const { io, code } = await runWord('doctor', [host]);
  expect(code).toBe(1);
  expect(io.stdout).toMatch(/problem +Host process .*engine-lost/u);
});
