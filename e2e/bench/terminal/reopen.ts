import type { Row } from '../measure/row.ts';
import { median, round, rounded } from '../measure/statistics.ts';
import type { Bench } from '../world/bench.ts';
import { openTerminalWorld } from './world.ts';

const lineCount = 10_000;
const maxMs = 150;

/** After a reload with 10,000 lines of scrollback: from the page's asking for the session to the frame with the last line. */
export async function measureReopen(bench: Bench): Promise<readonly Row[]> {
  const { app, page, name } = await openTerminalWorld(bench, 'reopen');
  await app.type(
    `clear; seq -f '%08g of many lines of a build that went on for a while' ${lineCount}; echo all th"ere"\n`,
  );
  await app.terminalShows('all there');
  const before = await app.terminalText();
  const figures: number[] = [];
  let isSame = true;
  await page.addInitScript(noteLastLine);
  for (let count = 0; count <= bench.settings.rounds; count += 1) {
    await page.reload();
    await app.row(name).click();
    await app.terminalShows('all there');
    const ms = await page.evaluate(restoredInMs);
    if (count > 0) figures.push(ms);
    isSame &&= (await app.terminalText()) === before;
  }
  await app.close();
  return [
    {
      name: 'reopen',
      ratio: null,
      raw: { lines: lineCount, medianMs: round(median(figures)), allMs: rounded(figures), isSame },
      baseline: 'none: an absolute ceiling',
      target: `<= ${maxMs} ms, the same screen`,
      met: median(figures) <= maxMs && isSame,
      figure: `${round(median(figures), 0)} ms (${round(Math.min(...figures), 0)} to ${round(Math.max(...figures), 0)}), ${isSame ? 'the same' : 'ANOTHER'} screen`,
    },
  ];
}

/** Runs in each page before its own scripts: notes the frame in which the last line is there. */
function noteLastLine(): void {
  const observer = new MutationObserver(() => {
    if (document.querySelector('.xterm-rows')?.textContent?.includes('all there') !== true) return;
    observer.disconnect();
    requestAnimationFrame(() => performance.mark('last-line'));
  });
  observer.observe(document, { subtree: true, childList: true, characterData: true });
}

function restoredInMs(): number {
  const [shown, asked] = ['last-line', 'terminal-attach'].map((name) => performance.getEntriesByName(name).at(-1));
  return (shown?.startTime ?? Number.NaN) - (asked?.startTime ?? Number.NaN);
}
