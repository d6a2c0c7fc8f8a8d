import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import type { HostState, Snapshot } from '../../../preload/contract/snapshot.ts';
import { readConfig } from '../project/read-config.ts';
import { redactConfig } from '../project/redact-config.ts';
import { toDiagnostics, writeDiagnostics } from './diagnostics.ts';
import { createScrubber } from './scrub.ts';
import { initialState, reduce } from '../state/reduce.ts';

/** Everything that must not be found in the file. */
const planted = {
  environment: 'env-horse-staple',
  url: 'url-horse',
  config: 'config horse "quoted"',
  short: 'pin-4711',
  setup: 'setup-horse',
  comment: 'comment-horse',
  unknown: 'unknown-horse',
  invalid: 'invalid-horse',
  docker: 'docker:horse',
  bearer: 'bearerhorse.abc-def',
  named: 'named-horse',
  aws: 'AKIAIOSFODNNEXAMPLE',
  github: 'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
  key: 'MIIEpAIBAAKCAQEAhorse',
};

const projectId = '00112233aabbccdd';
const host: HostState = {
  kind: 'agent',
  version: '0.1.0',
  runtime: 'Node 24',
  processId: 7,
  installId: 'i',
  startedAtMs: 0,
};

let folder: string;
let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'tazpod-diagnostics-'));
  onTestFinished(async () => rm(home, { recursive: true }));
  folder = path.join(home, 'acme');
  await mkdir(path.join(folder, '.tazpod'), { recursive: true });
  await mkdir(path.join(home, '.docker'));
  const auth = Buffer.from(`mira:${planted.docker}`).toString('base64');
  await writeFile(path.join(home, '.docker', 'config.json'), JSON.stringify({ auths: { 'r.example': { auth } } }));
});

const logOf = (auth: string): string =>
  [
    `2026-11-24T20:00:00Z start acme: done in 532 ms`,
    `pull: Get "https://mira:${planted.url}@r.example/v2/?sig=${planted.url}": denied`,
    `env was API=${planted.config} and PIN ${planted.short}, or ${encodeURIComponent(planted.config)}`,
    `it printed ${JSON.stringify({ x: planted.config })} and ${Buffer.from(planted.config).toString('base64')}`,
    `Authorization: Bearer ${planted.bearer}`,
    `{"clientSecret":"${planted.named}"} --password ${planted.named} DB_PASSWORD='${planted.named}'`,
    `${planted.aws} ${planted.github} ${planted.environment} curl -H X=${planted.setup} example.com ${auth} ${planted.docker}`,
    String.raw`-----BEGIN RSA PRIVATE KEY-----\n${planted.key}\n-----END RSA PRIVATE KEY-----`,
    `engine: /var/run/docker.sock refused ${path.join(home, 'code')}`,
  ].join('\n');

async function make(config: string, log = logOf): Promise<string> {
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), config);
  const auth = Buffer.from(`mira:${planted.docker}`).toString('base64');
  const logFile = path.join(home, 'host.log');
  await writeFile(logFile, `${log(auth)}\n`);
  const read = await readConfig(folder);
  const containerName = 'acme-lab';
  const readConfigState = read.status === 'valid' ? { ...read, containerName, driftHash: '', driftFields: {} } : read;
  const added = reduce(initialState(host), {
    type: 'projectAdded',
    id: projectId,
    folder,
    read: { folderStatus: 'present', config: readConfigState, trust: { status: 'unknown' } },
  });
  const drift = [{ key: 'env.API', before: planted.config, after: null }];
  const snapshot: Snapshot = {
    ...added.snapshot,
    projects: added.snapshot.projects.map((project) => Object.assign({}, project, { drift })),
  };
  const found = read.status === 'invalid' ? read.failure.message : `fine ${planted.environment}`;
  const rows: DoctorRow[] = [
    { id: 'config', area: 'project', title: 'Config', result: 'problem', detail: found, nextStep: '' },
    { id: 'proxies', area: 'machine', title: 'Proxies', result: 'ok', detail: planted.environment, nextStep: '' },
  ];
  return toDiagnostics({
    rows,
    snapshot,
    projectId,
    logFile,
    environment: { GITHUB_TOKEN: planted.environment, PATH: '/usr/bin', DOCKER_CONFIG: '' },
    homeFolder: home,
    version: '0.1.0',
    runtime: 'Node 24',
    nowMs: 0,
  });
}

function expectNone(text: string): void {
  for (const [what, secret] of Object.entries(planted)) {
    for (const form of [
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ])
      expect(text.includes(form), `${what}: ${text.slice(text.indexOf(form) - 60, text.indexOf(form) + 60)}`).toBe(
        false,
      );
  }
}

test('a bundle holds versions, rows, config and log, and none of the secrets planted in env, config and log', async () => {
  const text = await make(
    [
      `# ${planted.comment}`,
      'image: a/b:1',
      `env: { API: ${JSON.stringify(planted.config)}, PIN: ${planted.short} }`,
      `setup: curl -H X=${planted.setup} example.com`,
      'ports: [3000]',
      `imagee: ${planted.unknown}`,
      '',
    ].join('\n'),
  );
  expectNone(text);
  const value = JSON.parse(text) as { versions: object; rows: DoctorRow[]; config: string; log: string[] };
  expect(value.versions).toMatchObject({ tazpod: '0.1.0', runtime: 'Node 24' });
  expect(value.rows.map(({ id }) => id)).toEqual(['config', 'proxies']);
  expect(value.config).toBe(
    [
      'image: a/b:1',
      'env:',
      '  API: (left out)',
      '  PIN: (left out)',
      'setup: (left out)',
      'ports:',
      '  - 3000',
      '(unknown key 1): (left out)',
      '',
    ].join('\n'),
  );
  expect(value.log[0]).toBe('2026-11-24T20:00:00Z start acme: done in 532 ms');
  expect(value.log.at(-1)).toBe('engine: /var/run/docker.sock refused ~/code');
});

test('a bundle of an invalid config tells places and what is allowed, not what was found', async () => {
  const log = (): string => `found ${planted.invalid} and ${planted.config}`;
  const more = `env: { API: ${JSON.stringify(planted.config)} }\n`;
  const text = await make(
    `image: a/b:1\nports: ["${planted.invalid}"]\n${planted.unknown}: { privileged: true }\n${more}`,
    log,
  );
  expectNone(text);
  const { rows } = JSON.parse(text) as { rows: DoctorRow[] };
  expect(rows[0]?.detail).toMatch(/^2:9: ports\[0\]: a list of ports/u);
  expect(rows[0]?.detail).not.toContain('found');
  expectNone(await make(`image: [${planted.invalid}\n${more}`, log));
});

test('a config is shown without what is not known to be harmless', () => {
  const text = redactConfig('image: "x y; rm"\nnetwork: { mtu: 1400 }\nsync: { remote: { bucket: b, type: s3 } }\n');
  expect(text).toBe(
    'image: (left out)\nnetwork:\n  mtu: 1400\nsync:\n  remote:\n    bucket: (left out)\n    type: s3\n',
  );
  expect(redactConfig('a: &a [x]\nb: [*a, *a, *a]\n')).not.toContain('x');
  expect(redactConfig(`image: ${'x'.repeat(70_000)}`)).toContain('too large');
  expect(redactConfig('- 1\n- x\n')).toBe('- (left out)\n- (left out)\n');
});

test('what is no secret stays readable', () => {
  const scrub = createScrubber([]);
  for (const text of [
    'wrong state: container 0123456789ab is running',
    '/home/ada/code/my-very-long-project-name-2026/.tazpod/config.yaml:4:10',
    'unix:///run/user/1000/podman/podman.sock',
    'stop acme: failed in 10043 ms',
  ])
    expect(scrub(text)).toBe(text);
});

test('a file that is there is not overwritten, and only its owner can read a new one', async () => {
  const file = path.join(home, 'bundle.json');
  await writeDiagnostics(file, 'one', false);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await expect(writeDiagnostics(file, 'two', false)).rejects.toMatchObject({ failure: { code: 'file-exists' } });
  await writeDiagnostics(file, 'two', true);
  expect(await readFile(file, 'utf8')).toBe('two');
  await expect(writeDiagnostics('/nowhere/at/all', 'x', false)).rejects.toMatchObject({
    failure: { code: 'file-write-failed' },
  });
});
