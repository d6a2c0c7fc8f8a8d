import { ensureBuilt } from './setup/application.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { inProject, node24 } from './setup/project.mjs';
import { runForeground } from './setup/run.mjs';
import { SetupError, runMain } from './setup/say.mjs';

/** `npm run bench -- WORDS`: sets up, then runs the benchmarks. They need an engine. */
await runMain(async () => {
  await ensureDependencies();
  await ensureBuilt();
  const engine = await ensureEngine();
  if (engine.status === 'none') throw new SetupError(engine.reason, engine.nextStep);
  return await runForeground(node24, [inProject('e2e', 'bench', 'main.ts'), ...process.argv.slice(2)], {
    env: { ...process.env, DOCKER_HOST: engine.dockerHost },
  });
});
