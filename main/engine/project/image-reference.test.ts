import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isImageReference, parseImageReference, toDisplayReference } from './image-reference.ts';

const sha256 = `sha256:${'a1'.repeat(32)}`;

describe('references, as distribution/reference reads them', () => {
  test.each([
    ['alpine', 'docker.io', 'library/alpine', null, null, 'alpine:latest'],
    ['alpine:3.20', 'docker.io', 'library/alpine', '3.20', null, 'alpine:3.20'],
    ['tazzo/tazpod-ai:latest', 'docker.io', 'tazzo/tazpod-ai', 'latest', null, 'tazzo/tazpod-ai:latest'],
    ['docker.io/library/alpine', 'docker.io', 'library/alpine', null, null, 'alpine:latest'],
    ['index.docker.io/alpine', 'docker.io', 'library/alpine', null, null, 'alpine:latest'],
    ['localhost:5000/a/b', 'localhost:5000', 'a/b', null, null, 'localhost:5000/a/b:latest'],
    ['localhost/a', 'localhost', 'a', null, null, 'localhost/a:latest'],
    ['localhost:5000', 'docker.io', 'library/localhost', '5000', null, 'localhost:5000'],
    ['[2001:db8::1]:5000/a', '[2001:db8::1]:5000', 'a', null, null, '[2001:db8::1]:5000/a:latest'],
    ['ghcr.io/a/b/c:v1', 'ghcr.io', 'a/b/c', 'v1', null, 'ghcr.io/a/b/c:v1'],
    ['Host/a', 'Host', 'a', null, null, 'Host/a:latest'],
    ['a__b/c-----d', 'docker.io', 'a__b/c-----d', null, null, 'a__b/c-----d:latest'],
    [`alpine@${sha256}`, 'docker.io', 'library/alpine', null, sha256, `alpine@${sha256}`],
    [`alpine:3@${sha256}`, 'docker.io', 'library/alpine', '3', sha256, `alpine:3@${sha256}`],
  ])('%s', (text, domain, path, tag, digest, display) => {
    const reference = parseImageReference(text);
    expect(reference).toEqual({ domain, path, tag, digest });
    expect(reference === null ? '' : toDisplayReference(reference)).toBe(display);
  });
});

test.each([
  '',
  '-alpine',
  '--privileged',
  'Alpine',
  'alpine:',
  'alpine:-x',
  `alpine:${'x'.repeat(129)}`,
  'a//b',
  '/a',
  'a/',
  'a_-b',
  'a___b',
  'a..b',
  'alpine latest',
  'alpine\n',
  'alpine;id',
  '$(id)',
  'https://a/b',
  'alpine@sha256:abc',
  `alpine@sha256:${'A1'.repeat(32)}`,
  `alpine@md5:${'a1'.repeat(32)}`,
  'a1'.repeat(32),
  '-host.com/a',
  'host-.com/a',
  'host.com:x/a',
  '[::1/a',
  'x'.repeat(256),
  `host.com/${'x'.repeat(250)}`,
  'é',
])('%j is no image reference', (text) => {
  expect(isImageReference(text)).toBe(false);
});

test('the display form is a reference and stays the same', () => {
  const part = fc.stringMatching(/^[a-z0-9]{1,5}([._-][a-z0-9]{1,5}){0,2}$/);
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.option(part), (parts, tag) => {
      const reference = parseImageReference(`${parts.join('/')}${tag === null ? '' : `:${tag}`}`);
      if (reference === null) return;
      const display = toDisplayReference(reference);
      const again = parseImageReference(display);
      expect(again === null ? '' : toDisplayReference(again)).toBe(display);
    }),
  );
});

test('hostile length is answered at once', () => {
  const started = performance.now();
  expect(isImageReference(`${'a'.repeat(1000)}!`)).toBe(false);
  expect(isImageReference(`${'a-'.repeat(500)}!`)).toBe(false);
  expect(performance.now() - started).toBeLessThan(100);
});
