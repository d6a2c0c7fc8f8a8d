import { execFileSync } from 'node:child_process';
import { chmod, chown, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { baseImage } from '../docker/base-image.ts';
import { buildImage } from '../docker/build-image.ts';
import { openEngineFixture, type EngineFixture } from '../testing/engine-fixture.ts';

/** The person outside: neither root nor the image's own number. */
const uid = 1234;
const debian = 'http://deb.debian.org/debian';

interface Repository {
  readonly name: string;
  /** Where Debian or npm has its source: a pool path, or a package's name and version. */
  readonly source: { readonly debian: string } | { readonly npm: string };
  readonly setup: string;
  readonly cache: string;
  /** What a developer types to build and to test it. */
  readonly work: string;
  readonly expected: RegExp;
  /** Serves the workspace on port 8000. */
  readonly serve: string;
  readonly page: { readonly path: string; readonly pattern: RegExp };
  /** What works after `down` and `up` because the cache is still there. */
  readonly again?: string;
}

const pythonServer = 'python3 -m http.server 8000';
const nodeServer = `node -e 'require("http").createServer((_, answer) => answer.end(JSON.stringify(require("/workspace")(["--up"])))).listen(8000)'`;

const repositories: readonly Repository[] = [
  {
    name: 'c',
    source: { debian: 'pool/main/z/zlib/zlib_1.2.13.dfsg.orig.tar.bz2' },
    setup: './configure',
    cache: '~/.cache/ccache',
    work: 'make -j2 >/dev/null 2>&1 && make test 2>&1',
    expected: /zlib test OK/u,
    serve: pythonServer,
    page: { path: 'zlib.pc', pattern: /^Name: zlib$/mu },
  },
  {
    name: 'python',
    source: { debian: 'pool/main/d/docopt/docopt_0.6.2.orig.tar.gz' },
    setup: 'python3 -m venv --system-site-packages .venv',
    cache: '~/.cache/pip',
    work: 'python3 setup.py -q build 2>&1 && .venv/bin/python -m pytest -q --noconftest test_docopt.py 2>&1',
    expected: /\d+ passed/u,
    serve: pythonServer,
    page: { path: 'build/lib/docopt.py', pattern: /0\.6\.2/u },
  },
  {
    name: 'node',
    source: { npm: 'minimist@1.2.8' },
    setup: 'npm ci --no-audit --no-fund',
    cache: '~/.npm',
    work: 'npm test 2>&1',
    expected: /# pass {2}\d+/u,
    serve: nodeServer,
    page: { path: '', pattern: /"up":true/u },
    // Without the network: all that was downloaded before must be there.
    again: 'rm -r node_modules && npm ci --offline --no-audit --no-fund >/dev/null && npm test 2>&1',
  },
];

/** What a machine behind a proxy of its own trusts, so that npm inside trusts it too. */
const extraCertificates = process.env['NODE_EXTRA_CA_CERTS'] ?? '';

/** Packages of Debian that bring the three tool chains; npm comes from its own package, Debian's needs 400 others. */
const toolchain = (npmArchive: string): string => `FROM ${baseImage}
USER root
RUN apt-get update -qq && apt-get install -qq -y --no-install-recommends gcc libc6-dev make nodejs python3-pytest python3-setuptools python3-venv
COPY ${npmArchive} /opt/npm.tgz
RUN mkdir /opt/npm && tar -xzf /opt/npm.tgz -C /opt/npm --strip-components=1 && ln -s /opt/npm/bin/npm-cli.js /usr/local/bin/npm
${extraCertificates === '' ? '' : 'COPY extra.crt /opt/extra.crt\nENV NODE_EXTRA_CA_CERTS=/opt/extra.crt\n'}USER tazpod
`;

/** What is missing here, to stand in the name of what is skipped; empty where all is there. */
async function findMissing(): Promise<string> {
  if (process.getuid?.() !== 0) return ' (skipped: needs root, its folders belong to another user)';
  const answers = await Promise.all(
    [`${debian}/dists/bookworm/Release`, 'https://registry.npmjs.org/tape'].map(async (address) =>
      fetch(address, { method: 'HEAD', signal: AbortSignal.timeout(5_000) }).then(
        ({ ok }) => ok,
        () => false,
      ),
    ),
  );
  return answers.every(Boolean) ? '' : ' (skipped: needs the network, for packages of Debian and npm)';
}
const missing = await findMissing();

describe.skipIf(missing !== '')(`repositories of a user with uid ${uid}${missing}`, () => {
  const image = `tazpod-test/toolchain-${process.pid}:latest`;
  let fixture: EngineFixture;

  beforeAll(async () => {
    fixture = await openEngineFixture();
    await chmod(fixture.root, 0o711);
    const identity = '[user]\n\tname = Grace Hopper\n\temail = grace@example.com\n';
    await writeFile(path.join(fixture.homeFolder, '.gitconfig'), identity);
    const context = path.join(fixture.root, 'toolchain');
    await mkdir(context);
    const archive = npmPack('npm@10', context);
    await writeFile(path.join(context, 'Dockerfile'), toolchain(archive));
    if (extraCertificates !== '') await copyFile(extraCertificates, path.join(context, 'extra.crt'));
    const build = { dockerfile: 'Dockerfile', context: '.' };
    const work = { signal: new AbortController().signal, progress: () => undefined };
    await buildImage(fixture.client, { folder: context, build, tag: image, pull: false }, work);
  }, 400_000);
  afterAll(async () => {
    await fixture.close();
    await fixture.client.getImage(image).remove({ force: true });
  });

  function npmPack(name: string, folder: string): string {
    return execFileSync('npm', ['pack', '--silent', name], { cwd: folder, encoding: 'utf8' }).trim();
  }

  /** What npm ships has no lock file: its dependencies but the test's own runner are left out, and locked. */
  async function lockDependencies(origin: string): Promise<void> {
    const file = path.join(origin, 'package.json');
    const manifest = JSON.parse(await readFile(file, 'utf8')) as object;
    const less = { scripts: { test: 'tape "test/*.js"' }, devDependencies: { tape: '^5.9.0' } };
    await writeFile(file, JSON.stringify({ ...manifest, ...less }, null, 2));
    execFileSync('npm', ['install', '--silent', '--package-lock-only', '--ignore-scripts'], { cwd: origin });
    await writeFile(path.join(origin, '.gitignore'), 'node_modules\n');
  }

  /** A clone, made by the person outside, of a repository with the package's source as its only commit. */
  async function clone({ name, source }: Repository): Promise<string> {
    const origin = path.join(fixture.root, `${name}-origin`);
    await mkdir(origin);
    const archive = 'npm' in source ? npmPack(source.npm, fixture.root) : `${name}.tar`;
    if ('debian' in source) {
      const answer = await fetch(`${debian}/${source.debian}`);
      expect(answer.ok).toBe(true);
      await writeFile(path.join(fixture.root, archive), Buffer.from(await answer.arrayBuffer()));
    }
    execFileSync('tar', [
      '-xf',
      path.join(fixture.root, archive),
      '-C',
      origin,
      '--strip-components=1',
      '--no-same-owner',
    ]);
    if ('npm' in source) await lockDependencies(origin);
    const commit =
      'git init -q . && git add -Af && git -c user.name=Upstream -c user.email=up@example.com commit -qm source';
    execFileSync('sh', ['-c', commit], { cwd: origin });
    const home = path.join(fixture.root, `${name}-home`);
    await mkdir(home);
    await chown(home, uid, uid);
    execFileSync('chown', ['-R', `${uid}:${uid}`, origin]);
    const asUser = { uid, gid: uid, env: { ...process.env, HOME: home } };
    const folder = path.join(home, name);
    execFileSync('git', ['clone', '-q', origin, folder], asUser);
    return folder;
  }

  test.each(repositories)(
    '$name: set up, built, tested, committed, served, and remembered after down',
    async (one) => {
      const folder = await clone(one);
      const port = 21_000 + (process.pid % 20_000) + repositories.indexOf(one);
      await mkdir(path.join(folder, '.tazpod'));
      // Names are looked up as this machine does: it may have no way to public name servers.
      const config = `image: ${image}\ndns: host\nsetup: ${JSON.stringify(one.setup)}\ncaches: [${one.cache}]\nports: ['${port}:8000']\n`;
      await writeFile(path.join(folder, '.tazpod', 'config.yaml'), config);
      execFileSync('chown', ['-R', `${uid}:${uid}`, path.join(folder, '.tazpod')]);
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

      const worked = await fixture.inside(projectId, one.work);
      expect(worked).toMatch(/^0 /u);
      expect(worked).toMatch(one.expected);
      const owners = await Promise.all(
        (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name)).catch(() => ({ uid }))).uid),
      );
      expect(new Set(owners)).toEqual(new Set([uid]));

      const commit =
        'echo mine > MINE && git add MINE && git commit -qm "Add mine" && git log -1 --format="%an <%ae> %s"';
      expect(await fixture.inside(projectId, commit)).toBe('0 Grace Hopper <grace@example.com> Add mine');
      expect((await stat(path.join(folder, '.git', 'HEAD'))).uid).toBe(uid);

      const shell = await fixture.openSession({ kind: 'shell', projectId, size: { rows: 24, columns: 80 } });
      await shell.session.write(Buffer.from(`${one.serve}\n`));
      expect(await fetchOnce(`http://127.0.0.1:${port}/${one.page.path}`)).toMatch(one.page.pattern);
      await shell.session.write(Buffer.from([3]));
      await shell.session.write(Buffer.from('echo stopped-$((6 * 7))\n'));
      await shell.printed(/stopped-42/u);
      await shell.session.end();

      expect(await fixture.inside(projectId, `mkdir -p ${one.cache} && echo cached > ${one.cache}/mark`)).toBe('0');
      expect(await fixture.run({ type: 'stopProject', projectId })).toMatchObject({ ok: true });
      await up();
      expect(await fixture.inside(projectId, `cat ${one.cache}/mark && grep -c stopped "$HISTFILE"`)).toBe(
        '0 cached\n1',
      );
      if (one.again !== undefined) expect(await fixture.inside(projectId, one.again)).toMatch(one.expected);
    },
    240_000,
  );
});

/** The page once the server has begun to answer: only asking tells when that is. */
async function fetchOnce(address: string): Promise<string> {
  const deadlineMs = Date.now() + 30_000;
  for (;;) {
    try {
      return await (await fetch(address)).text();
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
