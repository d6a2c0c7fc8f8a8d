#!/usr/bin/env node
/** The command line's entry: only what `--version` needs is loaded before it is answered. */

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { appVersion } from './host/version.ts';

/** The agent is built, or lies, beside this file. */
function agentEntry(): string {
  const own = fileURLToPath(import.meta.url);
  return path.join(path.dirname(own), `agent${path.extname(own)}`);
}

async function main(argv: readonly string[]): Promise<number> {
  const [{ runCli }, { processIo, flushOutputs }, { hostConnector }] = await Promise.all([
    import('./cli/run.ts'),
    import('./cli/process-io.ts'),
    import('./cli/connector.ts'),
  ]);
  const code = await runCli(argv, processIo(), hostConnector(agentEntry()), appVersion);
  await flushOutputs();
  return code;
}

/** Older ones lack what the bundle uses; `npm run tazpod` always has Node 24 at hand. */
const minimumNodeMajor = 22;

const argv = process.argv.slice(2);
if (Number.parseInt(process.versions.node, 10) < minimumNodeMajor) {
  process.stderr.write(`Error: tazpod needs Node ${minimumNodeMajor} or newer; this is ${process.versions.node}.\n`);
  process.stderr.write(
    'Next: Install a newer Node, or use "npm run --silent tazpod -- WORDS", which brings its own.\n',
  );
  process.exitCode = 1;
} else if (argv.length === 1 && ['--version', '-V', 'version'].includes(argv[0] ?? '')) {
  process.stdout.write(`${appVersion}\n`);
} else {
  // Sockets and terminals may still be open then; what was said has been said.
  process.exit(await main(argv));
}
