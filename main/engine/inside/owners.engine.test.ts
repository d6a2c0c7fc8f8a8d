import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { DoctorRow } from '../../../preload/contract/doctor.ts';
import { baseConfig, openEngineFixture, type EngineFixture } from '../testing/engine-fixture.ts';

let fixture: EngineFixture;
beforeAll(async () => {
  fixture = await openEngineFixture();
  await chmod(fixture.root, 0o711);
  const identity = '[user]\n\tname = Grace Hopper\n\temail = grace@example.com\n';
  await writeFile(path.join(fixture.homeFolder, '.gitconfig'), identity);
});
afterAll(async () => fixture.close());

/** `~/.ssh` of a person: one key that only they may read. */
async function giveKeys(uid: number): Promise<void> {
  const folder = path.join(fixture.homeFolder, '.ssh');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'id_ed25519')]);
  await writeFile(path.join(folder, 'known_hosts'), '');
  execFileSync('chown', ['-R', `${uid}:${uid}`, folder]);
}

async function lookAt(projectId: string): Promise<readonly DoctorRow[]> {
  const report = await fixture.openSession({ kind: 'doctor', projectId });
  await report.ended;
  const lines = report.text().trim().split('\n');
  return lines.map((line) => JSON.parse(line) as DoctorRow);
}

describe.runIf(process.getuid?.() === 0)('a person of another uid (needs root: folders have several owners)', () => {
  test.each([0, 1000, 1234])(
    'uid %i: setup, files, git, keys, caches, history, a port and a changed config are theirs',
    async (uid) => {
      await giveKeys(uid);
      const port = 22_000 + (process.pid % 20_000) + (uid % 997);
      const config = `${baseConfig}setup: id -u > made-by-setup\ncaches: [~/.cache/tool]\nports: ['${port}:8000']\n`;
      const folder = await fixture.folder(`owner-${uid}`, `# kept\n${config}`);
      execFileSync('chown', ['-R', `${uid}:${uid}`, folder]);
      const projectId = await fixture.trusted(folder);
      const up = async (): Promise<void> => {
        expect(await fixture.run({ type: 'startProject', projectId })).toMatchObject({ ok: true });
        await fixture.waitFor(() => fixture.project(projectId).operations.length === 0, 'its setup');
        expect(fixture.project(projectId).failure).toBeNull();
      };
      await up();
      onTestFinished(async () => {
        await fixture.run({ type: 'stopProject', projectId });
      });

      expect((await readFile(path.join(folder, 'made-by-setup'), 'utf8')).trim()).toBe(String(uid));
      const commit = 'git init -q . && git add -A && git commit -qm one && git log --format="%an <%ae>"';
      expect(await fixture.inside(projectId, commit)).toBe('0 Grace Hopper <grace@example.com>');
      expect(await fixture.inside(projectId, 'mkdir -p a/b && touch a/b/c')).toBe('0');
      for (const name of ['made-by-setup', '.git', '.git/HEAD', 'a', 'a/b/c']) {
        expect(await stat(path.join(folder, name)), name).toMatchObject({ uid, gid: uid });
      }

      // What ssh itself asks of a key: readable, and nobody else's.
      const keys = [
        'ssh-keygen -y -f ~/.ssh/id_ed25519 >/dev/null',
        "known=$(ssh -G x 2>/dev/null | sed -n 's/^userknownhostsfile //p' | cut -d' ' -f1)",
        'echo host >> "$known" && tail -1 "$known"',
      ].join(' && ');
      expect(await fixture.inside(projectId, keys)).toBe('0 host');
      const rows = await lookAt(projectId);
      expect(rows.filter(({ id, result }) => /^ssh|user-ids|ports|image/u.test(id) && result !== 'ok')).toEqual([]);

      const shell = await fixture.openSession({ kind: 'shell', projectId, size: { rows: 24, columns: 80 } });
      const answer = `HTTP/1.0 200 OK\\r\\n\\r\\nuid \\$>`;
      const serve = `perl -MIO::Socket::INET -e '$s=IO::Socket::INET->new(Listen=>5,LocalPort=>8000,ReuseAddr=>1);$|=1;print "se"."rves\\n";while($c=$s->accept){sysread $c,$_,999;print $c "${answer}";close $c}'`;
      await shell.session.write(Buffer.from(`${serve.replaceAll('\\$>', '$>')}\n`));
      await shell.printed(/serves/u);
      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe(`uid ${uid}`);
      await shell.session.write(Buffer.from([3]));
      await shell.session.write(Buffer.from('echo stopped-$((6 * 7))\n'));
      await shell.printed(/stopped-42/u);
      await shell.session.end();
      expect(await fixture.inside(projectId, 'echo cached > ~/.cache/tool/mark')).toBe('0');
      await fixture.down(projectId);
      await up();
      expect(await fixture.inside(projectId, 'cat ~/.cache/tool/mark; grep -c stopped "$HISTFILE"')).toBe(
        '0 cached\n1',
      );
      expect(await fixture.inside(projectId, 'stat -c %u ~/.cache/tool ~/.cache/tool/mark "$HISTFILE"')).toBe(
        `0 ${uid}\n${uid}\n${uid}`,
      );

      const file = path.join(folder, '.tazpod', 'config.yaml');
      await chown(file, uid, uid);
      expect(await fixture.run({ type: 'changeImage', projectId, image: 'other/image:1' })).toMatchObject({ ok: true });
      expect(await stat(file)).toMatchObject({ uid, gid: uid });
      expect(await readdir(path.join(folder, '.tazpod'))).toEqual(['config.yaml']);
    },
    60_000,
  );
});
