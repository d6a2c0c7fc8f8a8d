import { describe, expect, test } from 'vitest';
import type { ProjectConfig } from './config.ts';
import { toDriftDifferences, toDriftFields, toDriftHash } from './drift.ts';
import { parseConfig } from './parse-config.ts';
import { toGrants } from './grants.ts';
import { toDifferences, toTrustHash } from './trust.ts';

function configOf(text: string): ProjectConfig {
  const result = parseConfig(text, 'config.yaml');
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

const facts = { folder: '/home/ada/shop', sshFolder: '/home/ada/.ssh', containerName: 'shop-lab' };
const keysOf = (text: string, more: Partial<typeof facts> | { sshFolder: null } = {}): string[] =>
  toGrants(configOf(text), { ...facts, ...more }).map(({ key }) => key);
const grantOf = (text: string, key: string) => toGrants(configOf(text), facts).find((grant) => grant.key === key);

/** One change per key that grants something. */
const changes: readonly string[] = [
  'image: other',
  'build: { context: . }',
  'user: root',
  'profile: hardened',
  'ssh: none',
  'ssh: agent',
  'dns: host',
  'dns: [9.9.9.9]',
  'network: { mtu: 1400 }',
  'env: { A: b }',
  'ports: [3000]',
  'ports: ["3000:80"]',
  'shell: zsh',
  'setup: npm ci',
  'caches: [~/.npm]',
  'aws_sso: { bucket: abc }',
  'sync: { prefix: a/b }',
  'sync: { remote: { type: folder, path: /mnt/b } }',
  'sync: { remote: { type: s3, bucket: abc } }',
  'sync: { remote: { type: s3, bucket: abc, endpoint: "https://e" } }',
  'sync: { remote: { type: s3, bucket: abc, path_style: true } }',
];
const toText = (change: string): string => (change.startsWith('image') ? change : `image: alpine\n${change}`);

describe('grants', () => {
  test('of the smallest config, in order', () => {
    expect(keysOf('image: alpine')).toEqual([
      'image',
      'user',
      'mount:/workspace',
      'mount:/home/tazpod/.ssh',
      'profile',
      'capability:SYS_ADMIN',
      'apparmor',
      'dns',
      'network',
      'history',
    ]);
  });

  test('of a large config, in order', () => {
    const text = `image: a
build: { context: . }
profile: hardened
ssh: agent
env: { B: "1", A: "2" }
ports: ["8080:80"]
setup: npm ci
caches: [~/.npm]
shell: zsh
aws_sso: { profile: ada, bucket: abc }
sync: { remote: { type: s3, bucket: vaults, endpoint: "https://s3.example.com", region: eu } }
`;
    expect(keysOf(text).join(' ')).toBe(
      'image build user mount:/workspace mount:/home/tazpod/.ssh ssh-agent profile dns network env:B env:A port:8080 history setup cache:~/.npm shell sync:remote sync:aws_sso',
    );
    expect(grantOf(text, 'port:8080')?.value).toBe('127.0.0.1:8080 -> 80');
    expect(grantOf(text, 'env:A')?.value).toBe('A=2');
    expect(grantOf(text, 'sync:remote')?.value).toBe(
      's3://vaults/tazpod/projects/shop-lab at https://s3.example.com, region eu',
    );
  });

  test('~/.ssh only where it is, and where the config wants it', () => {
    expect(keysOf('image: a', { sshFolder: null })).not.toContain('mount:/home/tazpod/.ssh');
    expect(keysOf('image: a', { sshFolder: null })).toContain('ssh');
    expect(keysOf('image: a\nssh: none').filter((key) => key.includes('ssh'))).toEqual([]);
  });

  test("the Go tool's aws_sso alone is an S3 remote", () => {
    expect(grantOf('image: a\naws_sso: { bucket: abc }', 'sync:aws_sso')?.value).toBe(
      's3://abc/tazpod/projects/shop-lab',
    );
  });

  test('show what a stranger would hide', () => {
    const text = 'image: a\nsetup: "npm ci\\nAppArmor: on\\u202egnp.exe"\nenv: { A: "x\\u200by" }\n';
    expect(grantOf(text, 'setup')?.value).toBe('npm ci\\nAppArmor: on\\u{202e}gnp.exe');
    expect(grantOf(text, 'env:A')?.value).toBe('A=x\\u{200b}y');
  });

  test('each have one line of meaning and a key of their own', () => {
    for (const change of changes) {
      const grants = toGrants(configOf(toText(change)), facts);
      expect(new Set(grants.map(({ key }) => key)).size).toBe(grants.length);
      for (const { meaning, label, value } of grants) expect(`${meaning}${label}${value}`).toMatch(/^[^\n]+$/);
      for (const { meaning } of grants) expect(meaning).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('the trust hash', () => {
  const base = configOf('image: alpine');
  const hash = toTrustHash(base, facts.folder);

  test('is bound to the folder', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(toTrustHash(base, '/elsewhere')).not.toBe(hash);
  });

  test.each(changes)('changes with %s, and the question shows a difference', (change) => {
    const config = configOf(toText(change));
    expect(toTrustHash(config, facts.folder)).not.toBe(hash);
    expect(toDifferences(toGrants(base, facts), toGrants(config, facts))).not.toEqual([]);
    const noSsh = { ...facts, sshFolder: null };
    expect(toDifferences(toGrants(base, noSsh), toGrants(config, noSsh))).not.toEqual([]);
  });

  test.each([
    ['key order', 'user: tazpod\nenv: { B: "1", A: "2" }\nimage: alpine', 'image: alpine\nenv: { A: "2", B: "1" }'],
    ['a default written out', 'image: alpine', 'image: alpine\nprofile: standard\ndns: [1.1.1.1, 1.0.0.1]\nports: []'],
    [
      'order of ports and caches',
      'image: a\nports: [1, 2]\ncaches: [/a, /b]',
      'image: a\nports: [2, 1]\ncaches: [/b, /a]',
    ],
    ['comments and unknown keys', 'image: a', '# hi\nimage: a\nfeatures: {}\nzzz: 1'],
    ['what grants nothing', 'image: a', 'image: a\nsync: { interval: 1h }\nvault: { retention: 9 }'],
  ])('does not change with %s', (_name, one, other) => {
    expect(toTrustHash(configOf(one), '/p')).toBe(toTrustHash(configOf(other), '/p'));
  });
});

test('differences name what is new, changed and gone', () => {
  const before = toGrants(configOf('image: a\nsetup: x\nuser: b'), facts);
  const after = toGrants(configOf('image: a\nports: [80]\nuser: c'), facts);
  expect(toDifferences(before, after)).toEqual([
    { key: 'user', before: 'b', after: 'c' },
    { key: 'port:80', before: null, after: '127.0.0.1:80 -> 80' },
    { key: 'setup', before: 'x', after: null },
  ]);
});

const fieldsOf = (text: string) => toDriftFields(configOf(text), 'shop-lab');

describe('drift', () => {
  test.each(['user: root', 'shell: zsh', 'setup: x', 'sync: { prefix: a }', 'vault: { retention: 9 }'])(
    '%s needs no new container',
    (line) => {
      expect(toDriftHash(fieldsOf(`image: a\n${line}`))).toBe(toDriftHash(fieldsOf('image: a')));
    },
  );

  test.each([
    ['image: b', { key: 'image', before: 'a', after: 'b' }],
    ['profile: hardened', { key: 'profile', before: 'standard', after: 'hardened' }],
    ['dns: host', { key: 'dns', before: '1.1.1.1, 1.0.0.1', after: 'host' }],
    ['network: { mtu: 1400 }', { key: 'network.mtu', before: 'measured', after: '1400' }],
    ['ssh: none', { key: 'ssh', before: 'read-only', after: 'none' }],
    ['env: { A: x }', { key: 'env.A', before: null, after: 'x' }],
    ['ports: ["80:81"]', { key: 'ports.80', before: null, after: '81' }],
    ['caches: [/a]', { key: 'caches./a', before: null, after: 'kept' }],
    ['build: { dockerfile: D }', { key: 'build.dockerfile', before: null, after: 'D' }],
  ])('%s does', (line, difference) => {
    const before = fieldsOf('image: a');
    const after = fieldsOf(line.startsWith('image') ? line : `image: a\n${line}`);
    expect(toDriftHash(after)).not.toBe(toDriftHash(before));
    expect(toDriftDifferences(before, after)).toContainEqual(difference);
  });
});
