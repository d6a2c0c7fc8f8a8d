import { ensureBuilt } from './setup/application.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureEngine, findEngineForCommand } from './setup/engine.mjs';
import { inProject, node24 } from './setup/project.mjs';
import { runForeground } from './setup/run.mjs';
import { runMain, say } from './setup/say.mjs';
import { needsEngine } from './words.mjs';

/** `npm run --silent tazpod -- WORDS`: sets up what is missing, then runs the command line from where the caller stands. */
await runMain(async () => {
  const words = process.argv.slice(2);
  await ensureDependencies();
  await ensureBuilt();
  const dockerHost = needsEngine(words) ? await setUpEngine() : await findEngineForCommand();
  return await runForeground(node24, [inProject('out', 'main', 'cli.js'), ...words], {
    // npm runs scripts in the project's own folder and tells the caller's in INIT_CWD.
    cwd: process.env['INIT_CWD'] ?? process.cwd(),
    env: dockerHost === undefined ? process.env : { ...process.env, DOCKER_HOST: dockerHost },
  });
});

/** The private engine's DOCKER_HOST. Any other engine is found by the command line itself, which also explains when there is none. */
async function setUpEngine() {
  const engine = await ensureEngine();
  if (engine.status === 'ready') return engine.isPrivate ? engine.dockerHost : undefined;
  say(engine.reason);
  say(`next: ${engine.nextStep}`);
  return undefined;
}
