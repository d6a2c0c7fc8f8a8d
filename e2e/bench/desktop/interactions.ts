import { openTray } from '../../fixtures/tray.ts';
import type { Row } from '../measure/row.ts';
import { nowMs, watchFor, watchInput } from '../measure/page-clock.ts';
import { median, round, rounded } from '../measure/statistics.ts';
import { surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';
import { addTrustedProject, startProject, stopProject } from '../world/operation.ts';
import { openApp, openDesktop, type BenchApp } from './app.ts';

/** What a person does most, each from the event of the input to the frame that shows its end. */
export async function measureInteractions(bench: Bench): Promise<readonly Row[]> {
  const desktop = await openDesktop(bench);
  const app = await openApp(bench, desktop, surroundingsOf(bench, 'interactions', dockerHostOf(bench)));
  const drop = await repeat(bench, async (count) => dropOnce(bench, app, `drop-${count}`));
  const projectId = await addTrustedProject(app.target, await bench.makeProjectFolder('clicked'));
  await app.row('clicked').waitFor();
  const tray = await openTray(desktop.environment['DBUS_SESSION_BUS_ADDRESS'] ?? '');
  const trayStart = await repeat(bench, async () => {
    const running = await watchFor(app.page, rowSight('clicked', 'Running'));
    const click = await tray.aim('clicked', 'Start');
    const began = nowMs();
    await click();
    const ms = (await running.seenAtMs()) - began;
    await stopProject(app.target, projectId);
    await app
      .row('clicked')
      .and(app.page.getByLabel(/Not running/u))
      .waitFor();
    return ms;
  });
  tray.close();
  await startProject(app.target, projectId);
  await app.row('clicked').click();
  const openTerminal = await repeat(bench, async () => openTerminalOnce(app));
  await app.close();
  return [
    toRow('drop-to-row', drop, 300, 'drop of a folder to its row on screen'),
    toRow('tray-start', trayStart, 1_000, 'click of Start in the tray to Running in the window'),
    toRow('open-terminal', openTerminal, 400, 'click of Open terminal to the prompt on screen'),
  ];
}

/** One more comes first and does not count. */
async function repeat(bench: Bench, once: (count: number) => Promise<number>): Promise<readonly number[]> {
  const figures: number[] = [];
  for (let count = 0; count <= bench.settings.rounds; count += 1) figures.push(await once(count));
  return figures.slice(1);
}

/** A row of the list whose spoken words hold these. */
export const rowSight = (name: string, words: string) => ({
  selector: '[role=option]',
  attribute: 'aria-label',
  pattern: `^${name}: .*${words}|^${name}: ${words}`,
});

async function dropOnce(bench: Bench, app: BenchApp, name: string): Promise<number> {
  const folder = await bench.makeProjectFolder(name);
  const dropped = await watchInput(app.page, 'drop');
  const shown = await watchFor(app.page, { selector: '[role=option]', attribute: 'aria-label', pattern: `^${name}:` });
  await app.drop(folder);
  return (await shown.seenAtMs()) - (await dropped.seenAtMs());
}

async function openTerminalOnce(app: BenchApp): Promise<number> {
  const button = app.button('Open terminal');
  await button.waitFor();
  const pressed = await watchInput(app.page, 'pointerdown');
  const prompted = await watchFor(app.page, { selector: '.xterm-rows', pattern: '/workspace[$#]' });
  await button.click();
  const ms = (await prompted.seenAtMs()) - (await pressed.seenAtMs());
  await app.page.keyboard.press('Control+Shift+W');
  await app.page.locator('.xterm-rows').waitFor({ state: 'detached' });
  return ms;
}

function toRow(name: string, values: readonly number[], maxMs: number, what: string): Row {
  return {
    name,
    ratio: null,
    raw: { medianMs: round(median(values)), maxMs: round(Math.max(...values)), allMs: rounded(values) },
    baseline: 'none: an absolute ceiling',
    target: `<= ${maxMs} ms`,
    met: median(values) <= maxMs,
    figure: `${round(median(values), 0)} ms (${round(Math.min(...values), 0)} to ${round(Math.max(...values), 0)}), ${what}`,
  };
}
