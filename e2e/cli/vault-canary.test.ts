import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInContainer } from '../../main/engine/docker/exec.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { eventually } from '../fixtures/processes.ts';
import { countInMemory, findInFolder, findSecrets, type Secret } from '../fixtures/secret-search.ts';

let profile: CliProfile;
let heapFolder: string;
const canary = `canary${randomBytes(16).toString('hex')}`;
const member = `name${randomBytes(16).toString('hex')}`;
const passphrase = `passphrase${randomBytes(16).toString('hex')}`;

beforeAll(async () => {
  heapFolder = await mkdtemp(path.join(tmpdir(), 'tazpod-heap-'));
  const options = `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${heapFolder}`;
  profile = await openCliProfile({ environment: { NODE_OPTIONS: options } });
});
afterAll(async () => {
  await profile.close();
  await rm(heapFolder, { recursive: true });
});

const text = (name: string, value: string): Secret => ({ name, bytes: Buffer.from(value) });

/** All that the container's file system holds by now, as the engine exports it. */
async function findInExport(secrets: readonly Secret[], containerId: string): Promise<readonly string[]> {
  const stream = (await profile.client.getContainer(containerId).export()) as Readable;
  const found = new Set<string>();
  let before = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([before, chunk as Buffer]);
    for (const name of findSecrets(secrets, bytes)) found.add(name);
    before = bytes.subarray(-512);
  }
  return [...found];
}

/** What is reachable in the agent's heap, as V8 writes it down. */
async function heapOf(processId: number): Promise<Buffer> {
  process.kill(processId, 'SIGUSR2');
  const isWritten = async (): Promise<boolean> => {
    const [name] = await snapshots();
    return name !== undefined && (await readFile(name)).subarray(-16).includes(']}');
  };
  await eventually(isWritten, 'the heap snapshot', 60_000);
  const [name = ''] = await snapshots();
  const bytes = await readFile(name);
  await rm(name);
  return bytes;
}
const snapshots = async (): Promise<readonly string[]> =>
  (await readdir(heapFolder)).map((name) => path.join(heapFolder, name));

test('after lock nothing of the vault, its passphrase or its key is found anywhere', { timeout: 240_000 }, async () => {
  const folder = await profile.folder('canary');
  await profile.up(folder);
  const outputs: string[] = [];
  const tell = async (...words: readonly string[]): Promise<void> => {
    const input = `${passphrase}\n`;
    const { code, stdout, stderr } = await profile.run([...words, folder], { input });
    expect([words, code, stderr]).toEqual([words, 0, expect.any(String)]);
    outputs.push(stdout, stderr);
  };
  await tell('unlock', '--create', '--passphrase-stdin');
  const [container] = await profile.containers();
  const containerId = container?.Id ?? '';
  const inside = async (script: string): Promise<string> =>
    (await runInContainer(profile.client, containerId, ['/bin/sh', '-c', script], 'tazpod')).output;
  await inside(`cd ~/secrets && echo ${canary} > ${member} && cp ${member} .aws/credentials`);
  expect(await inside(`cat ~/secrets/${member} ~/.aws/credentials`)).toContain(canary);
  await tell('save');
  await tell('lock');
  await tell('unlock', '--passphrase-stdin');
  expect(await inside('cat ~/.aws/credentials')).toContain(canary);
  await tell('vault', 'status', '--json');
  const salt = (await readFile(path.join(folder, '.tazpod', 'vault', 'vault.tar.aes'))).subarray(0, 32);
  const key = pbkdf2Sync(passphrase, salt, 100_000, 32, 'sha256');
  const agentId = (await profile.agentProcessId()) ?? 0;
  // The search finds what is there: the key is in the agent's memory while the vault is unlocked.
  expect(await countInMemory(agentId, key)).toBeGreaterThan(0);
  await tell('lock');
  // At once: later the memory could have been given to something else, wiped or not.
  expect(await countInMemory(agentId, key)).toBe(0);

  const secrets = [text('contents', canary), text('passphrase', passphrase), { name: 'key', bytes: key }];
  const all = [...secrets, text('a name in the vault', member)];
  const engineContainer = profile.client.getContainer(containerId);
  expect(findSecrets(all, JSON.stringify(await engineContainer.inspect()))).toEqual([]);
  expect(findSecrets(all, JSON.stringify(await engineContainer.changes()))).toEqual([]);
  expect(findSecrets(all, await engineContainer.logs({ stdout: true, stderr: true }))).toEqual([]);
  expect(await findInExport(all, containerId)).toEqual([]);
  expect(findSecrets(all, (await profile.run(['list', '--json'])).stdout)).toEqual([]);
  expect(findSecrets(secrets, outputs.join('\n'))).toEqual([]);
  // Project folder, state folder with the host's log, runtime folder and home.
  expect(await findInFolder(all, profile.root)).toEqual([]);
  const { DockerRootDir: dataRoot } = (await profile.client.info()) as { DockerRootDir: string };
  expect(await findInFolder(all, dataRoot)).toEqual([]);
  const heap = await heapOf(agentId);
  expect(heap.includes(folder)).toBe(true);
  expect(findSecrets(all, heap)).toEqual([]);
  const control = path.join(profile.root, 'control');
  await writeFile(control, `before ${canary} after`);
  expect(await findInFolder(all, profile.root)).toEqual([`${control}: contents`]);
});
