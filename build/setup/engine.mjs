import { decideEngine, whatToRun } from './engine-decision.mjs';
import { readFacts } from './engine-facts.mjs';
import { askOnTerminal, installPackages, waitForSystemEngine } from './install-engine.mjs';
import { withLock } from './lock.mjs';
import { engineHome } from './private-engine/home.mjs';
import { findPrivateEngine, startPrivateEngine } from './private-engine/start.mjs';
import { findDaemons } from './private-engine/processes.mjs';
import { inProject, node24, projectRoot } from './project.mjs';
import { run, throwIfInterrupted } from './run.mjs';
import { SetupError, say } from './say.mjs';

/**
 * @typedef {{ status: 'ready', dockerHost: string, isPrivate: boolean }} ReadyEngine
 * @typedef {{ status: 'none', reason: string, nextStep: string }} NoEngine
 */

/**
 * What out/main/locate-engine.js prints.
 * @typedef {{ status: 'ready', dockerHost: string, source: string }
 *   | { status: 'unreachable' | 'permission' | 'remote' | 'too-old', failure: { message: string, nextStep: string } }} Located
 */

/**
 * Finds an engine, or sets one up where that is allowed. An engine that answers is used as it is, whatever made it.
 * @param {object} [options]
 * @param {(question: string) => Promise<boolean>} [options.ask]
 * @param {string} [options.locateScript]
 * @param {import('./private-engine/home.mjs').EngineHome} [options.home]
 * @param {typeof readFacts} [options.facts]
 * @returns {Promise<ReadyEngine | NoEngine>}
 */
export async function ensureEngine({
  ask = askOnTerminal,
  locateScript = inProject('out', 'main', 'locate-engine.js'),
  home = engineHome(),
  facts: read = readFacts,
} = {}) {
  const answer = await useRunningEngine(locateScript, home);
  if (answer.status !== 'unreachable') return answer;
  const facts = await read(home);
  const decision = decideEngine(facts);
  try {
    switch (decision.action) {
      case 'none':
        return { status: 'none', reason: `${answer.reason}; ${decision.reason}`, nextStep: decision.nextStep };
      case 'install': {
        const question = `No container engine answers. Install ${decision.packages.join(', ')} with apt-get?`;
        if (decision.ask && !(await ask(question))) {
          return {
            status: 'none',
            reason: 'no container engine, and installing one was declined',
            nextStep: whatToRun(facts),
          };
        }
        const before = new Set(findDaemons());
        await withLock(home.installLock, 'install packages', () => installPackages(decision.packages));
        // The package may have started the system's own engine: that one is used then.
        await waitForSystemEngine(findDaemons().filter((pid) => !before.has(pid)));
        const installed = await locate(locateScript);
        if (installed.status === 'ready')
          return { status: 'ready', dockerHost: installed.dockerHost, isPrivate: false };
        break;
      }
      case 'start':
    }
    return { status: 'ready', dockerHost: await startPrivateEngine(home), isPrivate: true };
  } catch (error) {
    throwIfInterrupted();
    if (!(error instanceof SetupError)) throw error;
    return { status: 'none', reason: error.message, nextStep: error.nextStep };
  }
}

/**
 * The private engine's DOCKER_HOST, where it runs and no other engine answers. Sets nothing up: for commands that need no engine.
 * @returns {Promise<string | undefined>}
 */
export async function findEngineForCommand() {
  const home = engineHome();
  if ((await findPrivateEngine(home)) === undefined) return undefined;
  const answer = await useRunningEngine(inProject('out', 'main', 'locate-engine.js'), home);
  return answer.status === 'ready' && answer.isPrivate ? answer.dockerHost : undefined;
}

/**
 * @param {string} locateScript @param {import('./private-engine/home.mjs').EngineHome} home
 * @returns {Promise<ReadyEngine | NoEngine | { status: 'unreachable', reason: string }>}
 */
async function useRunningEngine(locateScript, home) {
  const located = await locate(locateScript);
  if (located.status === 'ready') return { status: 'ready', dockerHost: located.dockerHost, isPrivate: false };
  const { message, nextStep } = located.failure;
  if (located.status !== 'unreachable') return { status: 'none', reason: message, nextStep };
  // Whoever names an engine means that one, even while it is away.
  const named = process.env['DOCKER_HOST'] || process.env['DOCKER_CONTEXT'];
  const own = named ? undefined : await findPrivateEngine(home);
  if (own === undefined) return { status: 'unreachable', reason: message };
  return { status: 'ready', dockerHost: own, isPrivate: true };
}

/** @param {string} script @returns {Promise<Located>} */
async function locate(script) {
  const { code, stdout, failure } = await run(node24, [script], { cwd: projectRoot });
  try {
    return /** @type {Located} */ (JSON.parse(stdout));
  } catch {
    say(`${script} printed no answer (${failure ?? `exit code ${code}`})`);
    return {
      status: 'remote',
      failure: {
        message: 'the look for an engine failed',
        nextStep: 'its own words are above; npm run build makes it anew',
      },
    };
  }
}
