import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { baseImage } from '../../../main/engine/docker/base-image.ts';
import { readCpuMs } from '../measure/process-usage.ts';
import type { Row } from '../measure/row.ts';
import { round } from '../measure/statistics.ts';
import { startAgent, surroundingsOf, type AgentProcess } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { addTrustedProject, runOperation, startProject, waitForSnapshot } from '../world/operation.ts';
import { openFakeS3, type FakeS3, type SeenRequest } from '../../../main/engine/testing/fake-s3.ts';

const projects = 20;
const intervalMs = 30_000;
/** Each interval is up to a tenth shorter or longer. */
const spreadShare = 0.1;
const intervals = 4;
const maxCpuPercent = 2;

/** 20 projects up, their vaults unlocked and pushed, nothing changed: what the remote is asked, when, and at what cost. */
export async function measureUnchangedSync(bench: Bench): Promise<readonly Row[]> {
  const fake = await openFakeS3();
  bench.atEnd(async () => fake.close());
  await writeKeys(bench);
  const agent = await startAgent(bench, surroundingsOf(bench, 'sync', process.env['DOCKER_HOST'] ?? ''));
  bench.say(`starting and unlocking ${projects} projects`);
  for (let index = 0; index < projects; index += 1) await openProject(bench, agent, fake, index);
  await waitForSnapshot(
    agent.target,
    (snapshot) => snapshot.projects.every(({ sync }) => sync.lastPushedAtMs !== null),
    'all pushes',
  );
  // From here on every loop has its interval.
  await delay(intervalMs * (1 + spreadShare));
  fake.takeRequests();
  const windowMs = intervals * intervalMs;
  bench.say(`watching for ${windowMs / 1000} s`);
  const cpuBeforeMs = await readCpuMs(agent.processId);
  await delay(windowMs);
  const cpuMs = (await readCpuMs(agent.processId)) - cpuBeforeMs;
  const requests = fake.takeRequests();
  await agent.stop();
  return [toRow(requests, cpuMs, windowMs)];
}

/** Keys that the fake does not look at; the SDK wants some. */
async function writeKeys(bench: Bench): Promise<void> {
  const folder = path.join(bench.root, 'home', '.aws');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'credentials'), '[default]\naws_access_key_id = a\naws_secret_access_key = b\n');
}

async function openProject(bench: Bench, agent: AgentProcess, fake: FakeS3, index: number): Promise<void> {
  const folder = await bench.makeProjectFolder(`sync-${index}`);
  const remote = `{ type: s3, bucket: vaults, endpoint: "${fake.endpoint}", path_style: true }`;
  const config = `image: ${baseImage}\nsync: { interval: ${intervalMs / 1000}s, remote: ${remote} }\n`;
  await writeFile(path.join(folder, '.tazpod', 'config.yaml'), config);
  const projectId = await addTrustedProject(agent.target, folder);
  await startProject(agent.target, projectId);
  await runOperation(agent.target, { type: 'unlockVault', projectId, passphrase: 'a bench of vaults', create: true });
  await runOperation(agent.target, { type: 'syncNow', projectId });
}

function toRow(requests: readonly SeenRequest[], cpuMs: number, windowMs: number): Row {
  const heads = requests.filter(({ line }) => /^HEAD .*\/vault\.tar\.aes$/u.test(line));
  const gaps = gapsOf(heads);
  const shortestGapMs = Math.min(...gaps);
  const longestGapMs = Math.max(...gaps);
  const perSecond = Map.groupBy(heads, ({ atMs }) => Math.floor(atMs / 1000));
  const mostPerSecond = Math.max(...Array.from(perSecond.values(), ({ length }) => length));
  const cpuPercent = (cpuMs / windowMs) * 100;
  const others = requests.length - heads.length;
  // A run takes a moment itself: it saves first.
  const isOnTime =
    shortestGapMs >= intervalMs * (1 - spreadShare) && longestGapMs <= intervalMs * (1 + 2 * spreadShare);
  return {
    name: 'sync-20-unchanged',
    ratio: null,
    raw: { heads: heads.length, others, shortestGapMs, longestGapMs, mostPerSecond, cpuMs, windowMs },
    baseline: 'none',
    target: `one HEAD per project and interval, nothing else, at most ${projects / 2} in one second; CPU <= ${maxCpuPercent}%`,
    met: others === 0 && isOnTime && mostPerSecond <= projects / 2 && cpuPercent <= maxCpuPercent,
    figure: `${heads.length} HEAD of ${projects} in ${windowMs / 1000} s, ${others} others, ${round(cpuPercent, 2)}% CPU`,
  };
}

/** Time between two looks at the same vault, in milliseconds. */
function gapsOf(heads: readonly SeenRequest[]): readonly number[] {
  const byKey = Map.groupBy(heads, ({ line }) => line);
  return [...byKey.values()].flatMap((ofOne) =>
    ofOne.slice(1).map(({ atMs }, index) => Math.round(atMs - (ofOne[index]?.atMs ?? 0))),
  );
}
