import { ensureBuilt, mainPart, windowParts } from './setup/application.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureDesktopPackages } from './setup/desktop-packages.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { ensureTestPackages } from './setup/test-packages.mjs';
import { ensurePacked } from './setup/package.mjs';
import { throwIfInterrupted } from './setup/run.mjs';
import { SetupError, say } from './setup/say.mjs';
import { ensureTracer } from './setup/tracer.mjs';
import { parseArguments } from './test/arguments.mjs';
import { ensureBaseImage } from './test/base-image.mjs';
import { runCheck } from './test/check.mjs';
import { add, nothing, toLine, totalsWithoutEngine } from './test/totals.mjs';
import { countTests, runVitest } from './test/vitest.mjs';

/** `npm test`: sets up, checks, tests, and ends with one line: N passed, N failed, N skipped. */
const totals = await testAll().catch(countFailure);
process.exitCode = totals.failed === 0 ? 0 : 1;
process.stdout.write(`${toLine(totals)}\n`);

async function testAll() {
  const { projects, rest } = parseArguments(process.argv.slice(2));
  await ensureDependencies();
  const isClean = await runCheck();
  throwIfInterrupted();
  if (!isClean) return { ...nothing, failed: 1 };
  await ensureBuilt([mainPart, ...windowParts]);
  let sum = nothing;
  if (projects.includes('unit')) sum = add(sum, await testUnits(rest).catch(countFailure));
  throwIfInterrupted();
  if (projects.includes('engine')) sum = add(sum, await testWithEngine(rest).catch(countFailure));
  throwIfInterrupted();
  if (projects.includes('desktop')) sum = add(sum, await testDesktop(rest).catch(countFailure));
  return sum;
}

/** @param {string[]} rest */
async function testUnits(rest) {
  await ensureTracer();
  return await runVitest('unit', rest, process.env);
}

/** @param {string[]} rest */
async function testWithEngine(rest) {
  const engine = await ensureEngine();
  if (engine.status === 'none') return leaveOut('engine', rest, engine);
  await ensureBaseImage(engine.dockerHost);
  await ensureTestPackages();
  return await runVitest('engine', rest, { ...process.env, DOCKER_HOST: engine.dockerHost });
}

/** The app in a real window on a desktop of its own. @param {string[]} rest */
async function testDesktop(rest) {
  const engine = await ensureEngine();
  if (engine.status === 'none') return leaveOut('desktop', rest, engine);
  const desktop = await ensureDesktopPackages();
  if (desktop.status === 'missing') return leaveOut('desktop', rest, desktop);
  await ensureBaseImage(engine.dockerHost);
  const runtime = await ensureElectron();
  const env = {
    ...process.env,
    DOCKER_HOST: engine.dockerHost,
    ELECTRON_OVERRIDE_DIST_PATH: runtime.distPath,
    TAZPOD_PACKED_APP: await ensurePacked(runtime),
  };
  const desktopTotals = await runVitest('desktop', rest, env);
  process.stdout.write(`${runtime.line}\n`);
  return desktopTotals;
}

/**
 * Tests that this machine can't run: counted, with the reason above the last line.
 * @param {string} project @param {string[]} rest @param {{ reason: string, nextStep: string }} why
 */
async function leaveOut(project, rest, { reason, nextStep }) {
  const ci = process.env['CI'] === 'true';
  const count = await countTests(project, rest);
  const outcome = ci ? 'failed, since CI=true' : 'skipped';
  process.stdout.write(`${project} tests ${outcome}: ${reason} (next: ${nextStep})\n`);
  return totalsWithoutEngine(count, ci);
}

/** What stops the tests is one failure more. @param {unknown} error */
function countFailure(error) {
  if (error instanceof SetupError) say(`${error.message}\nnext: ${error.nextStep}`);
  else console.error(error);
  return { ...nothing, failed: 1 };
}
