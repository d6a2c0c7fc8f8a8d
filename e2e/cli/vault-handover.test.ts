import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { VaultState } from '../../preload/contract/vault.ts';
import { createEngine } from '../../main/engine/create-engine.ts';
import { runCommand, waitForSnapshot } from '../../main/engine/testing/engine-fixture.ts';
import { connectIfRunning } from '../../main/host/connect.ts';
import { startHost } from '../../main/host/host.ts';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { eventually } from '../fixtures/processes.ts';
import { runInContainer } from '../../main/engine/docker/exec.ts';

let profile: CliProfile;
beforeAll(async () => {
  profile = await openCliProfile();
});
afterAll(async () => profile.close());

const passphrase = 'a passphrase that only memory knows';

test('the app takes an unlocked vault over from the agent with its key: it stays open, and saves go on', async () => {
  const folder = await profile.folder('handover');
  await profile.up(folder);
  const { id: projectId } = await profile.status(folder);
  const surroundings = {
    platform: process.platform,
    userId: process.getuid?.() ?? -1,
    homeFolder: path.join(profile.root, 'home'),
    temporaryFolder: tmpdir(),
    environment: profile.environment,
  };
  const agent = await connectIfRunning(surroundings);
  if (!agent.ok || agent.value === null) throw new Error('no agent');
  expect(agent.value.hello.kind).toBe('agent');
  const answer = await agent.value.execute({ type: 'unlockVault', projectId, passphrase, create: true });
  expect(answer).toMatchObject({ accepted: true });
  await eventually(
    async () => (await profile.status(folder)).vault.status === 'unlocked',
    'the vault is unlocked',
    20_000,
  );
  const [container] = await profile.containers();
  const inside = async (script: string): Promise<string> =>
    (await runInContainer(profile.client, container?.Id ?? '', ['/bin/sh', '-c', script], 'tazpod')).output.trim();
  await inside('echo later > /home/tazpod/secrets/later');

  const lines: string[] = [];
  const outcome = await startHost({
    surroundings,
    takeOver: true,
    createEngine,
    ports: {
      kind: 'app',
      version: '0.0.0-test',
      stateFolder: profile.stateFolder,
      homeFolder: path.join(profile.root, 'home'),
      environment: profile.environment,
      baseImageFolder: path.resolve('build/image'),
      nowMs: Date.now,
      log: (line) => lines.push(line),
    },
  });
  if (!outcome.ok || outcome.value.taken) throw new Error(`not taken over: ${JSON.stringify(outcome)}`);
  const { host } = outcome.value;
  onTestFinished(async () => host.stop('quit'));
  agent.value.close();
  await eventually(async () => (await profile.agentProcessId()) === null, 'the agent ends', 20_000);
  const vault = (): VaultState | undefined =>
    host.engine.snapshot().projects.find((one) => one.id === projectId)?.vault;
  expect([vault()?.status, vault()?.failure]).toEqual(['unlocked', null]);
  expect(await inside('cat /home/tazpod/secrets/later')).toBe('later');
  await waitForSnapshot(host.engine, ({ engine }) => engine.status === 'ready', 'the engine');
  expect(await runCommand(host.engine, { type: 'lockVault', projectId })).toEqual({
    ok: true,
    text: 'Locked the vault.',
  });
  expect(await runCommand(host.engine, { type: 'unlockVault', projectId, passphrase })).toMatchObject({ ok: true });
  expect(await inside('cat /home/tazpod/secrets/later')).toBe('later');

  const agentLog = await readFile(path.join(profile.stateFolder, 'host.log'), 'utf8');
  const told = [agentLog, ...lines, JSON.stringify(host.handover), JSON.stringify(host.engine.snapshot())].join('\n');
  expect(told).not.toContain(passphrase);
  expect(JSON.stringify(host.handover)).not.toContain('key');
});

test('a signal to the agent saves and locks before it ends, and its next start finds the vault locked', async () => {
  const folder = await profile.folder('signal');
  await profile.up(folder);
  const input = `${passphrase}\n`;
  expect(await profile.run(['unlock', '--create', '--passphrase-stdin', folder], { input })).toMatchObject({ code: 0 });
  await profile.run(['enter', folder, '--', 'sh', '-c', 'echo kept > ~/secrets/kept']);
  process.kill((await profile.agentProcessId()) ?? 0, 'SIGTERM');
  await eventually(async () => (await profile.agentProcessId()) === null, 'the agent ends', 20_000);
  const { vault, container } = await profile.status(folder);
  expect([vault.status, vault.lostSinceMs, container.status]).toEqual(['locked', null, 'running']);
  expect(await profile.run(['unlock', '--passphrase-stdin', folder], { input })).toMatchObject({ code: 0 });
  expect((await profile.run(['enter', folder, '--', 'sh', '-c', 'cat ~/secrets/kept'])).stdout).toBe('kept\n');
});
