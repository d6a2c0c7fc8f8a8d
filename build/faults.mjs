import { ensureBuilt, mainPart } from './setup/application.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { ensureEngine } from './setup/engine.mjs';
import { inProject, node24 } from './setup/project.mjs';
import { runForeground } from './setup/run.mjs';
import { runMain } from './setup/say.mjs';
import { ensureTestPackages } from './setup/test-packages.mjs';
import { ensureTracer } from './setup/tracer.mjs';
import { ensureBaseImage } from './test/base-image.mjs';

/** `npm run faults -- WORDS`: kills, starves and misleads processes that save, and counts what they lose. */
await runMain(async () => {
  await ensureDependencies();
  await ensureTracer();
  const words = process.argv.slice(2);
  const env = { ...process.env, ...(wantsAgent(words) ? await setUpAgent() : {}) };
  return await runForeground(node24, [inProject('e2e', 'faults', 'main.ts'), ...words], { env });
});

/** @param {readonly string[]} words */
function wantsAgent(words) {
  const at = words.findIndex((word) => word.startsWith('--only'));
  if (at < 0) return true;
  const only = words[at]?.includes('=') ? words[at] : words[at + 1];
  return only?.includes('agent') === true;
}

/** What the built agent needs to be killed in earnest. Without an engine its rows say that they were not run. */
async function setUpAgent() {
  await ensureBuilt([mainPart]);
  const engine = await ensureEngine();
  if (engine.status === 'none') return {};
  await ensureBaseImage(engine.dockerHost);
  await ensureTestPackages();
  return { DOCKER_HOST: engine.dockerHost };
}
