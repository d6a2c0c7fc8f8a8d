import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findLogin } from './registry-login.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tazpod-login-'));
});
afterEach(async () => rm(folder, { recursive: true }));

const image = 'registry.example.com:5000/team/app:1';
const registry = 'registry.example.com:5000';
const encoded = (text: string): string => Buffer.from(text).toString('base64');
const never = new AbortController().signal;

async function find(config: unknown, reference = image, signal = never) {
  await writeFile(path.join(folder, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
  const environment = { DOCKER_CONFIG: folder, PATH: `${path.join(folder, 'bin')}:${process.env['PATH'] ?? ''}` };
  return findLogin(reference, { environment, homeFolder: '/nowhere' }, signal);
}

async function helper(name: string, script: string): Promise<void> {
  const file = path.join(folder, 'bin', `docker-credential-${name}`);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

test('no config.json is no login', async () => {
  const facts = { environment: {}, homeFolder: folder };
  expect(await findLogin(image, facts, never)).toEqual({ status: 'none' });
});

test('a login kept in config.json is found by the registry’s name, an old URL of it too', async () => {
  const login = { serveraddress: registry, username: 'mira', password: 'a:b' };
  const auth = encoded('mira:a:b');
  expect(await find({ auths: { [registry]: { auth } } })).toEqual({ status: 'found', login });
  expect(await find({ auths: { [`https://${registry}/v1/`]: { auth } } })).toEqual({ status: 'found', login });
  expect(await find({ auths: { 'registry.example.com': { auth } } })).toEqual({ status: 'none' });
});

test('Docker Hub has its old key', async () => {
  const hub = 'https://index.docker.io/v1/';
  const found = await find({ auths: { [hub]: { auth: encoded('mira:x') } } }, 'tazzo/tazpod-ai');
  expect(found).toEqual({ status: 'found', login: { serveraddress: hub, username: 'mira', password: 'x' } });
});

test('the registry’s own helper goes before the store, and gets the registry on its input', async () => {
  await helper('one', `[ "$*" = get ] && cat > "${folder}/asked" && echo '{"Username":"mira","Secret":"s"}'`);
  await helper('store', 'exit 1');
  const found = await find({ credsStore: 'store', credHelpers: { [registry]: 'one' } });
  expect(found).toEqual({ status: 'found', login: { serveraddress: registry, username: 'mira', password: 's' } });
  expect(await readFile(path.join(folder, 'asked'), 'utf8')).toBe(registry);
});

test('a token of a helper is an identity token', async () => {
  await helper('store', `echo '{"Username":"<token>","Secret":"t"}'`);
  expect(await find({ credsStore: 'store' })).toEqual({
    status: 'found',
    login: { serveraddress: registry, identitytoken: 't' },
  });
});

test('a helper that has nothing for the registry is no login; one that fails is told, without its words', async () => {
  await helper('empty', 'echo "credentials not found in native keychain"; exit 1');
  await helper('broken', 'echo hush; exit 3');
  expect(await find({ credsStore: 'empty' })).toEqual({ status: 'none' });
  expect(await find({ credsStore: 'broken' })).toEqual({
    status: 'failed',
    reason: 'docker-credential-broken ended with code 3',
  });
  expect(await find({ credsStore: 'absent' })).toEqual({
    status: 'failed',
    reason: 'docker-credential-absent is not on the PATH',
  });
  expect(await find({ credsStore: '../x' })).toMatchObject({ status: 'failed' });
});

test('a config.json that is none is told without what it holds', async () => {
  const found = await find(`{"auths":{"${registry}":{"auth":"${encoded('mira:hush')}"`);
  expect(found).toMatchObject({ status: 'failed' });
  expect(JSON.stringify(found)).not.toContain(encoded('mira:hush'));
});
