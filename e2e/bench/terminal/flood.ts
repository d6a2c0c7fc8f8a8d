import { setTimeout as delay } from 'node:timers/promises';
import { interleave } from '../measure/interleave.ts';
import { watchFor, watchInput } from '../measure/page-clock.ts';
import { readMemory } from '../measure/process-usage.ts';
import type { Row } from '../measure/row.ts';
import { median, percentile, ratioOf, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { openPeer, type Peer } from './peer-app.ts';
import { openPlainPty, type PlainPty } from './plain-pty.ts';
import { openTerminalWorld, writeFlood, type TerminalWorld } from './world.ts';

const floodBytes = 100_000_000;
const maxMainMiB = 40;
const limits = {
  pty: { floodRatio: 1.75, ctrlCMs: 120 },
  engine: { floodRatio: 1.4, ctrlCMs: 100 },
} as const;
const ctrlCPresses = 20;
/** How long it floods before each, in milliseconds. */
const floodsForMs = 500;
/** How often main's memory is looked at, in milliseconds. */
const memoryEveryMs = 250;
let floods = 0;

/** Prints the file and then a sentence that was never on a screen before. */
function nextFlood(): { readonly command: string; readonly sentence: string } {
  floods += 1;
  return { command: `cat flood.txt; echo flood ${floods} has pas"sed"`, sentence: `flood ${floods} has passed` };
}

export const measureFlood = async (bench: Bench): Promise<readonly Row[]> => measure(bench, 'pty');

export const measureFloodOverEngineStream = async (bench: Bench): Promise<readonly Row[]> =>
  (await measure(bench, 'engine')).filter(({ name }) => name !== 'flood-main-memory');

/** 100 MB of lines to the last of them on screen; beside it the same read and thrown away, and what this runtime can carry. */
async function measure(bench: Bench, way: 'pty' | 'engine'): Promise<readonly Row[]> {
  const world = await openTerminalWorld(bench, `flood-${way}`, way);
  const bytes = await writeFlood(world.folder, floodBytes);
  const plain = await openPlainPty(bench, world.containerId, ['bash']);
  await plain.printed('/workspace');
  const peer = await openPeer(bench);
  const idleMiB = (await readMemory(world.app.processId)).rssMiB;
  const memory = watchMemory(world.app.processId);
  const peerIdleMiB = (await readMemory(peer.processId)).rssMiB;
  const peerMemory = watchMemory(peer.processId);
  const [ours = [], discarded = [], fed = [], carried = []] = await interleave(bench.settings.rounds, [
    async () => floodWindow(world),
    async () => floodPlain(plain),
    async () => peer.feedTerminal(bytes),
    async () => peer.carry(bytes),
  ]);
  const addedMiB = (await memory.peakMiB()) - idleMiB;
  const peerAddedMiB = (await peerMemory.peakMiB()) - peerIdleMiB;
  const ctrlC = await pressCtrlC(world);
  plain.close();
  await peer.close();
  await world.app.close();
  return [
    toFloodRow({ way, ours, discarded, fed, carried, bytes, runtime: peer.runtime }),
    toMemoryRow(addedMiB, peerAddedMiB, peer.runtime),
    toCtrlCRow(way, ctrlC),
  ];
}

async function floodWindow({ app, page }: TerminalWorld): Promise<number> {
  const { command, sentence } = nextFlood();
  await app.type(command);
  const pressed = await watchInput(page, 'keydown');
  const shown = await watchFor(page, { selector: '.xterm-rows', pattern: sentence });
  await page.keyboard.press('Enter');
  return (await shown.seenAtMs()) - (await pressed.seenAtMs());
}

async function floodPlain(plain: PlainPty): Promise<number> {
  const { command, sentence } = nextFlood();
  const began = performance.now();
  const seen = plain.printed(sentence);
  plain.write(`${command}\n`);
  await seen;
  return performance.now() - began;
}

function watchMemory(processId: number): { readonly peakMiB: () => Promise<number> } {
  const figures: Promise<number>[] = [];
  const read = (): number => figures.push(readMemory(processId).then(({ rssMiB }) => rssMiB));
  const timer = setInterval(read, memoryEveryMs);
  return {
    peakMiB: async () => {
      clearInterval(timer);
      read();
      return Math.max(...(await Promise.all(figures)));
    },
  };
}

async function pressCtrlC({ app, page }: TerminalWorld): Promise<readonly number[]> {
  const figures: number[] = [];
  for (let count = 0; count <= ctrlCPresses; count += 1) {
    // All of the screen, so that the prompt before is gone; the cursor's cell is a space.
    const flooding = await watchFor(page, { selector: '.xterm-rows', pattern: '^(?:\\s*[0-9]){800,}\\s*$' });
    await app.type('clear; yes 0123456789012345678901234567890123456789\n');
    await flooding.seenAtMs();
    await delay(floodsForMs);
    const pressed = await watchInput(page, 'keydown');
    const prompted = await watchFor(page, {
      selector: '.xterm-rows',
      pattern: '/workspace[$#]',
      // xterm.js changes rows in the frame that shows them.
      atChange: true,
    });
    await page.keyboard.down('Control');
    const letter = await watchInput(page, 'keydown');
    await page.keyboard.press('c');
    await page.keyboard.up('Control');
    await pressed.seenAtMs();
    if (count > 0) figures.push((await prompted.seenAtMs()) - (await letter.seenAtMs()));
    else await prompted.seenAtMs();
  }
  return figures;
}

interface FloodFigures {
  readonly way: 'pty' | 'engine';
  readonly ours: readonly number[];
  readonly discarded: readonly number[];
  readonly fed: readonly number[];
  readonly carried: readonly number[];
  readonly bytes: number;
  readonly runtime: Peer['runtime'];
}

function toFloodRow({ way, ours, discarded, fed, carried, bytes, runtime }: FloodFigures): Row {
  const ratio = ratioOf(ours, discarded);
  const { floodRatio } = limits[way];
  // A runtime that carries no more than this can't be faster, whatever the app does.
  const ceiling = ratioOf(
    ours,
    carried.map((ms, at) => Math.max(ms, discarded[at] ?? 0)),
  );
  return {
    name: `flood-${way}`,
    ratio,
    raw: {
      bytes,
      medianMs: round(median(ours)),
      discardedMedianMs: round(median(discarded)),
      fedFromMemoryMedianMs: round(median(fed)),
      transportMedianMs: round(median(carried)),
      toTransport: ceiling.median,
      oursMs: rounded(ours),
      discardedMs: rounded(discarded),
      fedFromMemoryMs: rounded(fed),
      transportMs: rounded(carried),
      runtime,
    },
    baseline:
      'node-pty `docker exec -it` discarded by Node; beside it xterm.js fed from memory, and the same bytes carried to a page alone',
    target: `<= ${floodRatio}x of the baseline, or of what this runtime carries where that is slower`,
    met: ceiling.median <= floodRatio,
    figure: `${round(median(ours), 0)} ms; discarded ${round(median(discarded), 0)}, from memory ${round(median(fed), 0)}, transport ${round(median(carried), 0)} (${round(ceiling.median, 2)}x of it)`,
  };
}

function toMemoryRow(addedMiB: number, peerAddedMiB: number, runtime: string): Row {
  // What a runtime's transport needs of main for the same bytes is not the app's.
  const ownMiB = addedMiB - Math.max(0, peerAddedMiB);
  return {
    name: 'flood-main-memory',
    ratio: null,
    raw: { addedMiB: round(addedMiB), transportAddedMiB: round(peerAddedMiB), ownMiB: round(ownMiB), runtime },
    baseline:
      'main with the terminal open and idle; beside it what carrying the same bytes adds to a main that does nothing else',
    target: `<= +${maxMainMiB} MiB beyond what the transport alone adds`,
    met: ownMiB <= maxMainMiB,
    figure: `+${round(addedMiB)} MiB at most, transport alone +${round(peerAddedMiB)}`,
  };
}

function toCtrlCRow(way: 'pty' | 'engine', figures: readonly number[]): Row {
  const p95Ms = percentile(figures, 0.95);
  const { ctrlCMs } = limits[way];
  return {
    name: `ctrl-c-${way}`,
    ratio: null,
    raw: { presses: figures.length, p50Ms: round(median(figures)), p95Ms: round(p95Ms), allMs: rounded(figures) },
    baseline: 'none: an absolute ceiling',
    target: `p95 <= ${ctrlCMs} ms`,
    met: p95Ms <= ctrlCMs,
    figure: `p50 ${round(median(figures), 0)} ms, p95 ${round(p95Ms, 0)} ms from the key to the prompt`,
  };
}
