import { ensureBuilt, mainPart, windowParts } from './setup/application.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureElectron } from './setup/electron.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { inProject, node24, projectRoot } from './setup/project.mjs';
import { runForeground } from './setup/run.mjs';
import { SetupError, runMain, say } from './setup/say.mjs';
import { explainDisplay, explainSandbox } from './start/explain.mjs';
import { readDesktopFacts } from './start/facts.mjs';

/** `npm start`: sets up what is missing, then runs the app. */
await runMain(async () => {
  const facts = readDesktopFacts();
  const noDisplay = explainDisplay(facts);
  if (noDisplay !== null) throw new SetupError(noDisplay.message, noDisplay.nextStep);
  await ensureDependencies();
  await ensureBuilt([mainPart, ...windowParts]);
  const engine = await ensureEngine();
  if (engine.status === 'none') {
    // The window explains it too, and comes alive when an engine appears.
    say(engine.reason);
    say(`next: ${engine.nextStep}`);
  }
  const electron = await ensureElectron();
  say(electron.line);
  if (electron.kind === 'electron') {
    const sandbox = explainSandbox(facts);
    if (sandbox !== null) say(`${sandbox.message}\nnext: ${sandbox.nextStep}`);
  }
  return await runForeground(node24, [inProject('node_modules', 'electron', 'cli.js'), '.', ...process.argv.slice(2)], {
    cwd: projectRoot,
    env: {
      ...process.env,
      ELECTRON_OVERRIDE_DIST_PATH: electron.distPath,
      ...(engine.status === 'ready' && engine.isPrivate ? { DOCKER_HOST: engine.dockerHost } : {}),
    },
  });
});
