import { chmod, mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { compareApiVersions, locateEngine, toConnection, type Located } from './locate.ts';

describe('a host', () => {
  it.each([
    ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock' }],
    ['unix:///home/a b/d:1.sock', { socketPath: '/home/a b/d:1.sock' }],
    ['npipe:////./pipe/docker_engine', { socketPath: '//./pipe/docker_engine' }],
    ['tcp://127.0.0.1:2375', { host: '127.0.0.1', port: 2375, protocol: 'http' }],
    ['tcp://127.8.9.1:99', { host: '127.8.9.1', port: 99, protocol: 'http' }],
    ['tcp://localhost', { host: 'localhost', port: 2375, protocol: 'http' }],
    ['http://localhost:1234', { host: 'localhost', port: 1234, protocol: 'http' }],
    ['tcp://[::1]:2375', { host: '::1', port: 2375, protocol: 'http' }],
  ])('%s is on this machine', (host, connection) => {
    expect(toConnection(host)).toEqual(connection);
  });

  it.each([
    'tcp://10.0.0.2:2375',
    'tcp://example.org:2375',
    'tcp://127.0.0.1.example.org:2375',
    'tcp://localhost.example.org:2375',
    'tcp://127.0.0.1@example.org:2375',
    'tcp://0.0.0.0:2375',
    'tcp://[fe80::1]:2375',
    'https://localhost:2376',
    'ssh://me@localhost',
    'context://colima',
    'unix://',
    'tcp://127.0.0.1:port',
    '/var/run/docker.sock',
    'garbage',
    '',
  ])('%j is not', (host) => {
    expect(toConnection(host)).toBe('remote');
  });
});

it.each([
  ['1.41', '1.41', 0],
  ['1.5', '1.41', -1],
  ['1.100', '1.41', 1],
  ['2.0', '1.99', 1],
  ['1', '1.41', -1],
])('API %s against %s', (left, right, sign) => {
  expect(Math.sign(compareApiVersions(left, right))).toBe(sign);
});

describe('an engine', () => {
  let folder: string;
  const servers: net.Server[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'tazpod-locate-'));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    for (const server of servers.splice(0)) {
      if (server instanceof http.Server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await rm(folder, { recursive: true, force: true });
  });

  const socket = (name = 'docker.sock'): string => path.join(folder, name);

  /** A tiny engine that answers every request in one way. */
  async function serve(answer: http.RequestListener, place: string | net.ListenOptions = socket()): Promise<void> {
    const server = http.createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) =>
      typeof place === 'string' ? server.listen(place, resolve) : server.listen(place, resolve),
    );
  }

  const answering =
    (apiVersion: string | null, status = 200): http.RequestListener =>
    (request, response) => {
      if (request.url !== '/_ping') response.writeHead(404).end();
      else response.writeHead(status, apiVersion === null ? {} : { 'Api-Version': apiVersion }).end('OK');
    };

  const locate = async (environment: Record<string, string>): Promise<Located> =>
    locateEngine({ platform: 'linux', environment, homeFolder: folder, userId: 1 });
  const at = async (host = `unix://${socket()}`): Promise<Located> => locate({ DOCKER_HOST: host });

  it('that answers is ready', async () => {
    await serve(answering('1.48'));
    expect(await at()).toEqual({
      status: 'ready',
      endpoint: { host: `unix://${socket()}`, source: 'DOCKER_HOST' },
      connection: { socketPath: socket() },
      apiVersion: '1.48',
    });
  });

  it.each(['127.0.0.1', '::1'])('on TCP at %s is ready', async (host) => {
    await serve(answering('1.41'), { host, port: 0 });
    const address = servers[0]?.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = `tcp://${host === '::1' ? '[::1]' : host}:${port}`;
    expect(await at(url)).toMatchObject({ status: 'ready', apiVersion: '1.41' });
  });

  it.each([
    ['without Api-Version', null, 200],
    ['with an error', '1.48', 500],
  ])('that answers %s is none', async (_what, version, status) => {
    await serve(answering(version, status));
    expect(await at()).toMatchObject({ status: 'unreachable', failure: { code: 'engine-unreachable' } });
  });

  it.each(['1.40', '1.9'])('that speaks %s is too old, and said so', async (version) => {
    await serve(answering(version));
    const located = await at();
    expect(located).toMatchObject({ status: 'too-old', failure: { code: 'engine-too-old' } });
    expect(located).toHaveProperty('failure.message', `The engine speaks API ${version}; 1.41 or newer is needed.`);
  });

  it('that hangs is given up after its limit, 5 s', async () => {
    await serve(() => undefined);
    const get = http.get.bind(http);
    const limits: unknown[] = [];
    vi.spyOn(http, 'get').mockImplementation(((options: http.RequestOptions, listener: () => void) => {
      limits.push(options.timeout);
      return get({ ...options, timeout: 20 }, listener);
    }) as typeof http.get);
    expect(await at()).toMatchObject({ status: 'unreachable' });
    expect(limits).toEqual([5_000]);
  });

  it('that hangs up is none', async () => {
    await serve((request) => request.socket.destroy());
    expect(await at()).toMatchObject({ status: 'unreachable' });
  });

  it('that speaks no HTTP is none', async () => {
    const server = net.createServer((connection) => connection.resume().end('SSH-2.0-x\r\n'));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(socket(), resolve));
    expect(await at()).toMatchObject({ status: 'unreachable' });
  });

  it('whose socket file outlived it is none, and the place is named', async () => {
    const { execFileSync } = await import('node:child_process');
    const script = `require('node:net').createServer().listen(${JSON.stringify(socket())}, () => process.kill(process.pid, 'SIGKILL'))`;
    expect(() => execFileSync(process.execPath, ['-e', script], { stdio: 'ignore' })).toThrow();
    const located = await at();
    expect(located).toMatchObject({
      status: 'unreachable',
      tried: [`DOCKER_HOST (unix://${socket()})`],
      failure: { details: `Looked for: DOCKER_HOST (unix://${socket()})` },
    });
  });

  it('that is not there is none', async () => {
    expect(await at()).toMatchObject({ status: 'unreachable' });
  });

  it('elsewhere is refused as remote, without asking it', async () => {
    const get = vi.spyOn(http, 'get');
    expect(await at('ssh://me@there')).toMatchObject({
      status: 'remote',
      failure: { code: 'engine-remote', message: expect.stringContaining('ssh://me@there') },
    });
    expect(get).not.toHaveBeenCalled();
  });

  it('of a context that can’t be read is told apart from a remote one', async () => {
    const environment = { DOCKER_CONTEXT: 'colima', DOCKER_CONFIG: folder };
    expect(await locate(environment)).toMatchObject({
      status: 'context',
      failure: { code: 'context-unreadable', message: expect.stringContaining('colima') },
    });
  });

  it.skipIf(process.getuid?.() === 0)('that we may not use is told apart (root may use all)', async () => {
    await serve(answering('1.48'));
    await chmod(socket(), 0);
    expect(await at()).toMatchObject({ status: 'permission', failure: { code: 'engine-permission' } });
  });

  it.each(['EACCES', 'EPERM'])('whose socket answers %s is told apart from none', async (code) => {
    vi.spyOn(http, 'get').mockImplementation(() => {
      const request = new http.ClientRequest({ socketPath: socket('nobody'), agent: false });
      request.once('socket', () => request.destroy(Object.assign(new Error(code), { code })));
      return request;
    });
    expect(await at()).toMatchObject({
      status: 'permission',
      failure: { code: 'engine-permission', message: expect.stringContaining(socket()) },
    });
  });

  describe('among the usual places', () => {
    const runtime = (): Record<string, string> => ({ XDG_RUNTIME_DIR: folder });
    /** The system's own sockets may hold an engine here: they count as absent. */
    beforeEach(() => {
      const get = http.get.bind(http);
      vi.spyOn(http, 'get').mockImplementation(((options: http.RequestOptions, listener: () => void) => {
        const own = String(options.socketPath).startsWith(folder);
        return get(own ? options : { ...options, socketPath: socket('nobody') }, listener);
      }) as typeof http.get);
    });

    it('is the first that answers', async () => {
      await serve(answering('1.45'));
      expect(await locate(runtime())).toMatchObject({
        status: 'ready',
        endpoint: { host: `unix://${socket()}`, source: 'rootless Docker' },
      });
    });

    it('is preferred over an earlier one that is too old', async () => {
      await serve(answering('1.24'));
      const { mkdir } = await import('node:fs/promises');
      await mkdir(path.join(folder, 'podman'));
      await serve(answering('1.41'), socket('podman/podman.sock'));
      expect(await locate(runtime())).toMatchObject({ status: 'ready', endpoint: { source: 'Podman' } });
    });

    it('says more by refusing than all that are not there', async () => {
      await serve(answering('1.24'));
      expect(await locate(runtime())).toMatchObject({ status: 'too-old' });
    });

    it('is missing with every place that was tried', async () => {
      const located = await locate(runtime());
      expect(located).toMatchObject({ status: 'unreachable' });
      expect(located.status === 'unreachable' ? located.tried : []).toHaveLength(10);
    });
  });
});
