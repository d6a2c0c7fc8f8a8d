import { timed, interleave } from '../measure/interleave.ts';
import type { Row } from '../measure/row.ts';
import { differences, median, ratioOf, round, rounded } from '../measure/statistics.ts';
import { builtFile, connectTo, surroundingsOf } from '../world/agent-process.ts';
import type { Bench } from '../world/bench.ts';
import { dockerHostOf } from '../world/docker-host.ts';
import { prepareDockerRun } from '../world/docker-run.ts';
import { runCommand } from '../world/run-command.ts';

/** What the command line may add to the engine's work, in milliseconds. */
const maxDifferenceMs = 250;

/** `tazpod up`, from the program's start to its end, with the agent running and without. */
export async function measureUpByCommandLine(bench: Bench): Promise<readonly Row[]> {
  const warm = await openCommandLine(bench, 'cli-warm');
  const cold = await openCommandLine(bench, 'cli-cold');
  await warm.up();
  const docker = await prepareDockerRun(bench, 'cli', await warm.containerId());
  await warm.down();
  const [baselineMs = [], warmMs = [], coldMs = []] = await interleave(bench.settings.rounds, [
    async () => measure(docker.run, docker.remove),
    async () => measure(warm.up, warm.down),
    async () => {
      await cold.quit();
      return measure(cold.up, cold.down);
    },
  ]);
  return [toRow('up-cli', warmMs, baselineMs), toRow('up-cli-cold', coldMs, baselineMs)];
}

async function measure(up: () => Promise<void>, down: () => Promise<void>): Promise<number> {
  const { ms } = await timed(up);
  await down();
  return ms;
}

interface CommandLine {
  readonly up: () => Promise<void>;
  readonly down: () => Promise<void>;
  /** Ends the agent and waits for its end. */
  readonly quit: () => Promise<void>;
  readonly containerId: () => Promise<string>;
}

/** An installation with one project that stays up, so that its agent and its network stay. */
async function openCommandLine(bench: Bench, name: string): Promise<CommandLine> {
  const surroundings = surroundingsOf(bench, name, dockerHostOf(bench));
  const cli = builtFile('cli.js');
  const run = async (...words: string[]): Promise<string> =>
    runCommand(bench, process.execPath, [cli, ...words], surroundings.environment);
  const quit = async (): Promise<void> => {
    const client = await connectTo(surroundings);
    if (client === null) return;
    await client.quit();
    await client.closed;
    // The connection closes a little before the process ends.
    while ((await connectTo(surroundings)) !== null);
  };
  const keeper = await bench.makeProjectFolder(`${name}-keeper`);
  const folder = await bench.makeProjectFolder(`${name}-project`);
  await run('up', keeper, '--trust');
  return {
    up: async () => void (await run('up', folder, '--trust')),
    down: async () => void (await run('down', folder)),
    quit,
    containerId: async () => {
      const { container } = JSON.parse(await run('status', folder, '--json')) as { container: { id: string } };
      return container.id;
    },
  };
}

function toRow(name: string, oursMs: readonly number[], baselineMs: readonly number[]): Row {
  const addedMs = differences(oursMs, baselineMs);
  return {
    name,
    ratio: ratioOf(oursMs, baselineMs),
    raw: {
      medianMs: round(median(oursMs)),
      baselineMedianMs: round(median(baselineMs)),
      addedMedianMs: round(median(addedMs)),
      oursMs: rounded(oursMs),
      baselineMs: rounded(baselineMs),
      addedMs: rounded(addedMs),
    },
    baseline: 'docker run -d, same flags',
    target: `<= +${maxDifferenceMs} ms`,
    met: median(addedMs) <= maxDifferenceMs,
    figure: `+${round(median(addedMs), 0)} ms: ${round(median(oursMs), 0)} ms; ${round(median(baselineMs), 0)} ms`,
  };
}
