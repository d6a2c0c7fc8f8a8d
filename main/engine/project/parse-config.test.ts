import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from './parse-config.ts';

const file = '/p/.tazpod/config.yaml';

function problemsOf(input: string | Uint8Array) {
  const result = parseConfig(input, file);
  return result.ok ? [] : result.problems;
}

function configOf(input: string) {
  const result = parseConfig(input, file);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

/** A config on one line per key after a valid image, so that the fault stands in line 2. */
const withImage = (rest: string): string => `image: alpine\n${rest}`;

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('wrong configs name the place, the key, what is there and what may be', () => {
  test.each<[string, string | Uint8Array, number, number, string, string, string]>([
    ['no file content', '', 0, 0, 'image', 'nothing', 'image reference'],
    ['only a comment', '# nothing\n', 0, 0, 'image', 'nothing', 'image reference'],
    ['no image', 'user: tazpod\n', 0, 0, 'image', 'nothing', 'tazzo/tazpod-ai:latest'],
    ['image without a value', 'user: a\nimage:\n', 2, 1, 'image', 'nothing', 'image reference'],
    ['image empty', 'image: ""\n', 1, 8, 'image', '""', 'image reference'],
    ['image that is an option', 'image: --privileged\n', 1, 8, 'image', '"--privileged"', 'image reference'],
    ['image that is a list', 'image: [a]\n', 1, 8, 'image', 'a list', 'image reference'],
    ['image with an escape sequence', 'image: "a\\e[2Jb"\n', 1, 8, 'image', '"a\\u{001b}[2Jb"', 'image reference'],
    ['image too long to show', `image: ${'A'.repeat(90)}\n`, 1, 8, 'image', `"${'A'.repeat(60)}…"`, 'image reference'],
    ['top level list', '- a\n', 1, 1, '', 'a list', 'map'],
    ['top level text', 'hello\n', 1, 1, '', '"hello"', 'map'],
    ['mode lxc', withImage('mode: lxc\n'), 2, 7, 'mode', '"lxc"', 'lxc is not supported'],
    ['mode unknown', withImage('mode: podman\n'), 2, 7, 'mode', '"podman"', 'docker'],
    ['container name', withImage('container_name: -x\n'), 2, 17, 'container_name', '"-x"', 'letters'],
    [
      'container name too long',
      withImage(`container_name: ${'x'.repeat(64)}\n`),
      2,
      17,
      'container_name',
      '"xxx',
      '63',
    ],
    ['user', withImage('user: "a b"\n'), 2, 7, 'user', '"a b"', 'user name'],
    ['user option', withImage('user: --help\n'), 2, 7, 'user', '"--help"', 'user name'],
    ['uid too large', withImage('user: 99999999999\n'), 2, 7, 'user', '99999999999', 'uid'],
    ['build path outside', withImage('build:\n  context: ../x\n'), 3, 12, 'build.context', '"../x"', 'inside'],
    [
      'build path absolute',
      withImage('build:\n  dockerfile: /etc/x\n'),
      3,
      15,
      'build.dockerfile',
      '"/etc/x"',
      'relative',
    ],
    ['build that is text', withImage('build: .\n'), 2, 8, 'build', '"."', 'map'],
    ['profile', withImage('profile: strict\n'), 2, 10, 'profile', '"strict"', 'standard, hardened'],
    ['dns name', withImage('dns: [dns.google]\n'), 2, 7, 'dns[0]', '"dns.google"', 'IPv4 or IPv6'],
    ['dns one address', withImage('dns: 1.1.1.1\n'), 2, 6, 'dns', '"1.1.1.1"', 'list'],
    ['dns empty list', withImage('dns: []\n'), 2, 6, 'dns', 'a list', '1 to 8'],
    ['dns nine', withImage(`dns: [${Array(9).fill('1.1.1.1').join(', ')}]\n`), 2, 6, 'dns', '9 items', 'at most 8'],
    ['mtu small', withImage('network: { mtu: 100 }\n'), 2, 17, 'network.mtu', '100', '576 to 9216'],
    ['mtu quoted', withImage('network:\n  mtu: "1400"\n'), 3, 8, 'network.mtu', '"1400"', 'whole number'],
    ['network host', withImage('network: host\n'), 2, 10, 'network', '"host"', 'no config'],
    ['network mode', withImage('network:\n  mode: host\n'), 3, 3, 'network.mode', '"host"', 'no config'],
    ['ssh', withImage('ssh: yes\n'), 2, 6, 'ssh', '"yes"', 'read-only, agent, none'],
    ['env list', withImage('env: [A=1]\n'), 2, 6, 'env', 'a list', 'NAME: value'],
    ['env name', withImage('env: { 1A: x }\n'), 2, 8, 'env.1A', 'this name', 'letters'],
    ['env reserved', withImage('env: { HOST_CWD: / }\n'), 2, 8, 'env.HOST_CWD', 'reserved', 'another name'],
    ['env NUL', withImage('env: { A: "x\\0y" }\n'), 2, 11, 'env.A', '\\u{0000}', 'control'],
    ['env without a value', withImage('env:\n  A:\n'), 3, 3, 'env.A', 'nothing', '""'],
    ['port zero', withImage('ports: [0]\n'), 2, 9, 'ports[0]', '0', '1 to 65535'],
    ['port range', withImage('ports: ["80-90"]\n'), 2, 9, 'ports[0]', '"80-90"', 'pairs'],
    ['port on an address', withImage('ports: ["0.0.0.0:80:80"]\n'), 2, 9, 'ports[0]', '"0.0.0.0:80:80"', 'pairs'],
    ['port twice', withImage('ports:\n  - 3000\n  - "3000:80"\n'), 4, 5, 'ports', '3000', 'once'],
    ['shell option', withImage('shell: -c\n'), 2, 8, 'shell', '"-c"', 'absolute path'],
    ['shell with words', withImage('shell: bash -c id\n'), 2, 8, 'shell', '"bash -c id"', 'plain name'],
    ['setup too long', withImage(`setup: ${'x'.repeat(4097)}\n`), 2, 8, 'setup', '"xxx', '4096'],
    ['cache outside', withImage('caches: [~/../x]\n'), 2, 10, 'caches[0]', '"~/../x"', '".."'],
    ['cache relative', withImage('caches: [x]\n'), 2, 10, 'caches[0]', '"x"', 'absolute'],
    ['cache over the vault', withImage('caches: [~/secrets]\n'), 2, 10, 'caches[0]', '"~/secrets"', 'secrets'],
    ['cache twice', withImage('caches: [~/a, ~/a/]\n'), 2, 15, 'caches', '"~/a/"', 'once'],
    ['interval short', withImage('sync: { interval: 5s }\n'), 2, 19, 'sync.interval', '"5s"', '30s to 24h'],
    ['interval bare', withImage('sync: { interval: 300 }\n'), 2, 19, 'sync.interval', '300', '30s'],
    ['prefix', withImage('sync: { prefix: a/../b }\n'), 2, 17, 'sync.prefix', '"a/../b"', 'slashes'],
    ['remote type', withImage('sync: { remote: { type: ftp } }\n'), 2, 25, 'sync.remote.type', '"ftp"', 's3, folder'],
    [
      'remote without type',
      withImage('sync:\n  remote: { bucket: abc }\n'),
      3,
      11,
      'sync.remote.type',
      'nothing',
      's3',
    ],
    [
      's3 without bucket',
      withImage('sync: { remote: { type: s3 } }\n'),
      2,
      17,
      'sync.remote.bucket',
      'nothing',
      'bucket',
    ],
    [
      'bucket',
      withImage('sync: { remote: { type: s3, bucket: A_b } }\n'),
      2,
      37,
      'sync.remote.bucket',
      '"A_b"',
      'lower-case',
    ],
    [
      'folder without path',
      withImage('sync: { remote: { type: folder } }\n'),
      2,
      17,
      'sync.remote.path',
      'nothing',
      'absolute',
    ],
    [
      'folder relative',
      withImage('sync: { remote: { type: folder, path: x } }\n'),
      2,
      39,
      'sync.remote.path',
      '"x"',
      'absolute',
    ],
    ['retention text', withImage('vault: { retention: many }\n'), 2, 21, 'vault.retention', '"many"', '1 to 10000'],
    ['aws_sso bucket', withImage('aws_sso: { bucket: 1.2.3.4 }\n'), 2, 20, 'aws_sso.bucket', '"1.2.3.4"', 'bucket'],
    ['duplicate key', withImage('user: a\nuser: b\n'), 3, 1, 'user', 'first in line 2', 'once'],
    ['merge key', withImage('env:\n  <<: { A: 1 }\n'), 3, 3, '<<', 'merge key', 'written out'],
    ['binary tag', withImage('setup: !!binary aGk=\n'), 2, 17, '', 'binary', 'without a tag'],
    ['js tag', withImage('setup: !!js/function "x"\n'), 2, 22, '', 'js/function', 'without a tag'],
    ['alias of a map', withImage('env: &e { A: 1 }\nfeatures: *e\n'), 3, 11, '', '"*e"', 'written out'],
    ['alias of nothing', withImage('user: *u\n'), 2, 7, '', 'nothing above', 'written out'],
    ['two documents', 'image: a\n---\nimage: b\n', 2, 1, '', 'multiple documents', 'one document'],
    ['tab as indent', withImage('build:\n\tcontext: .\n'), 3, 1, '', 'Tabs', 'valid YAML'],
    ['YAML 1.1', '%YAML 1.1\n---\nimage: a\n', 1, 1, '', '%YAML 1.1', 'no YAML directive'],
    ['open bracket', withImage('ports: [1,\n'), 3, 1, '', 'invalid YAML', 'valid YAML'],
    ['key that is a list', '? [a]\n: 1\n', 1, 3, '', 'keys must be strings', 'valid YAML'],
    ['NUL byte', 'image: a\nuser: b\0c\n', 2, 8, '', '\\u{0000}', 'control'],
    ['escape byte', 'image: a\u001b[2J\n', 1, 9, '', '\\u{001b}', 'control'],
    ['not UTF-8', latin1('image: a\nsetup: \xe9t\xe9\n'), 2, 8, '', 'not UTF-8', 'UTF-8'],
    ['UTF-16', Buffer.from('\ufeffimage: a', 'utf16le'), 1, 1, '', 'not UTF-8', 'UTF-8'],
    ['too large', `image: a\n#${'x'.repeat(65_536)}\n`, 0, 0, '', '64 KiB', '65536 bytes'],
    ['deep', withImage(`providers: ${'['.repeat(40)}${']'.repeat(40)}\n`), 2, 43, '', 'too deeply', '32'],
  ])('%s', (_name, input, line, column, key, found, allowed) => {
    const problems = problemsOf(input);
    expect(problems[0]).toMatchObject({ line, column, key });
    expect(problems[0]?.found).toContain(found);
    expect(problems[0]?.allowed).toContain(allowed);
  });
});

test.each([
  'privileged: true',
  'cap_add: [NET_ADMIN]',
  'capAdd: [NET_ADMIN]',
  'cap-drop: []',
  'mounts: []',
  'volumes: ["/:/host"]',
  'devices: []',
  'pid: host',
  'ipc: host',
  'security_opt: []',
  'userns: host',
  'sysctls: {}',
  'ulimits: {}',
  'cgroup_parent: x',
  'cgroupns: host',
  'runtime: runc',
  'network_mode: host',
  'group_add: []',
  'tmpfs: []',
  'links: []',
  'extra_hosts: []',
  'Privileged: true',
])('no config can reach %s', (line) => {
  const key = line.slice(0, line.indexOf(':'));
  expect(problemsOf(withImage(line))).toMatchObject([{ line: 2, column: 1, key }]);
  expect(problemsOf(withImage(`network:\n  ${line}`))).toMatchObject([{ line: 3, column: 3, key: `network.${key}` }]);
});

test.each([
  'http://169.254.169.254/',
  'http://169.254.1.1',
  'http://0xA9FEA9FE/',
  'http://2852039166/',
  'http://[::ffff:169.254.169.254]/',
  'http://[fe80::1]/',
  'http://[fd00:ec2::254]/',
  'http://[64:ff9b::169.254.169.254]/',
  'http://metadata.google.internal./',
  'http://0/',
  'ftp://host/',
  'file:///etc/passwd',
  'https://user:pass@host/',
  'https://host/?x=1',
  'https://',
  'host:9000',
])('the endpoint %s is refused', (endpoint) => {
  const text = withImage(`sync: { remote: { type: s3, bucket: abc, endpoint: "${endpoint}" } }`);
  expect(problemsOf(text)).toMatchObject([{ line: 2, key: 'sync.remote.endpoint' }]);
});

test('all problems of a file are reported, in order', () => {
  const problems = problemsOf(
    'image: -a\nuser: "!"\nports: [0, x]\nprivileged: true\nsync: { interval: 1s }\nenv: { "": 1 }\n',
  );
  expect(problems.map(({ line, key }) => [line, key])).toEqual([
    [1, 'image'],
    [2, 'user'],
    [3, 'ports[0]'],
    [3, 'ports[1]'],
    [4, 'privileged'],
    [5, 'sync.interval'],
    [6, 'env.'],
  ]);
});

test('a flood of problems is cut and counted', () => {
  const problems = problemsOf(withImage(`ports: [${Array(5000).fill('privileged').join(', ')}]`));
  expect(problems.length).toBeLessThan(102);
  const duplicates = problemsOf('a: 1\n'.repeat(10_000));
  expect(duplicates).toHaveLength(101);
  expect(duplicates.at(-1)?.found).toMatch(/more problems/);
});

test('the smallest config has all defaults', () => {
  const { config, warnings } = configOf('image: alpine\n');
  expect(warnings).toEqual([]);
  expect(config).toEqual({
    image: 'alpine',
    containerName: null,
    user: 'tazpod',
    build: null,
    profile: 'standard',
    dns: ['1.1.1.1', '1.0.0.1'],
    mtu: null,
    ssh: 'read-only',
    env: {},
    ports: [],
    shell: null,
    setup: null,
    caches: [],
    awsSso: null,
    vaultRetention: 50,
    sync: { intervalSeconds: 300, prefix: null, remote: null },
  });
});

test('a config with every key', () => {
  const { config, warnings } = configOf(`
version: "1.0"
mode: docker
image: &image ghcr.io/ada/lab:1
container_name: ada-lab
user: 1000:1000
ghost_mode: true
features: { ghost_mode: true, debug: false, other: 1 }
build: { dockerfile: .tazpod/Dockerfile, context: . }
aws_sso: { profile: ada, bucket: ada-vault, region: eu-central-1 }
vault: { retention: 20 }
providers: [aws]
profile: hardened
dns: host
network: { mtu: 1280 }
ssh: none
env: { A: text, B: 1.10, C: true, D: "", E: *image, F: !!str 5, __X: "two\\nlines" }
ports: [3000, "8080:80", "9000"]
shell: /bin/zsh
setup: |
  npm ci
  npm run build
caches: [~/.npm, /var/cache/apt/]
sync:
  interval: 1h
  prefix: tazpod/vault
  remote: { type: s3, bucket: ada-vault, region: eu-central-1, endpoint: "https://s3.example.com:9000", profile: ada, path_style: true }
`);
  expect(warnings).toEqual([]);
  expect(config).toMatchObject({
    user: '1000:1000',
    build: { dockerfile: '.tazpod/Dockerfile', context: '.' },
    dns: 'host',
    env: { A: 'text', B: '1.10', C: 'true', D: '', E: 'ghcr.io/ada/lab:1', F: '5', __X: 'two\nlines' },
    ports: [
      { hostPort: 3000, containerPort: 3000 },
      { hostPort: 8080, containerPort: 80 },
      { hostPort: 9000, containerPort: 9000 },
    ],
    setup: 'npm ci\nnpm run build\n',
    caches: ['~/.npm', '/var/cache/apt'],
    vaultRetention: 20,
    sync: { intervalSeconds: 3600, prefix: 'tazpod/vault', remote: { type: 's3', pathStyle: true } },
  });
});

test('what the Go tool writes for unknown values counts as absent', () => {
  const { config } = configOf(
    'image: a\ncontainer_name: ""\nuser: ""\nbuild: { dockerfile: "", context: "" }\naws_sso: { profile: "", bucket: "", region: "" }\nenv:\nports:\n',
  );
  expect(config).toMatchObject({ containerName: null, user: 'tazpod', build: null, awsSso: null, ports: [] });
});

test('unknown keys are warnings with their line and a guess', () => {
  const { warnings } = configOf('image: a\nimages: b\nnetwork: { mtuu: 1 }\nzzz: 1\n');
  expect(warnings).toEqual([
    `${file}:2:1: unknown key "images" has no effect; did you mean "image"?`,
    `${file}:3:12: unknown key "network.mtuu" has no effect; did you mean "mtu"?`,
    `${file}:4:1: unknown key "zzz" has no effect`,
  ]);
});

test.each(['0', '-3', '.nan', '.inf', '1e99', '3.5', '10001'])('retention %s means 50, with a warning', (value) => {
  const { config, warnings } = configOf(withImage(`vault: { retention: ${value} }`));
  expect(config.vaultRetention).toBe(50);
  expect(warnings).toEqual([expect.stringContaining(`${file}:2:21: vault.retention ${value} is not`)]);
});

const remote = (endpoint: string) => `sync: { remote: { type: s3, bucket: abc, endpoint: "${endpoint}" } }`;

test('doubtful values are warnings', () => {
  expect(configOf(withImage('network: { mtu: 1000 }')).warnings[0]).toContain('IPv6');
  expect(configOf(withImage(remote('http://nas.local:9000'))).warnings[0]).toContain('https');
  expect(configOf(withImage(remote('http://127.0.0.1:9000'))).warnings).toEqual([]);
});

test('a byte order mark and CRLF are fine', () => {
  expect(configOf('\ufeffimage: alpine\r\nuser: root\r\n').config.user).toBe('root');
});

const yamlParts =
  'image: a\n|- |  |\t|: |\n|[|]|{|}|&a |*a|!!binary |"|\'|>\n|<<: |? |%|---\n|...\n|#|\0|\ufffd|env: |ports: |sync: |0x1|.nan|~|\\';
const yamlWords = fc.constantFrom('|\n', ...yamlParts.split('|'));

describe('nothing throws and nothing takes long', () => {
  test('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseConfig(bytes, file);
      }),
      { numRuns: 500 },
    );
  });

  test('any mixture of YAML', () => {
    fc.assert(
      fc.property(fc.array(yamlWords, { maxLength: 40 }), (parts) => {
        const result = parseConfig(parts.join(''), file);
        if (!result.ok) expect(result.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['brackets', '['.repeat(65_000)],
    ['maps', '{a: '.repeat(16_000)],
    ['balanced', `a: ${'['.repeat(30_000)}${']'.repeat(30_000)}`],
    ['sequences', '- '.repeat(32_000)],
    ['questions', '? '.repeat(32_000)],
    ['keys', Array.from({ length: 9000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['aliases', `x: &x a\n${Array.from({ length: 5000 }, (_, index) => `k${index}: *x`).join('\n')}`],
    ['quotes', '"'.repeat(65_000)],
    [
      'bomb',
      `a: &a [x, x]\n${Array.from({ length: 20 }, (_, i) => `k${i}: &k${i} [*${i === 0 ? 'a' : `k${i - 1}`}, *a]`).join('\n')}`,
    ],
  ])('%s', (_name, text) => {
    const started = performance.now();
    expect(parseConfig(text, file).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
