import { ensureBuilt, mainPart, windowParts } from './setup/application.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureDesktopPackages } from './setup/desktop-packages.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { inProject, node24 } from './setup/project.mjs';
import { runForeground } from './setup/run.mjs';
import { SetupError, runMain, say } from './setup/say.mjs';
import { ensureBaseImage } from './test/base-image.mjs';

/** `npm run screenshots`: the README's pictures, taken anew. README names the runtime they show. */
await runMain(async () => {
  await ensureDependencies();
  await ensureBuilt([mainPart, ...windowParts]);
  const engine = await ensureEngine();
  if (engine.status === 'none') throw new SetupError(engine.reason, engine.nextStep);
  const desktop = await ensureDesktopPackages();
  if (desktop.status === 'missing') throw new SetupError(desktop.reason, desktop.nextStep);
  await ensureBaseImage(engine.dockerHost);
  const { distPath, line } = await ensureElectron();
  say(`taking pictures, ${line}`);
  return await runForeground(node24, [inProject('e2e', 'screenshots.ts')], {
    env: { ...process.env, DOCKER_HOST: engine.dockerHost, ELECTRON_OVERRIDE_DIST_PATH: distPath },
  });
});
