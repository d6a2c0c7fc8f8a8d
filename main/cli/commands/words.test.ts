import { expect, test } from 'vitest';
import { toFailure } from '../../../preload/contract/errors.ts';
import { FakeHost } from '../fake/fake-host.ts';
import { beginWord, runWord, until } from '../fake/run-word.ts';
import {
  containerId,
  endingOf,
  operationId,
  projectId,
  projectOf,
  runningContainer,
  snapshotOf,
  trustHash,
  untrusted,
} from '../fake/snapshots.ts';

const folder = '/home/me/acme';
const hostWith = (changes: Parameters<typeof projectOf>[1] = {}): FakeHost =>
  new FakeHost(snapshotOf({ projects: [projectOf(folder, changes)] }));

test('usage errors exit with 2 and print nothing on stdout', async () => {
  const { io, code } = await runWord('statsu', []);
  expect(code).toBe(2);
  expect(io.stdout).toBe('');
  expect(io.stderr).toContain('Did you mean status?');
  expect(io.stderr).toContain('Usage:');
});

test('help and the help of each word need no host process', async () => {
  expect((await runWord('--help', [])).io.stdout).toContain('rebuild');
  expect((await runWord('help ssh', [])).io.stdout).toContain('tazpod enter [FOLDER]');
  const { io, code } = await runWord('up --help', []);
  expect(code).toBe(0);
  expect(io.stdout).toContain('--init');
});

test('down of what has no container is done, and says so', async () => {
  const host = hostWith();
  const { io, code } = await runWord('down', [host]);
  expect(code).toBe(0);
  expect(io.stdout).toContain('nothing to stop');
  expect(host.sent('stopProject')).toEqual([]);
});

test('down, restart and rebuild wait for their operation', async () => {
  for (const [word, type, said] of [
    ['down', 'stopProject', 'Stopped and removed the container of acme.'],
    ['restart', 'restartProject', 'Restarted acme'],
    ['rebuild --pull', 'rebuildProject', 'Rebuilt acme'],
  ] as const) {
    const host = hostWith({ container: runningContainer });
    host.on(type, () => {
      host.publishProject({ activity: [endingOf()] });
      return { accepted: true, operationId };
    });
    const { io, code } = await runWord(word, [host]);
    expect(code).toBe(0);
    expect(io.stdout).toContain(said);
  }
});

test('an unknown folder names a registered parent', async () => {
  const host = new FakeHost(snapshotOf({ projects: [projectOf('/usr')] }));
  const { io, code } = await runWord('down', [host], { currentFolder: '/usr/share' });
  expect(code).toBe(1);
  expect(io.stderr).toContain('/usr is registered');
  const gone = await runWord('down no-such-folder', [host], { currentFolder: '/usr/share' });
  expect(gone.io.stderr).toContain('/usr/share/no-such-folder does not exist');
  const away = await runWord('down', [host], { currentFolder: '/etc' });
  expect(away.io.stderr).toContain('tazpod init');
});

test('a host process that cannot be started is one clear error', async () => {
  const { io, code } = await runWord('status', []);
  expect(code).toBe(1);
  expect(io.stderr).toContain('could not be started');
});

test('trust: shown, asked, allowed by its hash; --json is the trust state alone', async () => {
  const host = hostWith({ trust: untrusted });
  host.on('trustProject', () => {
    host.publishProject({ trust: { status: 'trusted', trustHash, atMs: 0, grants: [] } });
    return { accepted: true };
  });
  const json = await runWord('trust --json', [host]);
  expect(json.code).toBe(3);
  expect(JSON.parse(json.io.stdout)).toEqual(untrusted);
  const piped = await runWord('trust', [host]);
  expect(piped.code).toBe(3);
  expect(piped.io.stdout).toContain('What runs.');
  expect(piped.io.stderr).toContain('--yes');
  const yes = await runWord('trust', [host], { isTty: true, answers: ['y'] });
  expect(yes.code).toBe(0);
  expect(host.sent('trustProject')).toEqual([{ type: 'trustProject', projectId, trustHash }]);
  expect(yes.io.stdout).toContain('Allowed acme.');
});

test('adopt: shows which, asks, takes exactly that one', async () => {
  const adoptable = { id: containerId, name: 'old-lab', image: 'x:y', status: 'running' };
  const host = hostWith({ adoptable });
  host.on('adoptContainer', () => {
    host.publishProject({ activity: [endingOf({ kind: 'adopt' })] });
    return { accepted: true, operationId };
  });
  const no = await runWord('adopt', [host]);
  expect(no.code).toBe(3);
  expect(no.io.stderr).toContain('old-lab (cccccccccccc, image x:y, running)');
  expect(host.sent('adoptContainer')).toEqual([]);
  expect((await runWord('adopt', [host], { isTty: true, answers: ['yes'] })).code).toBe(0);
  expect(host.sent('adoptContainer')).toEqual([{ type: 'adoptContainer', projectId, containerId }]);
  expect((await runWord('adopt --yes', [hostWith()])).io.stderr).toContain('No container of another tool');
});

test('forget passes the refusal on', async () => {
  const host = hostWith({ container: runningContainer });
  host.on('forgetProject', () => ({
    accepted: false,
    failure: toFailure('container-exists', { folder, container: 'acme-lab' }),
  }));
  const { io, code } = await runWord('forget', [host]);
  expect(code).toBe(1);
  expect(io.stderr).toContain('tazpod down');
  expect((await runWord('forget', [hostWith()])).io.stdout).toContain('was not touched');
});

test('quit: says what stays up; nothing running is fine', async () => {
  expect((await runWord('quit', [])).io.stdout).toContain('No host process');
  const host = hostWith({ container: runningContainer });
  const { io, code } = beginWord('quit', [host]);
  await until(() => host.sent('quitHost').length === 1);
  host.lose('quit');
  expect(await code).toBe(0);
  expect(io.stdout).toContain('1 container stays up: acme.');
});

test('image: list, pull and build-base', async () => {
  const host = hostWith();
  expect((await runWord('image', [host])).io.stdout).toContain('tazpod/base:local  111111111111  120 MB');
  expect(JSON.parse((await runWord('image list --json', [host])).io.stdout)).toEqual(host.state.images);
  host.on('pullImage', () => {
    host.publish({ activity: [endingOf({ kind: 'pull-image' })] });
    return { accepted: true, operationId };
  });
  expect((await runWord('image pull a/b:c', [host])).io.stdout).toBe('Pulled a/b:c.\n');
  expect(host.sent('pullImage')).toEqual([{ type: 'pullImage', image: 'a/b:c' }]);
  expect((await runWord('image pull', [host])).code).toBe(2);
  expect((await runWord('image pul x', [host])).io.stderr).toContain('Did you mean pull?');
});

test('another engine in the environment is one line of warning', async () => {
  const other = await runWord('list', [hostWith()], { environment: { DOCKER_HOST: 'tcp://far:2375' } });
  expect(other.io.stderr.match(/Warning/gu)).toHaveLength(1);
  expect(other.io.stderr).toContain('unix:///run/docker.sock');
  expect(other.io.stderr).toContain('DOCKER_HOST=tcp://far:2375');
  expect(other.io.stderr).toContain('tazpod quit');
  const same = await runWord('list', [hostWith()], { environment: { DOCKER_HOST: 'unix:///run/docker.sock' } });
  expect(same.io.stderr).toBe('');
});
