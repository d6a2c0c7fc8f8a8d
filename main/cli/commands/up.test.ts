import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toFailure } from '../../../preload/contract/errors.ts';
import { FakeHost } from '../fake/fake-host.ts';
import { beginWord, runWord, turns, until } from '../fake/run-word.ts';
import {
  endingOf,
  operationId,
  operationOf,
  projectId,
  projectOf,
  runningContainer,
  snapshotOf,
  trustHash,
  untrusted,
} from '../fake/snapshots.ts';

const folder = '/home/me/acme';
const otherId = 'op-ffffffffffff';

function hostWith(changes: Parameters<typeof projectOf>[1] = {}): FakeHost {
  const host = new FakeHost(snapshotOf({ projects: [projectOf(folder, changes)] }));
  return host.on('startProject', () => {
    host.publishProject({ operations: [operationOf()] });
    return { accepted: true, operationId };
  });
}

test('up waits for the end of its own operation, not of another', async () => {
  const host = hostWith();
  const { io, code } = beginWord('up', [host]);
  let isOver = false;
  void code.then(() => (isOver = true));
  await until(() => host.sent('startProject').length === 1);
  host.publishProject({ activity: [endingOf({ operationId: otherId })] });
  await turns();
  expect(isOver).toBe(false);
  host.publishProject({ container: runningContainer, operations: [], activity: [endingOf()] });
  expect(await code).toBe(0);
  expect(io.stdout).toBe('Started acme (container acme-lab).\n');
  expect(io.stderr).toBe('acme: starting the container\n');
  expect(io.leftListeners).toBe(0);
});

test('an operation that ended before its answer counts', async () => {
  const host = hostWith();
  host.on('startProject', () => {
    host.publishProject({ container: runningContainer, activity: [endingOf()] });
    return { accepted: true, operationId };
  });
  expect((await runWord('up', [host])).code).toBe(0);
});

test('a running container is said to be running', async () => {
  const host = hostWith({ container: runningContainer });
  host.on('startProject', () => ({ accepted: true }));
  const { io } = await runWord('up', [host]);
  expect(io.stdout).toContain('acme is running already');
});

test.each([
  ['failed', toFailure('disk-full', { action: 'create', reason: 'no space' }), 1],
  ['failed', toFailure('engine-unreachable', { tried: ['/run/docker.sock'] }), 4],
  ['cancelled', undefined, 1],
] as const)('an operation that ended as %s (%o) exits with %i', async (outcome, failure, code) => {
  const host = hostWith();
  host.on('startProject', () => {
    host.publishProject({ activity: [endingOf({ outcome, ...(failure === undefined ? {} : { failure }) })] });
    return { accepted: true, operationId };
  });
  const { io, code: got } = await runWord('up', [host]);
  expect(got).toBe(code);
  expect(io.stdout).toBe('');
  expect(io.stderr).toContain(failure?.message ?? 'Starting acme was cancelled');
});

test('--json prints the project and nothing else, failures included', async () => {
  const host = hostWith();
  const { io, code } = beginWord('up --json', [host]);
  await until(() => host.sent('startProject').length === 1);
  host.publishProject({ container: runningContainer, operations: [], activity: [endingOf()] });
  expect(await code).toBe(0);
  expect(JSON.parse(io.stdout)).toEqual(host.state.projects[0]);

  const failing = hostWith();
  failing.on('startProject', () => ({
    accepted: false,
    failure: toFailure('disk-full', { action: 'x', reason: 'y' }),
  }));
  const second = await runWord('up --json', [failing]);
  expect(JSON.parse(second.io.stdout)).toMatchObject({ failure: { code: 'disk-full' } });
});

test('untrusted without a terminal: exit 3, nothing started; --trust allows what is shown', async () => {
  const host = hostWith({ trust: untrusted });
  const { io, code } = await runWord('up', [host]);
  expect(code).toBe(3);
  expect(io.stderr).toContain('--trust');
  expect(host.sent('startProject')).toEqual([]);

  host.on('startProject', () => ({ accepted: true }));
  expect((await runWord('up --trust', [host])).code).toBe(0);
  expect(host.sent('trustProject')).toEqual([{ type: 'trustProject', projectId, trustHash }]);
});

test('on a terminal the grants are shown, what changed is marked, and the answer decides', async () => {
  const host = hostWith({ trust: untrusted });
  const options = { isTty: true, environment: { NO_COLOR: '1' } };
  const no = await runWord('up', [host], { ...options, answers: [''] });
  expect(no.code).toBe(3);
  expect(host.sent('trustProject')).toEqual([]);
  expect(no.io.stderr).toContain('changed since you allowed it');
  expect(no.io.stderr).toContain('  Image  tazpod/base:local\n         What runs.');
  expect(no.io.stderr).toContain('* DNS    1.1.1.1  (was host)');

  host.on('startProject', () => ({ accepted: true }));
  const yes = await runWord('up', [host], { ...options, answers: ['d', 'y'] });
  expect(yes.code).toBe(0);
  expect(yes.io.stderr).toContain('"Image": "tazpod/base:local"');
  expect(host.sent('trustProject')).toHaveLength(1);
});

test('a config that changes while its question is shown is asked about again', async () => {
  const host = hostWith({ trust: untrusted });
  const laterHash = 'b'.repeat(64);
  host.on('startProject', () => ({ accepted: true }));
  host.on('trustProject', () => {
    if (host.sent('trustProject').length > 1) return { accepted: true };
    host.publishProject({ trust: { ...untrusted, trustHash: laterHash } });
    return { accepted: false, failure: toFailure('trust-changed', { folder }) };
  });
  const { io, code } = await runWord('up', [host], { isTty: true, answers: ['y', 'y'] });
  expect(code).toBe(0);
  expect(io.questions).toHaveLength(2);
  expect(host.sent('trustProject')[1]).toMatchObject({ trustHash: laterHash });
});

test('Ctrl-C cancels, a second one leaves the operation running', async () => {
  const host = hostWith();
  const first = beginWord('up', [host]);
  await until(() => host.sent('startProject').length === 1);
  first.io.raise('SIGINT');
  await turns();
  expect(host.sent('cancelOperation')).toEqual([{ type: 'cancelOperation', operationId }]);
  host.publishProject({ operations: [], activity: [endingOf({ outcome: 'cancelled' })] });
  expect(await first.code).toBe(1);
  expect(first.io.stderr).toContain('Starting acme was cancelled.');

  const stubborn = hostWith();
  stubborn.on('cancelOperation', () => ({
    accepted: false,
    failure: toFailure('not-cancellable', { action: 'Start' }),
  }));
  const second = beginWord('up', [stubborn]);
  await until(() => stubborn.sent('startProject').length === 1);
  second.io.raise('SIGINT');
  await turns();
  second.io.raise('SIGINT');
  expect(await second.code).toBe(1);
  expect(second.io.stderr).toContain("can't be cancelled safely");
  expect(second.io.stderr).toContain('goes on');
  expect(second.io.leftListeners).toBe(0);
});

test('a host lost in the middle: once more, then by the state', async () => {
  for (const [container, code] of [
    [runningContainer, 0],
    [{ status: 'missing' }, 1],
  ] as const) {
    const host = hostWith();
    const next = new FakeHost(snapshotOf({ projects: [projectOf(folder, { container })] }));
    const run = beginWord('up', [host, next]);
    await until(() => host.sent('startProject').length === 1);
    host.lose();
    expect(await run.code).toBe(code);
    expect(next.sent('startProject')).toEqual([]);
    if (code === 1) expect(run.io.stderr).toContain('goes on from the state');
  }
});

test('a host that is just ending is left for its successor; nothing is done twice', async () => {
  const ending = hostWith();
  ending.on('startProject', () => ({ accepted: false, failure: toFailure('host-stopping', { reason: 'idle' }) }));
  const next = hostWith();
  next.on('startProject', () => ({ accepted: true }));
  expect((await runWord('up', [ending, next])).code).toBe(0);
  expect(next.sent('startProject')).toHaveLength(1);
  expect((await runWord('up', [ending])).code).toBe(1);
});

test('the engine is waited for by event; away is told once, with exit 4, before anything is tried', async () => {
  const host = hostWith();
  host.publish({ engine: { status: 'connecting', endpoint: 'unix:///x' } });
  const { io, code } = beginWord('up', [host]);
  await turns();
  expect(host.commands).toEqual([]);
  host.publish({ engine: { status: 'away', failure: toFailure('engine-unreachable', { tried: ['/a', '/b'] }) } });
  expect(await code).toBe(4);
  expect(host.commands).toEqual([]);
  expect(io.stderr.match(/No Docker engine answers/gu)).toHaveLength(1);
  expect(io.stderr).toContain('Looked for: /a, /b');
});

test('an unregistered folder: without config exit 3, with one it is registered, --init writes one', async () => {
  const root = await mkdtemp(join(tmpdir(), 'tazpod-cli-'));
  try {
    const host = new FakeHost(snapshotOf());
    const register = (): { accepted: true } => {
      host.publish({ projects: [projectOf(root, { container: runningContainer })] });
      return { accepted: true };
    };
    host.on('registerProject', register).on('initProject', register);
    const options = { currentFolder: root };
    const without = await runWord('up', [host], options);
    expect(without.code).toBe(3);
    expect(without.io.stderr).toContain('tazpod init');
    expect(host.sent('registerProject')).toEqual([]);

    expect((await runWord('up --init --image a/b:c', [host], options)).code).toBe(0);
    expect(host.sent('initProject')).toEqual([{ type: 'initProject', folder: root, image: 'a/b:c' }]);

    host.publish({ projects: [] });
    await mkdir(join(root, '.tazpod'));
    await writeFile(join(root, '.tazpod', 'config.yaml'), 'image: x');
    expect((await runWord('up', [host], options)).code).toBe(0);
    expect(host.sent('registerProject')).toEqual([{ type: 'registerProject', folder: root }]);
  } finally {
    await rm(root, { recursive: true });
  }
});

test('a config that is not valid stops it with every problem', async () => {
  const problems = [{ line: 3, column: 7, key: 'dns', found: '5', allowed: 'addresses' }];
  const file = `${folder}/.tazpod/config.yaml`;
  const failure = toFailure('config-invalid', { file, problems });
  const host = hostWith({ config: { status: 'invalid', file, failure, problems }, trust: { status: 'unknown' } });
  const { io, code } = await runWord('up', [host]);
  expect(code).toBe(1);
  expect(io.stderr).toContain(`${file}:3:7: dns`);
  expect(host.sent('startProject')).toEqual([]);
});
