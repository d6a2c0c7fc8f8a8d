import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { warnOfOtherEngine } from './engine-choice.ts';
import { FakeIo } from './fake/fake-io.ts';
import { engineReady } from './fake/snapshots.ts';

let configFolder = '';
beforeEach(async () => {
  configFolder = await mkdtemp(join(tmpdir(), 'tazpod-cli-'));
});
afterEach(() => rm(configFolder, { recursive: true }));

async function writeContext(name: string, host: string): Promise<void> {
  const folder = join(configFolder, 'contexts', 'meta', createHash('sha256').update(name).digest('hex'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'meta.json'), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
}

async function warning(environment: Record<string, string>): Promise<string> {
  const io = new FakeIo({ environment: { DOCKER_CONFIG: configFolder, ...environment } });
  await warnOfOtherEngine(io, engineReady);
  return io.stderr;
}

test('DOCKER_CONTEXT is looked up; DOCKER_HOST wins over it', async () => {
  await writeContext('far', 'tcp://far:2376');
  await writeContext('near', 'unix:///run/docker.sock');
  expect(await warning({ DOCKER_CONTEXT: 'far' })).toContain('DOCKER_CONTEXT=far');
  expect(await warning({ DOCKER_CONTEXT: 'near' })).toBe('');
  expect(await warning({ DOCKER_CONTEXT: 'far', DOCKER_HOST: 'unix:///run/docker.sock' })).toBe('');
});

test('no choice, the default one, or one that is not there: nothing to say', async () => {
  expect(await warning({})).toBe('');
  expect(await warning({ DOCKER_CONTEXT: 'default' })).toBe('');
  expect(await warning({ DOCKER_CONTEXT: 'gone' })).toBe('');
});
