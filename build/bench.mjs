import { ensureBuilt, mainPart, windowParts } from './setup/application.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureDesktopPackages } from './setup/desktop-packages.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { inProject, node24 } from './setup/project.mjs';
import { runForeground } from './setup/run.mjs';
import { SetupError, runMain } from './setup/say.mjs';

/** `npm run bench -- WORDS`: sets up, then runs the benchmarks. They need an engine. */
await runMain(async () => {
  await ensureDependencies();
  const words = process.argv.slice(2);
  const isDesktop = words.includes('desktop') || words.includes('terminal');
  await ensureBuilt(isDesktop ? [mainPart, ...windowParts] : [mainPart]);
  const engine = await ensureEngine();
  if (engine.status === 'none') throw new SetupError(engine.reason, engine.nextStep);
  return await runForeground(node24, [inProject('e2e', 'bench', 'main.ts'), ...words], {
    env: { ...process.env, DOCKER_HOST: engine.dockerHost, ...(isDesktop ? await chooseRuntime() : {}) },
  });
});

/** What the windows run in; each run says it, since figures of the stand-in are not Electron's. */
async function chooseRuntime() {
  const desktop = await ensureDesktopPackages();
  if (desktop.status === 'missing') throw new SetupError(desktop.reason, desktop.nextStep);
  const { distPath, line } = await ensureElectron();
  return { ELECTRON_OVERRIDE_DIST_PATH: distPath, TAZPOD_BENCH_RUNTIME: line };
}
