import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { needsRadosgw } from '../../main/engine/testing/radosgw.ts';
import { openFolderPlace, openRadosgwPlace, type FaultPlace } from '../faults/agent/fault-place.ts';
import { killAgentWhilePushing } from '../faults/agent/kill-agent.ts';

/** A small part of `npm run faults -- --only agent`. */
const points = 4;
const timeoutMs = 180_000;

async function expectHeld(place: FaultPlace): Promise<void> {
  onTestFinished(async () => place.close());
  const row = await killAgentWhilePushing(points, place, () => undefined);
  expect(row).toMatchObject({ unreadable: 0, lost: 0, unnamed: 0, notRun: null, complaints: [], points: 2 * points });
}

test(
  'the agent killed while it saves and pushes to a folder loses nothing, and the next one goes on',
  { timeout: timeoutMs },
  async () => {
    const root = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-agent-kill-')));
    onTestFinished(async () => rm(root, { recursive: true }));
    await expectHeld(await openFolderPlace(root));
  },
);

test.skipIf(needsRadosgw !== '')(`the same with a real S3 service${needsRadosgw}`, { timeout: timeoutMs }, async () => {
  await expectHeld(await openRadosgwPlace());
});
