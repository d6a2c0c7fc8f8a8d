import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright';
import { watchFor, watchInput } from '../measure/page-clock.ts';
import type { Row } from '../measure/row.ts';
import { median, percentile, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { openPeer } from './peer-app.ts';
import { openTab, openTerminalWorld } from './world.ts';

/** Keys of one round; the first of them does not count. */
const keysPerRound = 16;
/** Between a letter and the next key, in milliseconds: a fast person's. At once, both sides would only wait for the next frame. */
const betweenKeysMs = 80;
const limits = { p50ToPeer: 0.4, p99ToPeer: 0.55, p50ToIdle: 1.7, p99BesideFloodMs: 33 } as const;

/** From a key to its letter in the frame that xterm.js draws: idle, in VS Code's way, and beside a tab that floods. */
export async function measureTyping(bench: Bench): Promise<readonly Row[]> {
  const { app, page, containerId } = await openTerminalWorld(bench, 'typing');
  const peer = await openPeer(bench);
  await peer.openShell(containerId);
  const [idle, peers]: [number[], number[]] = [[], []];
  for (let count = 0; count < bench.settings.rounds; count += 1) {
    idle.push(...(await typeKeys(page)));
    peers.push(...(await typeKeys(peer.page)));
  }
  await peer.close();
  await app.type('yes 0123456789012345678901234567890123456789\n');
  await app.terminalShows('0123456789');
  await openTab(app);
  const beside: number[] = [];
  for (let count = 0; count < bench.settings.rounds; count += 1) beside.push(...(await typeKeys(page)));
  await app.close();
  return [toKeystrokeRow(idle, peers), toBesideRow(beside, idle)];
}

/** Types into a prompt, one key after the other, and takes it all back. */
async function typeKeys(page: Page): Promise<readonly number[]> {
  const figures: number[] = [];
  let typed = '';
  for (let count = 0; count < keysPerRound; count += 1) {
    const key = 'qwjkzxvb'.charAt(count % 8);
    typed += key;
    const pressed = await watchInput(page, 'keydown');
    const shown = await watchFor(page, { selector: '.xterm-rows', pattern: `[$#] ${typed}`, atChange: true });
    await page.keyboard.press(key);
    const ms = (await shown.seenAtMs()) - (await pressed.seenAtMs());
    if (count > 0) figures.push(ms);
    await delay(betweenKeysMs);
  }
  const emptied = await watchFor(page, { selector: '.xterm-rows > div:last-child, .xterm-rows', pattern: '\\^C' });
  await page.keyboard.press('Control+c');
  await emptied.seenAtMs();
  await page.keyboard.press('Control+l');
  return figures;
}

function toKeystrokeRow(ours: readonly number[], peers: readonly number[]): Row {
  const [p50, p99] = [median(ours), percentile(ours, 0.99)];
  const [peer50, peer99] = [median(peers), percentile(peers, 0.99)];
  return {
    name: 'keystroke',
    ratio: null,
    raw: {
      keys: ours.length,
      p50Ms: round(p50),
      p99Ms: round(p99),
      peerP50Ms: round(peer50),
      peerP99Ms: round(peer99),
      p50ToPeer: round(p50 / peer50, 2),
      p99ToPeer: round(p99 / peer99, 2),
      allMs: rounded(ours),
      peerMs: rounded(peers),
    },
    baseline: "a terminal with VS Code's constants in a window of the same runtime",
    target: `<= ${limits.p50ToPeer}x at p50, <= ${limits.p99ToPeer}x at p99`,
    met: p50 / peer50 <= limits.p50ToPeer && p99 / peer99 <= limits.p99ToPeer,
    figure: `p50 ${round(p50)} ms, p99 ${round(p99)} ms; ${round(peer50)} and ${round(peer99)} (${round(p50 / peer50, 2)}x, ${round(p99 / peer99, 2)}x)`,
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
