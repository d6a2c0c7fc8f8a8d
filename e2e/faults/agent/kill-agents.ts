import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { reasonOf } from '../../../main/engine/failure.ts';
import { needsRadosgw } from '../../../main/engine/testing/radosgw.ts';
import { testEngine } from '../../fixtures/cli-profile.ts';
import { notRunRow, type FaultRow } from '../tally.ts';
import { openFolderPlace, openRadosgwPlace, type FaultPlace } from './fault-place.ts';
import { killAgentWhilePushing } from './kill-agent.ts';

const fault = 'kill -9 of the agent during save and push';

/** The agent is killed with a folder and with a real S3 service as its remote; a row that can't be had here says why. */
export async function killAgents(points: number, say: (text: string) => void): Promise<readonly FaultRow[]> {
  const noEngine = await testEngine().then(
    () => null,
    (error: unknown) => reasonOf(error),
  );
  if (noEngine !== null) return [notRunRow(fault, 'random points', noEngine)];
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'tazpod-faults-')));
  try {
    const rows = [await inPlace(await openFolderPlace(root), points, say)];
    if (needsRadosgw !== '') return [...rows, notRunRow(fault, 'random points, radosgw', 'radosgw is not installed')];
    return [...rows, await inPlace(await openRadosgwPlace(), points, say)];
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function inPlace(place: FaultPlace, points: number, say: (text: string) => void): Promise<FaultRow> {
  try {
    return await killAgentWhilePushing(points, place, say);
  } finally {
    await place.close();
  }
}
