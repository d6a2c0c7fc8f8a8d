import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProjectState } from '../../preload/contract/snapshot.ts';
import { openCliProfile, testEngine, upWords, type CliProfile } from '../fixtures/cli-profile.ts';
import { expectCode } from '../fixtures/expect-end.ts';
import { eventually } from '../fixtures/processes.ts';
import { needsThrowawayEngine, startThrowawayEngine, type ThrowawayEngine } from '../fixtures/throwaway-engine.ts';

describe.skipIf(needsThrowawayEngine !== '')(`an engine that fails${needsThrowawayEngine}`, () => {
  let engine: ThrowawayEngine | undefined;
  let profile: CliProfile | undefined;

  const parts = (): { engine: ThrowawayEngine; profile: CliProfile } => {
    if (engine === undefined || profile === undefined) throw new Error('it did not start');
    return { engine, profile };
  };
  const isRight = async (of: CliProfile, folder: string, status: string): Promise<boolean> => {
    const end = await of.run(['status', '--json', folder]);
    return end.code === 0 && (JSON.parse(end.stdout) as ProjectState).container.status === status;
  };

  beforeAll(async () => {
    engine = await startThrowawayEngine((await testEngine()).client);
    profile = await openCliProfile({ client: engine.client, dockerHost: engine.dockerHost });
  });
  afterAll(async () => {
    await profile?.close();
    await engine?.close();
  });

  test('killed and started again while a project runs: exit code 4 meanwhile, then stopped, then up brings it back', async () => {
    const { engine: real, profile: own } = parts();
    const folder = await own.folder('survivor');
    await own.up(folder);
    const [before] = await own.containers();
    const agent = await own.agentProcessId();
    await real.kill();
    expectCode(await own.run(['status', folder]), 4);
    await real.start();
    await eventually(async () => isRight(own, folder, 'stopped'), 'the right state after the restart', 5_000);
    await own.up(folder);
    expect(await isRight(own, folder, 'running')).toBe(true);
    const after = await own.containers();
    expect(after.map((one) => [one.Id, one.State])).toEqual([[before?.Id, 'running']]);
    expect(await own.agentProcessId()).toBe(agent);
    expectCode(await own.run(['enter', folder, '--', 'true']), 0);
    expectCode(await own.run(['down', folder]), 0);
  });

  test('disk full at create: up says so, nothing is half done, and works once there is room', async () => {
    const { engine: real, profile: own } = parts();
    const folder = await own.folder('no room');
    await real.fillDisk();
    try {
      const end = await own.run([...upWords(folder).slice(0, -2), '--json', '--', folder]);
      expectCode(end, 1);
      const { failure } = JSON.parse(end.stdout) as { failure: { code: string; message: string } };
      expect(failure.code).toBe('disk-full');
      expect(failure.message).toMatch(/no space left/iu);
      expect(await own.containers()).toEqual([]);
      expect((await own.status(folder)).container.status).toBe('missing');
    } finally {
      await real.freeDisk();
    }
    await own.up(folder);
    expect((await own.containers()).map((one) => one.State)).toEqual(['running']);
    expectCode(await own.run(['down', folder]), 0);
    expect(await own.containers()).toEqual([]);
    expect(await own.networks()).toEqual([]);
  });
});
