import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright';
import { nowMs, watchFor, watchInput } from '../measure/page-clock.ts';
import type { Row } from '../measure/row.ts';
import { median, percentile, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { openPeer } from './peer-app.ts';
import { openPlainPty, type PlainPty } from './plain-pty.ts';
import { openTab, openTerminalWorld } from './world.ts';

/** Keys of one round; the first of them does not count. */
const keysPerRound = 31;
/**
 * How long a key is held and how long after it the next one comes, in milliseconds: a fast person's. At once, both sides would
 * only wait for the next frame, and for the page's work on a key that goes up before its letter is there.
 */
const heldMs = 40;
const betweenKeysMs = 40;
const limits = { p50ToPeer: 0.4, p99ToPeer: 0.55, p50ToIdle: 1.7, p99BesideFloodMs: 33 } as const;

const keyAt = (count: number): string => 'qwjkzxvb'.charAt(count % 8);

/** From a key to its letter in the frame that xterm.js draws: idle, in VS Code's way, and beside a tab that floods. */
export async function measureTyping(bench: Bench): Promise<readonly Row[]> {
  const { app, page, containerId } = await openTerminalWorld(bench, 'typing');
  const peer = await openPeer(bench);
  await peer.openShell(containerId);
  const shell = await openPlainPty(bench, containerId, ['bash']);
  await shell.printed('/workspace');
  const [idle, peers, echoes, trips]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let count = 0; count < bench.settings.rounds; count += 1) {
    idle.push(...(await typeKeys(page)));
    await takeBack(page);
    peers.push(...(await typeKeys(peer.page)));
    await takeBack(peer.page);
    await peer.setEcho(true);
    echoes.push(...(await typeKeys(peer.page)));
    await peer.setEcho(false);
    await takeBack(peer.page);
    trips.push(...(await sendKeys(shell)));
  }
  shell.close();
  await peer.close();
  await app.type('yes 0123456789012345678901234567890123456789\n');
  await app.terminalShows('0123456789');
  await openTab(app);
  const beside: number[] = [];
  for (let count = 0; count < bench.settings.rounds; count += 1) {
    beside.push(...(await typeKeys(page)));
    await takeBack(page);
  }
  await app.close();
  return [toKeystrokeRow({ ours: idle, peers, echoes, trips }), toBesideRow(beside, idle)];
}

/** Types into a prompt, one key after the other. */
async function typeKeys(page: Page): Promise<readonly number[]> {
  const figures: number[] = [];
  let typed = '';
  for (let count = 0; count < keysPerRound; count += 1) {
    const key = keyAt(count);
    typed += key;
    const pressed = await watchInput(page, 'keydown');
    const shown = await watchFor(page, { selector: '.xterm-rows', pattern: `[$#] ${typed}`, atChange: true });
    await page.keyboard.press(key, { delay: heldMs });
    const ms = (await shown.seenAtMs()) - (await pressed.seenAtMs());
    if (count > 0) figures.push(ms);
    await delay(betweenKeysMs);
  }
  return figures;
}

/** Leaves an empty prompt at the top. */
async function takeBack(page: Page): Promise<void> {
  const emptied = await watchFor(page, { selector: '.xterm-rows > div:last-child, .xterm-rows', pattern: '\\^C' });
  await page.keyboard.press('Control+c');
  await emptied.seenAtMs();
  await page.keyboard.press('Control+l');
}

/** The same keys into a shell of the container that no window shows: its way there and back. */
async function sendKeys(shell: PlainPty): Promise<readonly number[]> {
  const figures: number[] = [];
  for (let count = 0; count < keysPerRound; count += 1) {
    const key = keyAt(count);
    const printed = shell.printed(key);
    const beganMs = nowMs();
    shell.write(key);
    await printed;
    if (count > 0) figures.push(nowMs() - beganMs);
    await delay(heldMs + betweenKeysMs);
  }
  const emptied = shell.printed('^C');
  shell.write('\u0003');
  await emptied;
  return figures;
}

interface KeyTimes {
  readonly ours: readonly number[];
  readonly peers: readonly number[];
  /** Through the runtime alone: from the page to main, back, and into a frame. */
  readonly echoes: readonly number[];
  /** To the shell and back, without a window. */
  readonly trips: readonly number[];
}

/**
 * Electron's own way between page and main is not there: both sides are judged by what they add to the way through the
 * runtime and to the shell, which no terminal can be without. What they take in all stands beside it.
 */
function toKeystrokeRow({ ours, peers, echoes, trips }: KeyTimes): Row {
  const compare = (fraction: number) => {
    const [own, peer] = [percentile(ours, fraction), percentile(peers, fraction)];
    const least = percentile(echoes, fraction) + median(trips);
    const added = peer > least ? Math.max(0, own - least) / (peer - least) : Infinity;
    return { own, peer, least, added };
  };
  const [p50, p99] = [compare(0.5), compare(0.99)];
  return {
    name: 'keystroke',
    ratio: null,
    raw: {
      keys: ours.length,
      p50Ms: round(p50.own),
      p99Ms: round(p99.own),
      peerP50Ms: round(p50.peer),
      peerP99Ms: round(p99.peer),
      leastP50Ms: round(p50.least),
      leastP99Ms: round(p99.least),
      tripP50Ms: round(median(trips), 2),
      p50ToPeer: round(p50.own / p50.peer, 2),
      p99ToPeer: round(p99.own / p99.peer, 2),
      p50AddedToPeer: round(p50.added, 2),
      p99AddedToPeer: round(p99.added, 2),
      allMs: rounded(ours),
      peerMs: rounded(peers),
      echoMs: rounded(echoes),
    },
    baseline:
      "a terminal with VS Code's constants in a window of the same runtime; both above an echo by main and a trip to the shell",
    target: `<= ${limits.p50ToPeer}x at p50, <= ${limits.p99ToPeer}x at p99`,
    met: p50.added <= limits.p50ToPeer && p99.added <= limits.p99ToPeer,
    figure:
      `p50 ${round(p50.own)} ms, p99 ${round(p99.own)} ms; ${round(p50.peer)} and ${round(p99.peer)} ` +
      `(${round(p50.own / p50.peer, 2)}x, ${round(p99.own / p99.peer, 2)}x); least ${round(p50.least)} and ${round(p99.least)}, ` +
      `above it ${round(p50.added, 2)}x, ${round(p99.added, 2)}x`,
  };
}

function toBesideRow(beside: readonly number[], idle: readonly number[]): Row {
  const [p50, p99] = [median(beside), percentile(beside, 0.99)];
  const toIdle = p50 / median(idle);
  return {
    name: 'typing-beside-flood',
    ratio: null,
    raw: {
      keys: beside.length,
      p50Ms: round(p50),
      p99Ms: round(p99),
      p50ToIdle: round(toIdle, 2),
      allMs: rounded(beside),
    },
    baseline: 'keystroke, idle',
    target: `p50 <= ${limits.p50ToIdle}x idle, p99 <= ${limits.p99BesideFloodMs} ms`,
    met: toIdle <= limits.p50ToIdle && p99 <= limits.p99BesideFloodMs,
    figure: `p50 ${round(p50)} ms (${round(toIdle, 2)}x idle), p99 ${round(p99)} ms`,
  };
}
