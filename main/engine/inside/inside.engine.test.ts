import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { baseConfig, openEngineFixture, type EngineFixture } from '../testing/engine-fixture.ts';

let fixture: EngineFixture;
let sshFolder: string;
beforeAll(async () => {
  fixture = await openEngineFixture({ environment: { ...process.env, TZ: 'Asia/Tokyo', LANG: 'en_US.UTF-8' } });
  sshFolder = path.join(fixture.homeFolder, '.ssh');
  const identity =
    '[user]\n\tname = Ada "the first" Lovelace\n\temail = ada@example.com\n[safe]\n\tdirectory = /elsewhere\n';
  await writeFile(path.join(fixture.homeFolder, '.gitconfig'), identity);
  await mkdir(path.join(fixture.homeFolder, '.docker'));
  const proxies = { default: { httpProxy: 'http://ann:hidden@proxy.test:3128', noProxy: 'localhost' } };
  await writeFile(path.join(fixture.homeFolder, '.docker', 'config.json'), JSON.stringify({ proxies }));
});
afterAll(async () => fixture.close());

/** A trusted folder owned by a uid, its container up. */
async function up(name: string, config: string, uid: number): Promise<string> {
  const folder = await fixture.folder(name, baseConfig + config);
  execFileSync('chown', ['-R', `${uid}:${uid}`, folder]);
  const projectId = await fixture.trusted(folder);
  expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
  return projectId;
}

describe.runIf(process.getuid?.() === 0)('inside (needs root: its folders have several owners)', () => {
  describe.each([0, 1000, 1234])('a folder of uid %i', (uid) => {
    test('belongs to the user inside, and what is made there to the person outside', async () => {
      const projectId = await up(`owner-${uid}`, 'env: { GREETING: hello }\n', uid);
      onTestFinished(async () => fixture.down(projectId));
      expect(
        await fixture.inside(projectId, 'id -u; id -g; whoami; echo $HOME; stat -c %u ~ ~/.bashrc; touch made'),
      ).toBe(`0 ${uid}\n${uid}\ntazpod\n/home/tazpod\n${uid}\n${uid}`);
      const { folder } = fixture.project(projectId);
      expect(await stat(path.join(folder, 'made'))).toMatchObject({ uid, gid: uid });

      const commit = 'git init -q . && git add made && git commit -qm first && git log --format="%an <%ae>"';
      expect(await fixture.inside(projectId, commit)).toBe(
        '0 Ada "the first" Lovelace <ada@example.com>'.replaceAll('"', ''),
      );
      expect(await fixture.inside(projectId, 'git config --global --get-all safe.directory')).toBe(
        '0 /workspace\n/elsewhere',
      );
      expect(await fixture.inside(projectId, 'echo $TZ $LANG $GREETING $HTTP_PROXY $no_proxy $HOST_CWD')).toBe(
        `0 Asia/Tokyo en_US.UTF-8 hello http://ann:hidden@proxy.test:3128 localhost ${folder}`,
      );
    });
  });

  test('the trust question names the ids, and shows no proxy password', async () => {
    const folder = await fixture.folder('asks', `${baseConfig}setup: make\ncaches: [~/.npm]\n`);
    await chown(folder, 1234, 1234);
    await fixture.run({ type: 'registerProject', folder });
    const project = fixture.engine.snapshot().projects.find((one) => one.folder === folder);
    if (project?.trust.status !== 'untrusted') throw new Error('it is trusted');
    expect(project.trust.grants).toContainEqual(
      expect.objectContaining({ key: 'user-ids', value: 'tazpod gets 1234:1234' }),
    );
    const keys = project.trust.grants.map(({ key }) => key);
    expect(keys).toEqual(
      expect.arrayContaining(['host-env:TZ', 'host-env:HTTP_PROXY', 'history', 'cache:~/.npm', 'setup']),
    );
    expect(JSON.stringify(fixture.engine.snapshot())).not.toContain('hidden');
  });

  test('git set by the image or the person inside is not overwritten', async () => {
    const projectId = await up('own-name', '', 1000);
    onTestFinished(async () => fixture.down(projectId));
    await fixture.inside(projectId, 'git config --global user.name Inner');
    expect(await fixture.run({ type: 'restartProject', projectId })).toMatchObject({ ok: true });
    expect(
      await fixture.inside(projectId, 'git config --global user.name; git config --global --get-all safe.directory'),
    ).toBe('0 Inner\n/workspace\n/elsewhere');
  });

  test('history and caches outlive down, belong to the user, and go with forget --caches', async () => {
    const projectId = await up('kept', 'caches: [~/.cache/pip, /opt/cache]\n', 1234);
    expect(
      await fixture.inside(projectId, 'echo one > ~/.cache/pip/a && echo two > /opt/cache/b && touch ~/.cache/other'),
    ).toBe('0');
    const shell = await fixture.openSession({ kind: 'shell', projectId, size: { rows: 24, columns: 80 } });
    await shell.session.write(Buffer.from('echo remember-$((40 + 2))\n'));
    await shell.printed(/remember-42/u);
    await shell.session.end();
    await fixture.down(projectId);
    expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
    expect(await fixture.inside(projectId, 'cat ~/.cache/pip/a /opt/cache/b; grep -c remember "$HISTFILE"')).toBe(
      '0 one\ntwo\n1',
    );
    await fixture.down(projectId);
    const label = [`tazpod.project=${projectId}`];
    expect((await fixture.client.listVolumes({ filters: { label } })).Volumes).toHaveLength(3);
    await fixture.client.createVolume({ Name: 'strangers', Labels: { 'tazpod.project': projectId } });
    onTestFinished(async () => {
      await fixture.client.getVolume('strangers').remove();
    });
    expect(await fixture.run({ type: 'forgetProject', projectId, caches: true })).toMatchObject({ ok: true });
    expect((await fixture.client.listVolumes({ filters: { label } })).Volumes.map(({ Name }) => Name)).toEqual([
      'strangers',
    ]);
  });

  describe.runIf(existsSync('/usr/sbin/sshd'))('ssh (needs /usr/sbin/sshd of openssh-server)', () => {
    let port: number;
    const gateway = async (projectId: string): Promise<string> =>
      (await fixture.inside(projectId, 'awk \'$2 == "00000000" { print $3 }\' /proc/net/route'))
        .replace(/^0 /u, '')
        .replace(/^(..)(..)(..)(..)$/u, (_, a: string, b: string, c: string, d: string) =>
          [d, c, b, a].map((hex) => Number.parseInt(hex, 16)).join('.'),
        );

    beforeAll(async () => {
      await mkdir(sshFolder, { mode: 0o700 });
      const key = path.join(sshFolder, 'id_ed25519');
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
      await writeFile(path.join(sshFolder, 'config'), 'Host *\n  UseKeychain yes\n  AddKeysToAgent yes\n');
      await chmod(path.join(sshFolder, 'config'), 0o600);
      await writeFile(path.join(sshFolder, 'known_hosts'), '');
      execFileSync('chown', ['-R', '1234:1234', sshFolder]);
      const root = path.join(fixture.root, 'sshd');
      await mkdir(root);
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(root, 'host')]);
      await writeFile(path.join(root, 'authorized'), await readFile(`${key}.pub`), { mode: 0o600 });
      port = 20_000 + (process.pid % 20_000);
      const options = ['StrictModes no', 'UsePAM no', 'PidFile none', 'PermitRootLogin yes', `Port ${port}`];
      await writeFile(
        path.join(root, 'config'),
        `${options.join('\n')}\nHostKey ${path.join(root, 'host')}\nAuthorizedKeysFile ${path.join(root, 'authorized')}\n`,
      );
      await mkdir('/run/sshd', { recursive: true });
      const daemon = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', path.join(root, 'config')]);
      await new Promise<void>((resolve, reject) => {
        let said = '';
        daemon.once('error', reject);
        daemon.once('exit', () => reject(new Error(said)));
        daemon.stderr.on('data', (chunk: Buffer) => {
          said += chunk.toString('utf8');
          if (said.includes('Server listening')) resolve();
        });
      });
      return () => daemon.kill();
    });

    test('read-only: UseKeychain does no harm, the host is remembered inside, and ~/.ssh stays as it is', async () => {
      const projectId = await up('keys', '', 1234);
      onTestFinished(async () => fixture.down(projectId));
      const to = await gateway(projectId);
      const login = `ssh -o BatchMode=yes -p ${port}`;
      expect(
        await fixture.inside(projectId, `${login} -o StrictHostKeyChecking=accept-new root@${to} echo through`),
      ).toMatch(/^0 [^]*through$/u);
      // Now known: no question and no warning.
      expect(await fixture.inside(projectId, `${login} -o StrictHostKeyChecking=yes root@${to} echo again 2>&1`)).toBe(
        '0 again',
      );
      expect(await fixture.inside(projectId, 'echo x > ~/.ssh/id_ed25519')).toMatch(/^1 .*Read-only file system/u);
      expect(await readFile(path.join(sshFolder, 'known_hosts'), 'utf8')).toBe('');
      expect(await readFile(path.join(sshFolder, 'config'), 'utf8')).not.toContain('IgnoreUnknown');
    });

    test('agent: signs in with the agent alone', async () => {
      const folderOfAgent = await mkdtemp(path.join(tmpdir(), 'tazpod-agent-'));
      onTestFinished(async () => rm(folderOfAgent, { recursive: true }));
      await chown(folderOfAgent, 1234, 1234);
      const socket = path.join(folderOfAgent, 'agent.sock');
      // An agent answers its own uid alone, so it is the folder's owner's.
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { uid: 1234, gid: 1234 });
      onTestFinished(() => void agent.kill());
      await new Promise((resolve) => agent.stdout.once('data', resolve));
      execFileSync('ssh-add', ['-q', path.join(sshFolder, 'id_ed25519')], {
        env: { ...process.env, SSH_AUTH_SOCK: socket },
      });
      const other = await openEngineFixture({ environment: { ...process.env, SSH_AUTH_SOCK: socket } });
      onTestFinished(async () => other.close());
      const folder = await other.folder('agent', `${baseConfig}ssh: agent\n`);
      await chown(folder, 1234, 1234);
      const projectId = await other.trusted(folder);
      expect(await other.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
      const opened = await other.openSession({
        kind: 'shell',
        projectId,
        size: { rows: 24, columns: 80 },
        terminal: false,
        command: ['ssh-add', '-l'],
      });
      expect(await opened.ended).toMatchObject({ exitCode: 0 });
      expect(opened.text()).toMatch(/ED25519/u);
    });

    test('a key that ssh would refuse is told with what to do', async () => {
      const key = path.join(sshFolder, 'id_ed25519');
      await chmod(key, 0o644);
      const projectId = await up('open-key', '', 1234);
      onTestFinished(async () => {
        await chmod(key, 0o600);
        await fixture.down(projectId);
      });
      expect(fixture.project(projectId).activity.map(({ text }) => text)).toContain(
        `ssh inside refuses ${key}: its mode 0644 lets others read it. Run: chmod 600 ${key}`,
      );
    });
  });
});
