import { expect, test } from 'vitest';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import { toFailure, type Failure } from '../../../preload/contract/errors.ts';
import type { EngineState } from '../../../preload/contract/snapshot.ts';
import { parseConfig } from '../project/parse-config.ts';
import { toEnvironmentRow } from './environment-row.ts';
import { toEngineRows } from './engine-rows.ts';
import type { InsideFacts } from './inside-facts.ts';
import { toInsideRows } from './inside-rows.ts';
import { toSwapFacts, type MachineFacts } from './machine-facts.ts';
import { toMachineRows } from './machine-rows.ts';

const ready: Extract<EngineState, { status: 'ready' }> = {
  status: 'ready',
  endpoint: 'unix:///run/docker.sock',
  source: 'context default',
  name: 'host',
  version: '28.2.0',
  apiVersion: '1.50',
  operatingSystem: 'Debian',
  securityOptions: [],
  rootless: false,
};
const docker = { isPodman: false, runtime: 'runc', rootFolder: null };
const away = (failure: Failure): EngineState => ({ status: 'away', failure });

/** `id result` of all rows but the fine ones; each of them must say what to do. */
function troubles(rows: readonly DoctorRow[]): readonly string[] {
  const bad = rows.filter(({ result }) => result === 'warning' || result === 'problem');
  for (const { id, nextStep } of bad) expect(nextStep, id).not.toBe('');
  return bad.map(({ id, result }) => `${id} ${result}`);
}
const textOf = (rows: readonly DoctorRow[], id: string): string =>
  rows.flatMap((row) => (row.id === id ? [`${row.detail} ${row.nextStep}`] : [])).join('\n');

test('an engine: fine, with SELinux, Podman', () => {
  expect(troubles(toEngineRows(ready, docker))).toEqual([]);
  expect(troubles(toEngineRows({ ...ready, securityOptions: ['name=selinux'] }, docker))).toEqual(['selinux warning']);
  const podman = toEngineRows(ready, { ...docker, isPodman: true });
  expect(troubles(podman)).toEqual(['engine-isolation warning']);
  expect(textOf(podman, 'engine-isolation')).toContain('enable_icc');
});

test.each([
  [toFailure('engine-unreachable', { tried: ['/run/docker.sock'] }), ['engine problem']],
  [toFailure('engine-permission', { socket: '/s' }), ['engine problem', 'engine-permission problem']],
  [toFailure('engine-remote', { endpoint: 'ssh://x' }), ['engine problem', 'engine-endpoint problem']],
  [toFailure('context-unreadable', { context: 'lab' }), ['engine problem', 'engine-endpoint problem']],
])('an engine that is away: $code', (failure, expected) => {
  expect(troubles(toEngineRows(away(failure), null))).toEqual(expected);
});

test('the host process tells what of its environment matters, without secrets', () => {
  const { detail, area, result } = toEnvironmentRow({
    DOCKER_HOST: 'unix:///run/user/1000/docker.sock',
    https_proxy: 'http://mira:horse-staple@proxy.corp:3128',
    LANG: '',
    GITHUB_TOKEN: 'horse-staple',
    MY_OWN: 'horse-staple',
  });
  expect([area, result]).toEqual(['app', 'ok']);
  expect(detail).toBe('DOCKER_HOST=unix:///run/user/1000/docker.sock, HTTPS_PROXY=http://…@proxy.corp:3128');
  expect(toEnvironmentRow({}).detail).toMatch(/^Nothing/u);
});

const machine: MachineFacts = {
  git: { name: 'Ada', email: 'ada@example.com' },
  proxies: {},
  ownProxies: [],
  privateResolvers: [],
  swap: { areas: [], hasNoswap: false },
  disks: [{ folder: '/', what: 'images', freeBytes: 50e9 }],
};

test.each<[string, Partial<MachineFacts>, readonly string[]]>([
  ['fine', {}, []],
  ['no name in git', { git: { name: null, email: 'a@b' } }, ['git warning']],
  ['a proxy', { proxies: { HTTP_PROXY: 'http://proxy.corp:3128', NO_PROXY: 'localhost' } }, []],
  ['a proxy that is here', { proxies: { HTTPS_PROXY: 'http://…@localhost:3128' } }, ['proxies warning']],
  ['a proxy of this machine alone', { ownProxies: ['https_proxy'] }, ['proxies warning']],
  ['swap on an old kernel', { swap: { areas: ['/dev/sda2'], hasNoswap: false } }, ['swap warning']],
  ['swap on a new kernel', { swap: { areas: ['/dev/sda2'], hasNoswap: true } }, []],
  ['little space', { disks: [{ folder: '/', what: 'images', freeBytes: 1e9 }] }, ['disk warning']],
  ['no space', { disks: [{ folder: '/', what: 'images', freeBytes: 1e6 }] }, ['disk problem']],
])('this machine: %s', (_what, part, expected) => {
  expect(troubles(toMachineRows({ ...machine, ...part }))).toEqual(expected);
});

test('swap is told from the kernel’s table, compressed memory left out', () => {
  const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  expect(toSwapFacts(head, '6.1.0-13-amd64')).toEqual({ areas: [], hasNoswap: false });
  const table = `${head}/dev/zram0 partition 1 0 100\n/swapfile file 2 0 -2\n`;
  expect(toSwapFacts(table, '6.4.0')).toEqual({ areas: ['/swapfile'], hasNoswap: true });
  expect(toSwapFacts('', '7.0').hasNoswap).toBe(true);
});

function insideOf(config: string, part: Partial<InsideFacts> = {}): InsideFacts {
  const parsed = parseConfig(`image: a/b:1\n${config}`, 'config.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return {
    config: parsed.config,
    ownerUid: 1234,
    ownUid: 1234,
    ids: { uid: 1234, gid: 1234 },
    ssh: { folder: '/home/me/.ssh', keyProblems: [], usesCopy: false, agent: null },
    takenPorts: [],
    image: { id: `sha256:${'1'.repeat(64)}`, registryDigest: null },
    ...part,
  };
}
const open = { what: 'id_rsa lets others read it.', nextStep: 'chmod 600 id_rsa' };

test.each<[string, InsideFacts, readonly string[]]>([
  ['fine', insideOf(''), []],
  ['no image', insideOf('', { image: null }), ['image warning']],
  ['root in another’s folder', insideOf('user: root\n', { ids: { uid: 0, gid: 0 } }), ['user-ids warning']],
  ['another’s folder', insideOf('', { ownUid: 1000 }), ['user-ids warning']],
  ['owners mapped by the engine', insideOf('', { ids: null }), []],
  [
    'a key that ssh refuses',
    insideOf('', { ssh: { folder: '/s', keyProblems: [open, open], usesCopy: false, agent: null } }),
    ['ssh-key warning', 'ssh-key warning'],
  ],
  [
    'no agent',
    insideOf('ssh: agent\n', { ssh: { folder: null, keyProblems: [], usesCopy: false, agent: open } }),
    ['ssh-agent warning'],
  ],
  ['ssh: none', insideOf('ssh: none\n'), []],
  ['a taken port', insideOf('ports: [3000]\n', { takenPorts: [{ port: 3000, holder: 'node' }] }), ['ports warning']],
])('inside: %s', (_what, facts, expected) => {
  expect(troubles(toInsideRows(facts, [], []))).toEqual(expected);
});

test('inside: a private resolver is a warning unless the config goes by it', () => {
  expect(troubles(toInsideRows(insideOf(''), ['10.0.0.2'], []))).toEqual(['dns warning']);
  expect(troubles(toInsideRows(insideOf('dns: host\n'), ['10.0.0.2'], []))).toEqual([]);
});
