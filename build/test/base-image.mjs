import { getFromEngine } from '../setup/docker-request.mjs';
import { inProject, node24, projectRoot } from '../setup/project.mjs';
import { run } from '../setup/run.mjs';
import { SetupError, say } from '../setup/say.mjs';

const name = 'tazpod/base:local';

/** Builds the base image with the product's own command where the engine does not have it yet. @param {string} dockerHost */
export async function ensureBaseImage(dockerHost) {
  const found = await getFromEngine(dockerHost, `/images/${name}/json`, { timeoutMs: 10_000 });
  if (found?.status === 200) return;
  say(`building ${name} (about a minute, once)`);
  const { code, failure } = await run(node24, [inProject('out', 'main', 'cli.js'), 'image', 'build-base'], {
    cwd: projectRoot,
    env: { ...process.env, DOCKER_HOST: dockerHost },
    show: true,
  });
  if (code === 0) return;
  throw new SetupError(
    `${name} could not be built (${failure ?? `exit code ${code}`}); the reason is above`,
    'npm run tazpod -- image build-base',
  );
}
