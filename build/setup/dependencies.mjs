import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { withLock } from './lock.mjs';
import { inProject, node24, projectRoot, systemEnvironment } from './project.mjs';
import { run } from './run.mjs';
import { SetupError, say } from './say.mjs';

const markerPath = inProject('node_modules', '.tazpod-setup');
/** Electron's Node, and so ours; node_modules brings it as the `node` package. */
const nodeMajor = 24;

/**
 * Makes node_modules match package-lock.json, with Node 24 in it. Nothing to do: a few milliseconds and no output.
 * @throws {SetupError} npm failed, or left no usable Node behind
 */
export async function ensureDependencies() {
  if (isInstalled()) return;
  await withLock(inProject('out', '.dependencies.lock'), 'install the dependencies', async () => {
    if (isInstalled()) return;
    say('installing dependencies with npm ci (about half a minute)');
    // `npm run --silent` would silence this npm too, and with it the reason of a failure.
    const env = systemEnvironment();
    delete env['npm_config_loglevel'];
    delete env['npm_config_silent'];
    // One install script after the other: node-pty's is run by the Node 24 that another one has just put there, and where it
    // fails npm leaves the whole package out without a word, since the app can do without.
    const options = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error', '--foreground-scripts'];
    const npm = await run('npm', ['ci', ...options], { cwd: projectRoot, env });
    if (npm.code !== 0) {
      throw new SetupError(
        `npm ci failed (${npm.failure ?? `exit code ${npm.code}`}); its own words are above`,
        'check that npm reaches its registry (npm ping), then run the same command again',
      );
    }
    await verifyNode();
    if (!existsSync(inProject('node_modules', 'node-pty'))) {
      say(
        "node-pty could not be built (its words are above); windows' terminals use the engine's own exec stream instead",
      );
    }
    writeFileSync(markerPath, wantedMarker());
  });
}

function isInstalled() {
  try {
    accessSync(node24, constants.X_OK);
    return readFileSync(markerPath, 'utf8') === wantedMarker();
  } catch {
    return false;
  }
}

/** What node_modules was made from. Native modules are built for one system and one Node. */
function wantedMarker() {
  const lock = createHash('sha256')
    .update(readFileSync(inProject('package-lock.json')))
    .digest('hex');
  return `${JSON.stringify({ lock, node: nodeMajor, platform: process.platform, arch: process.arch })}\n`;
}

async function verifyNode() {
  const node = await run(node24, ['--version'], { quiet: true });
  if (node.code === 0 && node.stdout.startsWith(`v${nodeMajor}.`)) return;
  const found =
    node.code === 0 ? `is ${node.stdout.trim()}` : `does not run (${node.failure ?? `exit code ${node.code}`})`;
  throw new SetupError(
    `the Node that npm put into node_modules ${found}; version ${nodeMajor} was expected`,
    'its install script has to run: `npm config get ignore-scripts` must say false; then run the same command again',
  );
}
