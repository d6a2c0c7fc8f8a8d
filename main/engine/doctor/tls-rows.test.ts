import { expect, test } from 'vitest';
import { parseConfig } from '../project/parse-config.ts';
import type { TlsFacts } from './tls-facts.ts';
import type { Handshake } from './tls-handshake.ts';
import { toTlsRow } from './tls-rows.ts';
import { toTlsTarget } from './tls-target.ts';

function targetOf(config: string, isFromRegistry = true): string | null {
  const parsed = parseConfig(config, 'config.yaml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const target = toTlsTarget(parsed.config, isFromRegistry);
  return target === null ? null : `${target.what} ${target.host} ${target.port}`;
}
const s3 = (fields: string): string => `image: a/b:1\nsync: { remote: { type: s3, bucket: some-bucket, ${fields} } }\n`;

test.each([
  ['the remote comes first', s3('endpoint: "https://minio.example:9000"'), true, 'remote minio.example 9000'],
  ['an address in brackets', s3('endpoint: "https://[2001:db8::1]/x"'), true, 'remote 2001:db8::1 443'],
  ['Amazon’s own, by region', s3('region: eu-central-1'), true, 'remote s3.eu-central-1.amazonaws.com 443'],
  ['in China', s3('region: cn-north-1'), true, 'remote s3.cn-north-1.amazonaws.com.cn 443'],
  ['that of the Go tool', 'image: a/b:1\naws_sso: { bucket: some-bucket }\n', true, 'remote s3.amazonaws.com 443'],
  ['a remote in the clear is none', s3('endpoint: "http://minio.example"'), true, 'registry registry-1.docker.io 443'],
  ['no remote, a pulled image', 'image: ghcr.io/a/b:1\n', true, 'registry ghcr.io 443'],
  ['an image of this machine alone', 'image: ghcr.io/a/b:1\n', false, null],
  ['an image that is built', 'image: ghcr.io/a/b:1\nbuild: { dockerfile: Dockerfile }\n', true, null],
])('who is asked: %s', (_what, config, isFromRegistry, expected) => {
  expect(targetOf(config, isFromRegistry)).toBe(expected);
});

const target = { host: 'r.example', port: 443, what: 'registry' } as const;
const complete: Handshake = { status: 'complete', ms: 30 };
const silent: Handshake = { status: 'silent', isConnected: true, receivedBytes: 0 };
const compared = (host: Handshake, inside: Handshake): TlsFacts => ({ status: 'compared', target, host, inside });

test.each<[string, TlsFacts, number | null, string, RegExp]>([
  ['no target', { status: 'no-target' }, 1500, 'unknown', /^Not compared/u],
  ['not trusted', { status: 'not-trusted' }, 1500, 'unknown', /allow/u],
  ['not running', { status: 'not-running', target }, 1500, 'unknown', /does not run/u],
  ['no IPv4', { status: 'not-comparable', target, reason: 'no IPv4' }, 1500, 'unknown', /no IPv4\. $/u],
  ['no tool', { status: 'no-tool', target, host: complete }, 1500, 'unknown', /neither bash nor netcat/u],
  ['both', compared(complete, complete), 1500, 'ok', /30 ms, and with the container in 30 ms/u],
  ['neither', compared(silent, silent), 1500, 'unknown', /this machine itself/u],
  ['a path MTU', compared(complete, silent), 1500, 'problem', /of 1500 bytes.*mtu: 1280/u],
  ['a strange network', compared(complete, silent), null, 'problem', /of full size.*mtu: 1280/u],
  ['small already', compared(complete, silent), 1280, 'problem', /firewall or VPN between, or try a smaller/u],
  ['refused', compared(complete, { status: 'unconnected', reason: 'No route to host' }), 1500, 'warning', /No route/u],
])('what is told: %s', (_what, facts, mtu, result, pattern) => {
  const row = toTlsRow(facts, mtu);
  expect(row.result).toBe(result);
  expect(`${row.detail} ${row.nextStep}`).toMatch(pattern);
  if (result === 'problem' || result === 'warning') expect(row.nextStep).not.toBe('');
});

test('what netcat can’t tell is not claimed', () => {
  const unsure = compared(complete, { status: 'silent', isConnected: null, receivedBytes: 120 });
  const { detail } = toTlsRow(unsure, 1500);
  expect(detail).not.toContain('TCP connects');
  expect(detail).toContain('only 120 bytes of the answer');
});
