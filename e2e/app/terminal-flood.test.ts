import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openCliProfile, type CliProfile } from '../fixtures/cli-profile.ts';
import { startDesktop, type TestDesktop } from '../fixtures/desktop.ts';
import { keepEvidence, launchApp, prompt, type TazpodApp } from './tazpod-app.ts';

let desktop: TestDesktop;
let profile: CliProfile;
let app: TazpodApp;

beforeAll(async () => {
  desktop = await startDesktop();
  profile = await openCliProfile();
  expect(await profile.up(await profile.folder('floods'))).toMatchObject({ code: 0 });
  app = await launchApp(desktop, profile, { traced: false });
  await app.row('floods').click();
  await app.button('Open terminal').click();
  await app.terminalShows(prompt);
  await app.page.locator('.xterm-helper-textarea').focus();
});
afterEach(async (context) => {
  if (context.task.result?.state === 'fail') await keepEvidence(app, context.task.name);
});
afterAll(async () => {
  await app.close();
  await profile.close();
  await desktop.close();
});

/** Which part of the page's frames the terminal was drawn in, over so many of them. */
async function drawnShare(frames: number): Promise<number> {
  return app.page.evaluate(
    async (count) =>
      new Promise<number>((resolve) => {
        const rows = document.querySelector('.xterm-rows');
        let isDrawn = false;
        let drawn = 0;
        let seen = 0;
        const observer = new MutationObserver(() => {
          isDrawn = true;
        });
        if (rows !== null) observer.observe(rows, { subtree: true, childList: true, characterData: true });
        const next = (): void => {
          drawn += isDrawn ? 1 : 0;
          seen += 1;
          isDrawn = false;
          if (seen < count) requestAnimationFrame(next);
          else {
            observer.disconnect();
            resolve(drawn / seen);
          }
        };
        requestAnimationFrame(next);
      }),
    frames,
  );
}

/** Text that can't be skipped, as each line sets colours: the window gets all of it as fast as it takes it. */
const colouredFlood = String.raw`yes $'\e[31m01234567890123456789\e[32m01234567890123456789\e[0m'`;
const measuredFrames = 90;

test('while output floods two frames of three are left out, and none of them once keys are pressed', async () => {
  await app.type(`clear; ${colouredFlood}\n`);
  await app.terminalShows(/(?:0123456789){4}/u);
  const floodShare = await drawnShare(measuredFrames);
  const lifted = { share: 0 };
  const measured = drawnShare(measuredFrames).then((share) => {
    lifted.share = share;
  });
  while (lifted.share === 0) await app.page.keyboard.press('x');
  await measured;
  await app.page.keyboard.press('Control+C');
  await app.terminalShows(/\/workspace[$#]/u);
  // Not each frame has something to draw, and how many have is the machine's matter.
  expect(lifted.share).toBeGreaterThan(0.5);
  expect(floodShare / lifted.share).toBeLessThan(0.75);
}, 60_000);
