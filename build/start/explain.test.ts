import { expect, test } from 'vitest';
import { explainDisplay, explainSandbox } from './explain.mjs';

const linux = {
  platform: 'linux',
  display: ':0',
  waylandDisplay: '',
  isRoot: false,
  restrictsNamespaces: false,
  hasSetuidSandbox: false,
} as const;

test('no display is explained on Linux only, with the command line as the way out', () => {
  expect(explainDisplay(linux)).toBeNull();
  expect(explainDisplay({ ...linux, display: '', waylandDisplay: 'wayland-0' })).toBeNull();
  expect(explainDisplay({ ...linux, display: '' })?.nextStep).toContain('tazpod -- enter');
  expect(explainDisplay({ ...linux, platform: 'darwin', display: '' })).toBeNull();
});

test('the namespace restriction is explained where it stops the sandbox', () => {
  expect(explainSandbox(linux)).toBeNull();
  expect(explainSandbox({ ...linux, restrictsNamespaces: true })?.nextStep).toContain('.deb');
  expect(explainSandbox({ ...linux, restrictsNamespaces: true, hasSetuidSandbox: true })).toBeNull();
  expect(explainSandbox({ ...linux, restrictsNamespaces: true, isRoot: true })).toBeNull();
});
