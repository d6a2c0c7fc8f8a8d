import { ensureDependencies } from './setup/dependencies.mjs';
import { inProject, node24 } from './setup/project.mjs';
import { runForeground } from './setup/run.mjs';
import { runMain } from './setup/say.mjs';
import { ensureTracer } from './setup/tracer.mjs';

/** `npm run faults -- WORDS`: kills, starves and misleads processes that save, and counts what they lose. */
await runMain(async () => {
  await ensureDependencies();
  await ensureTracer();
  return await runForeground(node24, [inProject('e2e', 'faults', 'main.ts'), ...process.argv.slice(2)]);
});
