import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { baseImage } from '../../../main/engine/docker/base-image.ts';
import { runInContainer } from '../../../main/engine/docker/exec.ts';
import { deriveKey, saltBytes } from '../../../main/engine/vault/key.ts';
import { isTemporaryName } from '../../../main/engine/vault/vault-names.ts';
import { openCliProfile, type CliProfile } from '../../fixtures/cli-profile.ts';
import { Tally, type FaultRow } from '../tally.ts';
import { labelOf, vaultFileOf, vaultFolderOf } from '../vault.ts';
import { openAgent, type Agent } from './agent.ts';
import { toSyncConfig, type FaultPlace } from './fault-place.ts';

const passphrase = 'a passphrase of the faults';
/** Saves with their pushes that fall into the time in which a kill may come. */
const turnsInReach = 2;
const never = new AbortController().signal;

/** What became of the labels that were written into the open vault: each is saved, then pushed, before the next one. */
interface Labels {
  written: number;
  /** The last one that was told as saved, and as pushed. */
  saved: number;
  pushed: number;
}

/** A project whose vault is open in a real container. */
interface World {
  readonly profile: CliProfile;
  readonly folder: string;
  readonly projectId: string;
  readonly place: FaultPlace;
  readonly labels: Labels;
  readonly tally: Tally;
}

/**
 * Kills the built agent while it saves and pushes a vault that is open in a container, each time at another moment. Then the
 * vault here and the one at the remote have to open and hold what was told as saved and pushed, or what was under way; and the
 * next agent has to take the open vault over, save and push it without asking anybody.
 */
export async function killAgentWhilePushing(
  points: number,
  place: FaultPlace,
  say: (text: string) => void,
): Promise<FaultRow> {
  const tally = new Tally();
  const profile = await openCliProfile({ environment: place.environment });
  try {
    const world = await makeWorld(profile, place, tally);
    let agent = await openAgent(profile, world.projectId);
    const reachMs = turnsInReach * (await measureTurnMs(world, agent));
    for (let point = 1; point <= points; point += 1) {
      const turns = saveAndPush(world, agent);
      await delay(Math.random() * reachMs);
      await agent.kill();
      await turns;
      await look(world, point);
      agent = await goOn(world, point);
      if (point % 25 === 0) say(`${point} of ${points} kills of the agent, ${place.name}`);
    }
    agent.disconnect();
    const left = (await readdir(vaultFolderOf(world.folder))).filter((name) => isTemporaryName(name));
    if (left.length > 0) tally.lose(`left behind: ${left.join(', ')}`);
  } finally {
    await profile.close();
  }
  return tally.toRow('kill -9 of the agent during save and push', `random points, ${place.name}`);
}

async function makeWorld(profile: CliProfile, place: FaultPlace, tally: Tally): Promise<World> {
  const folder = await profile.folder('faults');
  await mkdir(path.join(folder, '.tazpod'));
  await writeFile(path.join(folder, '.tazpod/config.yaml'), `image: ${baseImage}\n${toSyncConfig(place)}`);
  await mustRun(profile, ['up', '--trust', folder]);
  await mustRun(profile, ['unlock', '--create', '--passphrase-stdin', folder], `${passphrase}\n`);
  const { id: projectId } = await profile.status(folder);
  const labels = { written: 0, saved: 0, pushed: 0 };
  return { profile, folder, projectId, place, labels, tally };
}

async function mustRun(profile: CliProfile, words: readonly string[], input?: string): Promise<void> {
  const end = await profile.run(words, input === undefined ? {} : { input });
  if (end.code !== 0) throw new Error(`tazpod ${words.join(' ')}: ${end.stderr}`);
}

/** One turn after the other, until the agent is gone or `turns` are done. */
async function saveAndPush(world: World, agent: Agent, turns = Infinity): Promise<void> {
  const { labels, projectId, tally } = world;
  for (let turn = 0; turn < turns; turn += 1) {
    await writeLabel(world);
    for (const [type, told] of [
      ['saveVault', 'saved'],
      ['syncNow', 'pushed'],
    ] as const) {
      const end = await agent.run({ type, projectId });
      if (end === 'lost') return;
      if (end === 'done') labels[told] = labels.written;
      else tally.lose(`${type} of ${labels.written}: ${end.code}: ${end.message}`);
    }
  }
}

/** Puts the next label into the open vault, whole or not at all. */
async function writeLabel({ profile, labels }: World): Promise<void> {
  const [container] = await profile.containers();
  const next = labels.written + 1;
  // Counted before it is there: a save that is under way may find it.
  labels.written = next;
  const script = `cd ~/secrets && head -c 65536 /dev/urandom > noise && printf %s ${next} > .label && mv .label label`;
  const { exitCode, output } = await runInContainer(
    profile.client,
    container?.Id ?? '',
    ['sh', '-c', script],
    'tazpod',
  );
  if (exitCode !== 0) throw new Error(`the label could not be written: ${output}`);
}

async function measureTurnMs(world: World, agent: Agent): Promise<number> {
  const turns = 3;
  const began = performance.now();
  await saveAndPush(world, agent, turns);
  if (world.labels.pushed !== turns) throw new Error('the agent does not save and push');
  return (performance.now() - began) / turns;
}

/** What is there right after the kill, here and at the remote. */
async function look({ folder, place, labels, tally }: World, point: number): Promise<void> {
  const since = (label: number): readonly string[] =>
    Array.from({ length: labels.written - label + 1 }, (_, index) => String(label + index));
  const here = await readFile(vaultFileOf(folder)).catch(() => new Uint8Array());
  tally.judge(`kill ${point}`, await readLabel(here), since(labels.saved));
  const there = await place.remote.readLatest(never);
  const remote = there === null ? null : await readLabel(there.vault.bytes);
  tally.judge(`remote ${point}`, remote, since(labels.pushed));
}

async function readLabel(file: Uint8Array): Promise<string | null> {
  if (file.length < saltBytes) return null;
  const key = await deriveKey(Buffer.from(passphrase), file.subarray(0, saltBytes));
  const label = await labelOf(file, key);
  key.wipe();
  return label;
}

/** A new agent takes over what the killed one left: with the passphrase once, and no other question. */
async function goOn(world: World, point: number): Promise<Agent> {
  const { profile, projectId, labels, tally } = world;
  const agent = await openAgent(profile, projectId);
  await agent.until(({ vault }) => vault.status === 'mounted', `the open vault after kill ${point}`);
  for (const command of [
    { type: 'unlockVault', projectId, passphrase },
    { type: 'syncNow', projectId },
  ] as const) {
    const end = await agent.run(command);
    if (end !== 'done')
      tally.lose(`${command.type} after kill ${point}: ${end === 'lost' ? end : `${end.code}: ${end.message}`}`);
  }
  const { sync, vault } = agent.project();
  if (sync.question !== null) tally.lose(`after kill ${point} sync asks: ${sync.question.kind}`);
  if (vault.conflictCopies.length > 0) tally.lose(`after kill ${point}: ${vault.conflictCopies.join(', ')}`);
  labels.saved = labels.written;
  labels.pushed = labels.written;
  return agent;
}
