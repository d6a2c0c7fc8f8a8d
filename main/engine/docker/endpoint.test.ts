import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostFacts, listEndpoints, usualEndpoints, type EndpointFacts } from './endpoint.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'tazpod-endpoint-'));
});
afterEach(async () => rm(home, { recursive: true, force: true }));

const facts = (environment: EndpointFacts['environment'] = {}, part: Partial<EndpointFacts> = {}): EndpointFacts => ({
  platform: 'linux',
  environment,
  homeFolder: home,
  userId: 1000,
  ...part,
});

async function writeDockerConfig(folder: string, json: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'config.json'), json);
}

/** As `docker context create` lays it out. */
async function writeContext(folder: string, name: string, json: string): Promise<void> {
  const meta = path.join(folder, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(meta, { recursive: true });
  await writeFile(path.join(meta, 'meta.json'), json);
}

const context = (host: string): string =>
  JSON.stringify({ Name: 'colima', Metadata: {}, Endpoints: { docker: { Host: host, SkipTLSVerify: false } } });
const colima = { host: 'unix:///home/a/.colima/docker.sock', source: 'context colima' };
const dockerFolder = (): string => path.join(home, '.docker');

describe('DOCKER_HOST', () => {
  it.each([
    ['unix:///tmp/x.sock', 'unix:///tmp/x.sock'],
    ['tcp://127.0.0.1:2375', 'tcp://127.0.0.1:2375'],
    ['ssh://me@there', 'ssh://me@there'],
    ['localhost:2375', 'tcp://localhost:2375'],
  ])('%s is the only candidate', async (given, host) => {
    await writeDockerConfig(dockerFolder(), '{"currentContext":"colima"}');
    const environment = { DOCKER_HOST: given, DOCKER_CONTEXT: 'colima' };
    expect(await listEndpoints(facts(environment))).toEqual([{ host, source: 'DOCKER_HOST' }]);
  });

  it('empty is none', async () => {
    expect(await listEndpoints(facts({ DOCKER_HOST: '' }))).toEqual(usualEndpoints(facts()));
  });
});

describe('the current context', () => {
  it('is the one of config.json', async () => {
    await writeDockerConfig(dockerFolder(), '{"currentContext":"colima","auths":{}}');
    await writeContext(dockerFolder(), 'colima', context(colima.host));
    expect(await listEndpoints(facts())).toEqual([colima]);
  });

  it('is read from DOCKER_CONFIG where that is set', async () => {
    const folder = path.join(home, 'elsewhere');
    await writeDockerConfig(folder, '{"currentContext":"colima"}');
    await writeContext(folder, 'colima', context(colima.host));
    await writeDockerConfig(dockerFolder(), '{"currentContext":"other"}');
    expect(await listEndpoints(facts({ DOCKER_CONFIG: folder }))).toEqual([colima]);
  });

  it('is DOCKER_CONTEXT before that of config.json', async () => {
    await writeDockerConfig(dockerFolder(), '{"currentContext":"other"}');
    await writeContext(dockerFolder(), 'colima', context(colima.host));
    await writeContext(dockerFolder(), 'other', context('unix:///other.sock'));
    expect(await listEndpoints(facts({ DOCKER_CONTEXT: 'colima' }))).toEqual([colima]);
  });

  it('is that of config.json where the variables are empty, as for Docker itself', async () => {
    await writeDockerConfig(dockerFolder(), '{"currentContext":"colima"}');
    await writeContext(dockerFolder(), 'colima', context(colima.host));
    expect(await listEndpoints(facts({ DOCKER_CONTEXT: '', DOCKER_CONFIG: '' }))).toEqual([colima]);
  });

  it.each([
    ['is missing', null],
    ['is no JSON', '{'],
    ['is a list', '[]'],
    ['has no endpoint', '{"Name":"colima"}'],
    ['has another endpoint', '{"Endpoints":{"kubernetes":{"Host":"x"}}}'],
    ['has an empty host', '{"Endpoints":{"docker":{"Host":""}}}'],
    ['has a host of another type', '{"Endpoints":{"docker":{"Host":1}}}'],
    ['has no object there', '{"Endpoints":{"docker":null}}'],
  ])('stays the only candidate though its file %s', async (_what, meta) => {
    await writeDockerConfig(dockerFolder(), '{"currentContext":"colima"}');
    if (meta !== null) await writeContext(dockerFolder(), 'colima', meta);
    expect(await listEndpoints(facts())).toEqual([{ host: 'context://colima', source: 'context colima' }]);
  });

  it.each([
    ['names default', '{"currentContext":"default"}'],
    ['names none', '{"auths":{}}'],
    ['names an empty one', '{"currentContext":""}'],
    ['names no text', '{"currentContext":5}'],
    ['is no JSON', '{"currentContext":'],
    ['is null', 'null'],
  ])('is none where config.json %s: the usual places then', async (_what, json) => {
    await writeDockerConfig(dockerFolder(), json);
    expect(await listEndpoints(facts())).toEqual(usualEndpoints(facts()));
  });

  it('is none where DOCKER_CONTEXT says default, whatever config.json names', async () => {
    await writeDockerConfig(dockerFolder(), '{"currentContext":"colima"}');
    expect(await listEndpoints(facts({ DOCKER_CONTEXT: 'default' }))).toEqual(usualEndpoints(facts()));
  });

  it('says so where config.json is a folder', async () => {
    await mkdir(path.join(dockerFolder(), 'config.json'), { recursive: true });
    await expect(listEndpoints(facts())).rejects.toThrow(/config\.json can't be read/u);
  });
});

describe('the usual places', () => {
  it('on Linux: the system’s first, then the person’s', () => {
    const found = usualEndpoints({ ...facts({ XDG_RUNTIME_DIR: '/run/user/7' }), homeFolder: '/home/a' });
    expect(found.map(({ host }) => host)).toEqual([
      'unix:///var/run/docker.sock',
      'unix:///run/user/7/docker.sock',
      'unix:///home/a/.docker/desktop/docker.sock',
      'unix:///home/a/.docker/run/docker.sock',
      'unix:///home/a/.orbstack/run/docker.sock',
      'unix:///home/a/.colima/default/docker.sock',
      'unix:///home/a/.config/colima/default/docker.sock',
      'unix:///home/a/.rd/docker.sock',
      'unix:///run/user/7/podman/podman.sock',
      'unix:///run/podman/podman.sock',
    ]);
    expect(found.every(({ source }) => source !== '')).toBe(true);
  });

  it.each([[{}], [{ XDG_RUNTIME_DIR: '' }]])('know the runtime folder without its variable: %j', (environment) => {
    expect(usualEndpoints(facts(environment))).toContainEqual({
      host: 'unix:///run/user/1000/docker.sock',
      source: 'rootless Docker',
    });
  });

  it('on macOS: sockets too', () => {
    const found = usualEndpoints({ ...facts({}, { platform: 'darwin' }), homeFolder: '/Users/a' });
    expect(found.map(({ host }) => host)).toContain('unix:///Users/a/.docker/run/docker.sock');
  });

  it('on Windows: pipes only', () => {
    const found = usualEndpoints(facts({}, { platform: 'win32' }));
    expect(found.length).toBeGreaterThan(0);
    expect(found.every(({ host }) => host.startsWith('npipe:////./pipe/'))).toBe(true);
  });
});

it('reads this host', () => {
  const environment = { DOCKER_HOST: 'x' };
  expect(hostFacts(environment)).toMatchObject({ platform: process.platform, environment });
});
